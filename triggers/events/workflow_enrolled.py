"""A contact was put into a workflow on purpose, not by something that happened."""

from django.utils.translation import gettext_lazy as _

from triggers.event_types import Happened, event


@event("workflow.enrolled", label=_("Enrolled in a workflow"), section="Automation")
class WorkflowEnrolled(Happened):
    """A contact was put into a workflow by staff, the API or a backfill."""

    workflow_id: int
    contact_id: int
