"""Lets the lead watch the videos of its map."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pipelines.maps import run_journey
from triggers.action_types import Action, Outcome, action
from triggers.run_context import RunContext


@action(
    "video.activate_access",
    label=gettext_lazy("Activate video access"),
    section="Maps",
    needs=("pipelines.change_journey",),
)
class VideoActivateAccess(Action):
    """Lets the lead watch the videos of the map it stands in, after that had been switched off."""

    def run(self, ctx: RunContext) -> Outcome:
        return run_journey.give_videos(ctx, True, self.preview(ctx))

    def preview(self, ctx: RunContext) -> str:
        return _("Lets the lead watch the videos of its map.")
