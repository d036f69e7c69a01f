"""Lets the lead watch the videos of its map."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pipelines.maps import run_journey
from triggers.action_types import Action, Done, Outcome, Skip, action
from triggers.run_context import RunContext


@action("video.activate_access", label=gettext_lazy("Activate video access"), section="Maps")
class VideoActivateAccess(Action):
    """Lets the lead watch the videos of the map it stands in, after that had been switched off."""

    def run(self, ctx: RunContext) -> Outcome:
        journey = run_journey.of(ctx)
        if journey is None:
            return Skip(_("The lead stands in no map."))
        journey.video_access = True
        journey.save(update_fields=["video_access"])
        return Done(self.preview(ctx))

    def preview(self, ctx: RunContext) -> str:
        return _("Lets the lead watch the videos of its map.")
