"""A step of a lead's map opened."""

from django.utils.translation import gettext_lazy as _

from pipelines.maps.journey_events import StepEvent
from triggers.event_types import event


@event("step.opened", label=_("Step opened"), section="Map Triggers", immediate=True)
class StepOpened(StepEvent):
    """The step's track opens, and no flex trigger took the step away from this lead."""
