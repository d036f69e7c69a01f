"""On purpose, and with new keys: test a workflow, replay an event or a run."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from triggers import languages, outbox, poke, registry, services
from triggers.context import act_as
from triggers.explaining import examples
from triggers.models.event import Event, Lane
from triggers.models.run import Run
from triggers.models.workflow import Workflow, WorkflowVersion
from triggers.problems import Invalid
from triggers.running import listeners
from triggers.workflows import checking, document


@transaction.atomic
def run_test(workflow: Workflow, *, contact_id: int, by: Any = None) -> Run:
    """Runs the draft for real, for this contact. The run is marked as a test and counts for nothing.

    Raises `Invalid` when the draft has errors.
    """
    problems = [p for p in checking.check(workflow.draft, slug=workflow.slug) if not p.warning]
    if problems:
        raise Invalid(problems)
    version = services.version_for(workflow, by, languages.stored(gettext_noop("For a test")))
    key = document.of_version(version.pk).triggers[0].event
    event = examples.event(key, contact_id=contact_id)
    event.pk, event.muted, event.matched_at, event.origin = None, True, timezone.now(), "test"
    event.save(force_insert=True)
    return _start(workflow, version, event, Run.Mode.TEST)


@transaction.atomic
def replay_run(run: Run) -> Run:
    """The same version for the same event again, from the start, with new keys."""
    again = _start(run.workflow, run.version, run.event, Run.Mode.REPLAY)
    Run.objects.filter(pk=again.pk).update(replay_of=run.pk)
    return again


def replay_event(event: Event) -> Event:
    """Records the event once more, to be matched against what is live now."""
    kind = registry.events.find(event.type)
    with transaction.atomic(), act_as(origin=languages.stored(gettext_noop("replay of event %(id)s"), id=event.pk)):
        pending = outbox.Pending(kind.model_validate(event.data), (event.subject_type, event.subject_id), event.changes)
        [again] = outbox.record([pending])
    return Event.objects.get(pk=again)


def _start(workflow: Workflow, version: WorkflowVersion, event: Event, mode: str) -> Run:
    first = document.of_version(version.pk).first()
    now = timezone.now()
    poke.after_commit()
    run = Run.objects.create(
        workflow=workflow, version=version, event=event, mode=mode, lane=Lane.FAST,
        subject_type=event.subject_type, subject_id=event.subject_id, contact_id=event.contact_id,
        at=first.uid if first else "", heard=event.pk, root=event.root or event.pk, due_at=now, created_at=now,
    )  # fmt: skip
    listeners.listen_for_goals([run])
    return run
