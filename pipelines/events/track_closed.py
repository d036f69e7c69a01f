"""A track of a lead's map closed."""

from django.utils.translation import gettext_lazy as _

from pipelines.maps.journey_events import TrackEvent
from triggers.event_types import event


@event("track.closed", label=_("Track closed"), section="Map Triggers", immediate=True)
class TrackClosed(TrackEvent):
    """All steps of the track are completed, or the agent moved on past the optional ones that were left."""
