"""The trigger rows of a workflow: written out of its live version, so that matching can look them up."""

from collections.abc import Collection

from django.db.models import F

from triggers.matching import compiled
from triggers.models.workflow import CompileStamp, Trigger, Workflow
from triggers.workflows import document


def write_triggers(workflow: Workflow) -> None:
    """Rewrites the workflow's trigger rows from its live version, as far as its status leaves them in force.

    Paused, it starts nothing, but its exits go on: who replies meanwhile must not be written to afterwards.
    """
    stale = set(workflow.triggers.values_list("event_type", flat=True))
    workflow.triggers.all().delete()
    if workflow.current_id is not None and workflow.status not in (Workflow.Status.DRAFT, Workflow.Status.ARCHIVED):
        doc = document.of_version(workflow.current_id)
        rows = [
            Trigger(
                workflow=workflow, uid=entry.uid, kind=kind, event_type=entry.event,
                config=entry.config, conditions=entry.conditions,
            )
            for kind, entries in (
                (Trigger.Kind.START, doc.triggers if workflow.is_matching else []), (Trigger.Kind.EXIT, doc.exits)
            )
            for entry in entries
        ]  # fmt: skip
        Trigger.objects.bulk_create(rows)
        stale |= {row.event_type for row in rows}
    cast = compiled.rehearsing.get()
    if cast is None:
        touch(stale)
    else:
        # A stamp would be locked until the rehearsal is over, and who publishes meanwhile would wait.
        cast.books.clear()
        if cast.only is not None:
            cast.only.add(workflow.pk)


def touch(types: Collection[str]) -> None:
    """Makes what is compiled of these event types stale, everywhere, when the transaction commits."""
    for key in sorted(types):
        _stamp, created = CompileStamp.objects.get_or_create(event_type=key)
        if not created:
            CompileStamp.objects.filter(event_type=key).update(number=F("number") + 1)
