"""Lets the caller leave a message."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from conversations.ivr.script import Record
from conversations.ivr.speaking import VOICES, Language, speak, spoken
from triggers.action_types import Action, Done, Outcome, action
from triggers.run_context import RunContext


@action(
    "ivr.record", label=gettext_lazy("Record a message"), section="Calls", touches="database", texts=("text",),
    outcomes=("recorded", "silent", "hung_up"), needs=("conversations.add_message",),
)  # fmt: skip
class IvrRecord(Action):
    """Lets the caller leave a message after the beep: recorded, silent, or hung up.

    Later actions read where the recording is: `actions.<uid>.recording_url`.
    """

    text: str = Field("", max_length=4000, title="What is read out before the beep")
    language: Language = Field(
        "en-GB", title=gettext_noop("Language of the voice"), json_schema_extra={"labels": VOICES}
    )
    seconds: int = Field(120, ge=5, le=3600, title="Seconds at most")

    def run(self, ctx: RunContext) -> Outcome:
        return speak(ctx, Record(spoken(ctx, self.text), self.language, self.seconds), self.preview(ctx))

    def preview(self, ctx: RunContext) -> str:
        return _("Records a message of the caller.")

    def simulate(self, ctx: RunContext) -> Outcome:
        return Done(self.preview(ctx), {"recording_url": "", "seconds": None}, "recorded")
