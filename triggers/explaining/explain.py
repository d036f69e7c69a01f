"""Explain: for any event every workflow's answer; for a contact and a workflow, why it did or did not start.

What was seen at the moment is told from the run or the miss that was stored then; where neither was,
the event is judged again, and the answer says that it sees today's values.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from triggers.explaining.dry_run import judged
from triggers.models.event import Event
from triggers.models.run import Miss, Run
from triggers.models.workflow import Workflow
from triggers.wording import telling, words
from triggers.workflows import document


@dataclass(frozen=True)
class Answer:
    """One workflow's answer to one event. `seen` is "then" for what was stored at the moment, else "now"."""

    workflow_id: int
    workflow: str
    event_id: int
    started: bool
    sentence: str
    seen: str
    run_id: int | None = None
    verdict: dict[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def explain_event(event: Event, now: datetime | None = None) -> list[Answer]:
    """Every live workflow that listens for this kind of event, and any that ran for it."""
    listening = Workflow.objects.filter(triggers__event_type=event.type, triggers__kind="start")
    ran = Workflow.objects.filter(run__event=event)
    workflows = (listening | ran).distinct().select_related("current").order_by("name")
    return [explain(workflow, event, now) for workflow in workflows]


def explain_contact(workflow: Workflow, contact_id: int, now: datetime | None = None, limit: int = 20) -> list[Answer]:
    """The answers to the contact's newest events of the kinds that start the workflow, newest first."""
    types = _types(workflow)
    events = Event.objects.filter(contact_id=contact_id, type__in=types).order_by("-id")[:limit]
    return [explain(workflow, event, now) for event in events]


def explain(workflow: Workflow, event: Event, now: datetime | None = None) -> Answer:
    """Why the workflow did or did not start for the event, in one sentence."""
    run = Run.objects.filter(workflow=workflow, event=event).order_by("id").first()
    if run is not None:
        return _from_run(workflow, event, run)
    miss = Miss.objects.filter(workflow_id=workflow.pk, event_id=event.pk).first()
    if miss is not None:
        return _answer(workflow, event, _not_started(telling.why_not_started(miss, event)), "then")
    return _judged_now(workflow, event, now or timezone.now())


def _from_run(workflow: Workflow, event: Event, run: Run) -> Answer:
    started = run.status != Run.Status.SKIPPED
    if not started:
        sentence = _not_started(run.reason)
    elif run.status == Run.Status.OBSERVED:
        sentence = _("It would have started; the workflow is only observing.")
    else:
        sentence = _("It started: all its conditions held.")
    return _answer(workflow, event, sentence, "then", started=started, run_id=run.pk, verdict=run.verdict)


def _judged_now(workflow: Workflow, event: Event, now: datetime) -> Answer:
    reason = _standing_in_the_way(workflow, event)
    if reason:
        return _answer(workflow, event, reason, "then")
    assert workflow.current is not None
    doc = document.of_version(workflow.current.pk)
    answers = [judged(entry, event, now) for entry in doc.triggers if entry.event == event.type]
    passed = next((answer for answer in answers if answer["passed"]), None)
    if passed:
        sentence = _("It did not start then, but with today's values its conditions hold.")
        return _answer(workflow, event, sentence, "now", verdict=passed["verdict"])
    sentence = _not_started(" ".join(answer["reason"] for answer in answers))
    return _answer(workflow, event, sentence, "now", verdict=answers[0]["verdict"] if answers else None)


def _not_started(reason: str) -> str:
    return _("It did not start: %(reason)s") % {"reason": reason}


def _standing_in_the_way(workflow: Workflow, event: Event) -> str:
    """What, other than its conditions, kept the workflow from starting; empty if nothing."""
    if workflow.current is None:
        return _("It did not start: it has never been published.")
    if event.type not in _types(workflow):
        return _("It did not start: “%(event)s” is none of the events that start it.") % {
            "event": words.event_label(event.type)
        }
    if event.muted:
        return _("It did not start: this happened quietly (%(origin)s).") % {"origin": event.origin}
    if event.matched_at is None:
        return _("It has not been looked at yet.") + (f" {event.match_error}" if event.match_error else "")
    if not workflow.is_matching:
        return _("It did not start: the workflow is %(state)s.") % {"state": workflow.get_status_display().lower()}
    if workflow.enabled_at and event.occurred_at < workflow.enabled_at:
        return _("It did not start: the workflow went live after this happened.")
    return ""


def _types(workflow: Workflow) -> set[str]:
    if workflow.current_id is None:
        return set()
    return {entry.event for entry in document.of_version(workflow.current_id).triggers}


def _answer(
    workflow: Workflow, event: Event, sentence: str, seen: str, *, started: bool = False, **more: Any
) -> Answer:
    return Answer(workflow.pk, workflow.name, event.pk, started, sentence, seen, **more)
