"""Ends the call."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.ivr.script import HangUp
from conversations.ivr.speaking import speak
from triggers.action_types import Action, Outcome, action
from triggers.run_context import RunContext


@action(
    "ivr.hangup", label=gettext_lazy("Hang up"), section="Calls", touches="database",
    needs=("conversations.add_message",),
)  # fmt: skip
class IvrHangup(Action):
    """Ends the call; the workflow goes on without it."""

    def run(self, ctx: RunContext) -> Outcome:
        return speak(ctx, HangUp(), self.preview(ctx))

    def preview(self, ctx: RunContext) -> str:
        return _("Hangs up.")
