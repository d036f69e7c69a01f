"""Enrolling: a workflow is started for a contact, or for a past event, on purpose; its guards still hold."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from triggers import languages, outbox, poke
from triggers.conditions.tree import compile_tree
from triggers.context import act_as
from triggers.events.workflow_enrolled import WorkflowEnrolled
from triggers.matching import starting
from triggers.matching.compiled import Compiled
from triggers.matching.guards import Start, admit
from triggers.models.event import Event, Lane
from triggers.models.run import Run
from triggers.models.workflow import Trigger, Workflow
from triggers.problems import Invalid, Problem


@transaction.atomic
def enrol(workflow: Workflow, contact_id: int, now: datetime) -> Run:
    """Starts a live workflow for one contact. Its run, or the skipped one that says why not. Raises `Invalid`."""
    require_live(workflow)
    with act_as(muted=True):
        event = outbox.emit(WorkflowEnrolled(workflow_id=workflow.pk, contact_id=contact_id))
    start(workflow, event, now)
    poke.after_commit()
    return Run.objects.get(workflow=workflow, event=event)


def enrol_once(workflow: Workflow, contact_id: int, key: str, now: datetime) -> bool:
    """As `enrol`, on the bulk lane, and once for this key: whether it was the first time."""
    with act_as(origin=key.rpartition(":")[0], bulk=True, muted=True):
        payload = WorkflowEnrolled(workflow_id=workflow.pk, contact_id=contact_id)
        event, is_new = outbox.emit_once(key, payload)
    if is_new:
        start(workflow, event, now, Lane.BULK)
    return is_new


def start(workflow: Workflow, event: Event, now: datetime, lane: Lane = Lane.FAST) -> None:
    """Starts the workflow for the event past its triggers but not past its guards, within the caller's transaction."""
    assert workflow.current_id is not None
    entry = Compiled(
        uid="enrolled", kind=Trigger.Kind.START, event_type=event.type, workflow_id=workflow.pk,
        version_id=workflow.current_id, observing=False, enabled_at=now, tree=None,
        node=compile_tree(None, lambda name: None),
    )  # fmt: skip
    event.lane = lane
    with languages.organisations():
        starting.begin(admit([Start(entry, event)], now), now)


def require_live(workflow: Workflow) -> None:
    """Raises `Invalid` unless the workflow is live."""
    if workflow.status != Workflow.Status.LIVE:
        raise Invalid([Problem((), _("Publish the workflow first; only a live one can be started."))])
