"""A lead was closed, won or lost while standing in a map."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import pydantic
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from pipelines.maps.journey_events import JourneyEvent, Leaf, MapOptions, is_
from triggers.event_types import Options, event

Outcome = Literal["any", "closed", "won", "lost"]


class MapClosedOptions(MapOptions):
    """With which outcome."""

    outcome: Outcome = pydantic.Field(
        default="any",
        title=gettext_noop("Outcome"),
        json_schema_extra={
            "labels": {
                "any": gettext_noop("Any"),
                "closed": gettext_noop("Closed"),
                "won": gettext_noop("Won"),
                "lost": gettext_noop("Lost"),
            }
        },
    )

    def leaves(self) -> list[Leaf]:
        return super().leaves() + ([is_("outcome", self.outcome)] if self.outcome != "any" else [])


@event("map.closed", label=_("Map closed"), section="Map Triggers", immediate=True)
class MapClosed(JourneyEvent):
    """The lead status changes to closed, won or lost; each outcome comes once in a journey.

    A trigger on any outcome starts once in a journey, whatever follows.
    """

    Options: ClassVar[type[Options]] = MapClosedOptions

    outcome: str
    reason: str = ""

    @classmethod
    def once(cls, options: Any, data: Mapping[str, Any]) -> str | None:
        return f"journey:{data['journey_id']}" if options is not None and options.outcome == "any" else None
