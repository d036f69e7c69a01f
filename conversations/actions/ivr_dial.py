"""Puts the caller through to somebody."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field

from contacts import phones
from conversations.ivr.script import Dial
from conversations.ivr.speaking import speak
from triggers.action_types import Action, Done, Fail, Outcome, action
from triggers.run_context import RunContext


@action(
    "ivr.dial", label=gettext_lazy("Put the call through"), section="Calls", touches="database", texts=("number",),
    outcomes=("answered", "not_answered", "hung_up"), needs=("conversations.add_message",),
)  # fmt: skip
class IvrDial(Action):
    """Rings a number and connects the caller: answered, not answered, or hung up before."""

    number: str = Field(min_length=1, max_length=300, title="Number, such as +4930123456")
    seconds: int = Field(20, ge=5, le=600, title="Seconds it rings")

    def run(self, ctx: RunContext) -> Outcome:
        try:
            number = phones.parse(ctx.render_line(self.number))
        except ValidationError as error:
            return Fail(_("The call cannot be put through: %(why)s") % {"why": " ".join(error.messages)})
        return speak(ctx, Dial(number, self.seconds), self.preview(ctx))

    def preview(self, ctx: RunContext) -> str:
        return _("Puts the call through to %(number)s.") % {"number": ctx.render_line(self.number)}

    def simulate(self, ctx: RunContext) -> Outcome:
        return Done(self.preview(ctx), {"seconds": None}, "answered")
