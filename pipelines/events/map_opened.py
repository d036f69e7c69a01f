"""A lead was put into a map."""

from django.utils.translation import gettext_lazy as _

from pipelines.maps.journey_events import JourneyEvent
from triggers.event_types import event


@event("map.opened", label=_("Map opened"), section="Map Triggers", immediate=True)
class MapOpened(JourneyEvent):
    """A lead is assigned to a map, for the first time or coming back to it."""
