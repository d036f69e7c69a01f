"""So much time has passed since something happened on a lead's journey, or is left until a date."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from pipelines.maps import timers
from pipelines.maps.timing import TimerOptions
from triggers.event_types import Due, Occurrence, event


@event("journey.timer", label=_("Time passed in a map"), section="Map Triggers")
class JourneyTimer(Due):
    """So long after an event of the journey, or before or after a date; once, or again and again.

    Nothing fires for a journey that is closed or was left. It waits while the lead's name, e-mail or phone is missing.
    """

    Options = TimerOptions

    journey_id: int
    contact_id: int
    map_id: int
    map: str
    channel: str
    number: int
    anchored_at: datetime

    def subject(self) -> tuple[str, int | None]:
        return "pipelines.journey", self.journey_id

    @classmethod
    def due(cls, options: TimerOptions, since: datetime, until: datetime, zone: ZoneInfo) -> Iterator[Occurrence]:
        for timer in timers.due(options, since, until):
            journey = timer.journey
            payload = cls(
                journey_id=journey.pk, contact_id=journey.contact_id, map_id=journey.map_id, map=journey.map.name,
                channel=journey.channel, number=timer.number, anchored_at=timer.anchored_at,
            )  # fmt: skip
            yield Occurrence(payload, timer.due_at, f"{journey.pk}:{timer.rule}:{timer.number}")
