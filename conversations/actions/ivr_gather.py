"""Asks the caller something and listens."""

from typing import Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field, model_validator

from conversations.ivr.script import Gather
from conversations.ivr.speaking import VOICES, Language, speak, spoken
from triggers.action_types import Action, Done, Outcome, action
from triggers.run_context import RunContext


@action(
    "ivr.gather", label=gettext_lazy("Ask in the call"), section="Calls", touches="database", texts=("text",),
    outcomes=("answered", "silent", "hung_up"), needs=("conversations.add_message",),
)  # fmt: skip
class IvrGather(Action):
    """Asks the caller something and waits for keys or speech: answered, silent, or hung up.

    Later actions read what was pressed and said: `actions.<uid>.digits`, `actions.<uid>.speech`.
    """

    text: str = Field(min_length=1, max_length=4000, title="What is asked")
    language: Language = Field(
        "en-GB", title=gettext_noop("Language of the voice"), json_schema_extra={"labels": VOICES}
    )
    keys: bool = Field(default=True, title="Listen for keys")
    digits: int = Field(1, ge=1, le=32, title="So many keys at most")
    finish: str = Field("#", pattern=r"^[0-9*#]?$", title="Key that ends the input")
    speech: bool = Field(default=False, title="Listen for speech")
    seconds: int = Field(5, ge=1, le=60, title="Seconds of silence until it gives up")

    @model_validator(mode="after")
    def _listens(self) -> Self:
        if not self.keys and not self.speech:
            raise ValueError(_("Listen for keys, for speech, or for both."))
        return self

    def run(self, ctx: RunContext) -> Outcome:
        verb = Gather(
            spoken(ctx, self.text), self.language, self.digits if self.keys else 0, self.finish, self.speech,
            self.seconds,
        )  # fmt: skip
        return speak(ctx, verb, self.preview(ctx))

    def preview(self, ctx: RunContext) -> str:
        return _("Asks “%(text)s” and listens.") % {"text": spoken(ctx, self.text)[:200]}

    def simulate(self, ctx: RunContext) -> Outcome:
        return Done(self.preview(ctx), {"digits": "", "speech": "", "confidence": None}, "silent")
