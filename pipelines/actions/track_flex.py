"""Decides which steps of a flex track the lead gets."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from pipelines.keys import StepNumber, TrackNumber
from pipelines.maps import run_journey, verbs
from pipelines.maps.refusal import Refused
from pipelines.models import Step, Track
from triggers.action_types import Action, Done, Fail, Outcome, Skip, action
from triggers.problems import Problem
from triggers.run_context import RunContext


@action(
    "track.flex",
    label=gettext_lazy("Choose steps of a flex track"),
    section="Maps",
    may_cause=("step.opened",),
    needs=("pipelines.change_journey",),
)
class TrackFlex(Action):
    """Keeps these steps of a flex track of the lead's map and takes the others away, with their triggers.

    Completed steps stay. A step taken away before comes back when it is kept now.
    """

    track: TrackNumber = Field(title=gettext_noop("Which track"))
    keep: list[StepNumber] = Field(title=gettext_noop("Steps to keep"))

    def problems(self, uid: str) -> list[Problem]:
        track = run_journey.track_of(self.track)
        if track is None or track.kind != Track.Kind.FLEX:
            return [Problem(("track",), _("Choose a flex track."))]
        own = set(Step.objects.filter(track=track).values_list("pk", flat=True))
        message = _("This is no step of the track “%(track)s”.") % {"track": track}
        return [Problem(("keep", n), message) for n, step in enumerate(self.keep) if step not in own]

    def run(self, ctx: RunContext) -> Outcome:
        track = run_journey.track_of(self.track)
        if track is None:
            return Fail(_("The track was deleted."))
        try:
            done = verbs.flex(ctx.require_contact(), track, self.keep, ctx.event.data.get("journey_id"))
        except Refused as refused:
            return Fail(refused.message)
        return (
            Done(self.preview(ctx))
            if done
            else Skip(_("The track is closed, or the lead is not in this map any more."))
        )

    def preview(self, ctx: RunContext) -> str:
        names = ", ".join(Step.objects.filter(pk__in=self.keep).values_list("name", flat=True)) or _("no step")
        track = run_journey.track_of(self.track)
        return _("Keeps of “%(track)s”: %(steps)s.") % {"track": track or self.track, "steps": names}
