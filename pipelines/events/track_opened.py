"""A track of a lead's map opened."""

from django.utils.translation import gettext_lazy as _

from pipelines.maps.journey_events import TrackEvent
from triggers.event_types import event


@event("track.opened", label=_("Track opened"), section="Map Triggers", immediate=True)
class TrackOpened(TrackEvent):
    """A track opens: with the map, after the task track before it, or as a video track beside one."""
