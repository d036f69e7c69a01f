"""A step of a lead's map was completed."""

from typing import ClassVar

import pydantic
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from pipelines.maps.journey_events import Doer, Leaf, StepEvent, StepOptions, is_
from triggers.event_types import Options, event


class StepClosedOptions(StepOptions):
    """Which step, and who completed it."""

    by: Doer = pydantic.Field(
        default="any",
        title=gettext_noop("Completed by"),
        json_schema_extra={
            "labels": {"any": gettext_noop("Anybody"), "lead": gettext_noop("The lead"), "agent": gettext_noop("Staff")}
        },
    )

    def leaves(self) -> list[Leaf]:
        return super().leaves() + ([is_("completed_by", self.by)] if self.by != "any" else [])


@event("step.closed", label=_("Step closed"), section="Map Triggers", immediate=True)
class StepClosed(StepEvent):
    """The lead or the agent completes the step, or its field is filled; only the first time in a journey.

    `completed_by` is lead, agent, field or workflow; `value` is what was entered, as text.
    """

    Options: ClassVar[type[Options]] = StepClosedOptions

    value: str | None = None
    completed_by: str = "agent"
