"""Keeps the lead from watching the videos of its map."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pipelines.maps import run_journey
from triggers.action_types import Action, Outcome, action
from triggers.run_context import RunContext


@action(
    "video.deactivate_access",
    label=gettext_lazy("Deactivate video access"),
    section="Maps",
    needs=("pipelines.change_journey",),
)
class VideoDeactivateAccess(Action):
    """Keeps the lead from watching the videos of the map it stands in, until access is activated."""

    def run(self, ctx: RunContext) -> Outcome:
        return run_journey.give_videos(ctx, False, self.preview(ctx))

    def preview(self, ctx: RunContext) -> str:
        return _("Keeps the lead from watching the videos of its map.")
