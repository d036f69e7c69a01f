"""Time-based triggers of journeys: from what they count, how long, and what keeps them from firing."""

import json
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

import pydantic
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from pipelines.keys import MapNumber, StepNumber, TrackNumber
from pipelines.maps import timer_words
from triggers.event_types import Options

Anchor = Literal[
    "map.opened", "map.closed", "track.opened", "track.closed", "step.opened", "step.closed", "field", "step_date",
    "last_contact",
]  # fmt: skip
Element = Literal["map.closed", "track.opened", "track.closed", "step.opened", "step.closed"]
MOST_TIMES = 50


class Unless(pydantic.BaseModel):
    """An event of the journey; without a track or a step, of any."""

    model_config = pydantic.ConfigDict(extra="forbid")
    event: Element = pydantic.Field(
        title=gettext_noop("Event"),
        json_schema_extra={
            "labels": {
                "map.closed": gettext_noop("The map is closed"),
                "track.opened": gettext_noop("A track opens"),
                "track.closed": gettext_noop("A track is closed"),
                "step.opened": gettext_noop("A step opens"),
                "step.closed": gettext_noop("A step is done"),
            }
        },
    )
    track: TrackNumber | None = pydantic.Field(None, title=gettext_noop("Which track"))
    step: StepNumber | None = pydantic.Field(None, title=gettext_noop("Which step"))


class TimerOptions(Options):
    """So long after, or before, something of the journey, unless something else has happened.

    With `field`, a date of the contact is the anchor; with `step_date`, the date entered in a step; with `last_contact`,
    a reply, a message that was sent, or a call that reached the lead, each anew.
    In business time, weekends and the organisation's holidays do not count.
    """

    anchor: Anchor = pydantic.Field(
        default="map.opened",
        title=gettext_noop("Counted from"),
        json_schema_extra={
            "labels": {
                "map.opened": gettext_noop("The map was opened"),
                "map.closed": gettext_noop("The map was closed"),
                "track.opened": gettext_noop("A track was opened"),
                "track.closed": gettext_noop("A track was closed"),
                "step.opened": gettext_noop("A step was opened"),
                "step.closed": gettext_noop("A step was done"),
                "field": gettext_noop("A date field of the contact"),
                "step_date": gettext_noop("A date that was given in a step"),
                "last_contact": gettext_noop("The last contact with the lead"),
            }
        },
    )
    map: MapNumber | None = pydantic.Field(default=None, title=gettext_noop("Map"))
    track: TrackNumber | None = pydantic.Field(default=None, title=gettext_noop("Track"))
    step: StepNumber | None = pydantic.Field(default=None, title=gettext_noop("Step"))
    field: str = pydantic.Field(default="", title=gettext_noop("Date of the contact"))
    delay: int = pydantic.Field(default=1, ge=0, le=100_000, title=gettext_noop("How long"))
    unit: Literal["minutes", "hours", "days"] = pydantic.Field(
        "days",
        title=gettext_noop("Counted in"),
        json_schema_extra={
            "labels": {"minutes": gettext_noop("Minutes"), "hours": gettext_noop("Hours"), "days": gettext_noop("Days")}
        },
    )
    when: Literal["after", "before"] = pydantic.Field(
        "after",
        title=gettext_noop("Before or after"),
        json_schema_extra={"labels": {"after": gettext_noop("After"), "before": gettext_noop("Before")}},
    )
    business: bool = pydantic.Field(default=False, title=gettext_noop("Business time"))
    every: int | None = pydantic.Field(default=None, ge=1, le=100_000, title=gettext_noop("Again every"))
    times: int = pydantic.Field(default=1, ge=1, le=MOST_TIMES, title=gettext_noop("At most so often"))
    unless: list[Unless] = pydantic.Field(default=[], max_length=20, title=gettext_noop("Unless this has happened"))

    @pydantic.model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.when == "before" and self.anchor not in ("field", "step_date"):
            raise ValueError(_("Before is possible for dates only: nobody knows when a step will open."))
        if self.anchor == "field" and not self.field:
            raise ValueError(_("Name the contact's field that holds the date, such as custom_fields.surgery."))
        if self.times > 1 and self.every is None:
            raise ValueError(_("Say every how many minutes, hours or days it comes again."))
        return self

    def in_words(self) -> str:
        return timer_words.chosen(self)

    def rule(self) -> str:
        """What stands for these options: the same for the same options, in whichever workflow."""
        return sha256(json.dumps(self.model_dump(), sort_keys=True).encode()).hexdigest()[:32]

    def is_anchored_by(self, key: str, data: dict[str, Any]) -> bool:
        """Whether an event of this type with this payload is what is counted from."""
        wanted = (("map_id", self.map), ("track_id", self.track), ("step_id", self.step))
        return key == self.anchor and all(data.get(name) == value for name, value in wanted if value is not None)

    def moments(self, anchor: datetime, holidays: set[str], zone: ZoneInfo) -> list[datetime]:
        """When it is due, each time, counted from the anchor."""
        sign = -1 if self.when == "before" else 1
        steps = [sign * self.delay + n * (self.every or 0) for n in range(self.times)]
        if self.business:
            return [working(anchor, timedelta(**{self.unit: step}), holidays, zone) for step in steps]
        return [anchor + timedelta(**{self.unit: step}) for step in steps]


def working(start: datetime, span: timedelta, holidays: set[str], zone: ZoneInfo) -> datetime:
    """The moment that lies this much working time from the start; days off, whole ones, do not count."""
    one, moment = timedelta(days=1), start.astimezone(zone)
    left, back = abs(span), span < timedelta(0)
    while True:
        midnight = _midnight(moment.date() + (timedelta(0) if back else one), zone)
        if back and midnight == moment:
            midnight = _midnight(moment.date() - one, zone)
        day = (moment - timedelta(microseconds=1)).date() if back else moment.date()
        room = abs(midnight - moment)
        if not is_off(day, holidays):
            if left <= room:
                return moment - left if back else moment + left
            left -= room
        moment = midnight


def is_off(day: date, holidays: set[str]) -> bool:
    return day.isoweekday() > 5 or day.isoformat() in holidays


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
