"""What the events of maps share: whose journey, which element, and what a trigger may narrow them by.

They are immediate: a layer's triggers have run before the next layer is recorded. Each comes once in a
journey (`map.closed` once for each outcome), and a lead enters a map once in an act: workflows may run on
their own effects.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Literal

import pydantic
from django.utils.translation import gettext_noop

from pipelines.keys import MapNumber, StepNumber, TrackNumber
from pipelines.models import Journey
from triggers.event_types import Happened, Options

Channel = Literal["both", "form", "phone"]
Kind = Literal["any", "standard", "flex", "video"]
Doer = Literal["any", "lead", "agent"]
Leaf = dict[str, Any]


class MapOptions(Options):
    """Of which map, for leads of which channel, and in which order among the triggers of one event."""

    map: MapNumber | None = pydantic.Field(default=None, title=gettext_noop("Map"))
    channel: Channel = pydantic.Field(
        default="both",
        title=gettext_noop("For leads that came in by"),
        json_schema_extra={
            "labels": {
                "both": gettext_noop("Form or phone"),
                "form": gettext_noop("Form"),
                "phone": gettext_noop("Phone"),
            }
        },
    )
    position: int = pydantic.Field(default=0, title=gettext_noop("Order among the triggers of the event"))

    def leaves(self) -> list[Leaf]:
        """The conditions that these options stand for."""
        found = [is_(name, value) for name, value in (("map_id", self.map),) if value is not None]
        return found + ([is_("channel", self.channel)] if self.channel != "both" else [])


class TrackOptions(MapOptions):
    """Which track, or tracks of which kind."""

    track: TrackNumber | None = pydantic.Field(default=None, title=gettext_noop("Track"))
    kind: Kind = pydantic.Field(
        default="any",
        title=gettext_noop("Kind of track"),
        json_schema_extra={
            "labels": {
                "any": gettext_noop("Any"),
                "standard": gettext_noop("Standard"),
                "flex": gettext_noop("Flex"),
                "video": gettext_noop("Video"),
            }
        },
    )

    def leaves(self) -> list[Leaf]:
        found = super().leaves()
        if self.track is not None:
            found.append(is_("track_id", self.track))
        return found + ([is_("kind", self.kind)] if self.kind != "any" else [])


class StepOptions(MapOptions):
    """Which step, or all steps of which track."""

    track: TrackNumber | None = pydantic.Field(default=None, title=gettext_noop("Track"))
    step: StepNumber | None = pydantic.Field(default=None, title=gettext_noop("Step"))

    def leaves(self) -> list[Leaf]:
        named = (("track_id", self.track), ("step_id", self.step))
        return super().leaves() + [is_(name, value) for name, value in named if value is not None]


def is_(name: str, value: Any) -> Leaf:
    return {"field": f"event.{name}", "op": "is", "value": value}


class JourneyEvent(Happened):
    """Something about a lead's journey through a map, in the wave in which it happened."""

    finite: ClassVar[bool] = True
    Options: ClassVar[type[Options]] = MapOptions

    journey_id: int
    contact_id: int
    map_id: int
    map: str
    channel: str = pydantic.Field(
        json_schema_extra={
            "labels": {
                "both": gettext_noop("Form or phone"),
                "form": gettext_noop("Form"),
                "phone": gettext_noop("Phone"),
            }
        }
    )
    wave: int

    def subject(self) -> tuple[str, int | None]:
        return "pipelines.journey", self.journey_id

    @classmethod
    def lapsed(cls, events: Sequence[Any]) -> set[int]:
        """No workflow acts on a closed or left journey; one on its closing, on none that was left."""
        going = Journey.objects.filter(pk__in={event.subject_id for event in events}, is_current=True)
        if cls.key != "map.closed":
            going = going.filter(status=Journey.Status.OPEN)
        known = set(going.values_list("pk", flat=True))
        return {event.pk for event in events if event.subject_id not in known}

    @classmethod
    def narrow(cls, options: Any) -> dict[str, Any] | None:
        leaves = options.leaves()
        return {"all": leaves} if leaves else None

    @classmethod
    def rank(cls, options: Any) -> int:
        return int(options.position)

    @classmethod
    def address(cls, options: Any) -> str | None:
        for name in ("step", "track", "map"):
            if getattr(options, name, None) is not None:
                return f"{name}:{getattr(options, name)}"
        return None

    @classmethod
    def addresses(cls, facts: Mapping[str, Any]) -> Iterable[str]:
        return [f"{name}:{facts.get(f'event.{name}_id')}" for name in ("step", "track", "map")]


class TrackEvent(JourneyEvent):
    """The payload of a track's events."""

    telling: ClassVar[tuple[str, ...]] = ("track", "map")
    Options: ClassVar[type[Options]] = TrackOptions

    track_id: int
    track: str
    kind: str = pydantic.Field(
        json_schema_extra={
            "labels": {
                "any": gettext_noop("Any"),
                "standard": gettext_noop("Standard"),
                "flex": gettext_noop("Flex"),
                "video": gettext_noop("Video"),
            }
        }
    )


class StepEvent(JourneyEvent):
    """The payload of a step's events."""

    telling: ClassVar[tuple[str, ...]] = ("step", "track")
    Options: ClassVar[type[Options]] = StepOptions

    track_id: int
    track: str
    kind: str = pydantic.Field(
        json_schema_extra={
            "labels": {
                "any": gettext_noop("Any"),
                "standard": gettext_noop("Standard"),
                "flex": gettext_noop("Flex"),
                "video": gettext_noop("Video"),
            }
        }
    )
    step_id: int
    step: str
    required: bool
