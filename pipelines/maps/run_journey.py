"""What the actions on maps share: the journey a run is about, the map or track it names, and refusals as outcomes."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from pipelines.maps.refusal import Refused
from pipelines.models import Journey, Track
from triggers.action_types import Done, Fail, Outcome, Skip
from triggers.problems import Invalid
from triggers.run_context import RunContext


def of(ctx: RunContext) -> Journey | None:
    """The journey whose event started the run, else the one its contact stands in; None where that is over."""
    journeys = Journey.objects.filter(contact=ctx.require_contact(), is_current=True).select_related("map")
    started = ctx.event.data.get("journey_id")
    found: Journey | None = (journeys.filter(pk=started) if started is not None else journeys).first()
    return found


def track_of(key: int) -> Track | None:
    found: Track | None = Track.objects.filter(pk=key).select_related("map").first()
    return found


def outcome(deed: Callable[[], object], summary: str) -> Outcome:
    """Does it; what the journey does not allow now is passed over, with the reason."""
    try:
        deed()
    except Refused as refused:
        return Skip(refused.message)
    except Invalid as unfit:
        return Fail(unfit.problems[0].message)
    return Done(summary)


def give_videos(ctx: RunContext, may_watch: bool, summary: str) -> Outcome:
    """Lets the lead watch the videos of the map it stands in, or keeps it from them."""
    journey = of(ctx)
    if journey is None:
        return Skip(_("The lead stands in no map."))
    journey.video_access = may_watch
    journey.save(update_fields=["video_access"])
    return Done(summary)
