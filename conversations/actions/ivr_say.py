"""Reads a text to the caller."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from conversations.ivr.script import Say
from conversations.ivr.speaking import VOICES, Language, speak, spoken
from triggers.action_types import Action, Outcome, action
from triggers.run_context import RunContext


@action(
    "ivr.say", label=gettext_lazy("Say in the call"), section="Calls", touches="database", texts=("text",),
    needs=("conversations.add_message",),
)  # fmt: skip
class IvrSay(Action):
    """Reads a text to the caller, in a workflow that an incoming call started."""

    text: str = Field(min_length=1, max_length=4000, title="What is read out")
    language: Language = Field(
        "en-GB", title=gettext_noop("Language of the voice"), json_schema_extra={"labels": VOICES}
    )

    def run(self, ctx: RunContext) -> Outcome:
        return speak(ctx, Say(spoken(ctx, self.text), self.language), self.preview(ctx))

    def preview(self, ctx: RunContext) -> str:
        return _("Says “%(text)s”.") % {"text": spoken(ctx, self.text)[:200]}
