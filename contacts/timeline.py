"""What happened around a contact, newest first: events, runs, and what did not start, each with its reason."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from triggers.models import Event, Miss, Run, Workflow
from triggers.wording import moments, people, telling

LIMIT: Final = 40
ICONS: Final = (
    ("contact.tag_", "tag"), ("contact.created", "person"), ("contact.", "pencil"), ("note.", "note"),
    ("task.", "task"), ("message.", "reply"), ("webhook.", "capture"),
)  # fmt: skip
TONES: Final = {"failed": "bad", "uncertain": "wait", "held": "wait", "skipped": "", "cancelled": "", "observed": ""}


@dataclass(frozen=True)
class Item:
    """One row: who or what, what happened, why, and where to read on."""

    at: datetime
    order: int
    icon: str
    tone: str
    who: str
    what: str
    detail: str
    url: str
    more: str = ""


@dataclass
class Day:
    """The rows of one day under its heading."""

    heading: str
    items: list[Item] = field(default_factory=list)


def timeline(contact_id: int, limit: int = LIMIT) -> list[Day]:
    """The newest rows, by day."""
    return _by_day(newest(contact_id, limit))


def newest(contact_id: int, limit: int = LIMIT) -> list[Item]:
    """The newest rows, in a constant number of queries."""
    events = list(Event.objects.filter(contact_id=contact_id).order_by("-id")[:limit])
    runs = Run.objects.filter(contact_id=contact_id).select_related("workflow", "event").defer("vars", "verdict")
    items = [*_events(events), *_misses(events), *_runs(runs.order_by("-id")[:limit])]
    return sorted(items, key=lambda item: (item.at, item.order), reverse=True)[:limit]


def _events(events: list[Event]) -> Iterator[Item]:
    actors = people.actor_names(events)
    for event in events:
        icon = next((icon for start, icon in ICONS if event.type.startswith(start)), "bolt")
        url = reverse("admin:triggers_event_change", args=[event.pk])
        yield Item(
            event.occurred_at, 0, icon, "", actors[event.pk], telling.label(event), telling.details(event), url
        )  # fmt: skip


def _misses(events: list[Event]) -> Iterator[Item]:
    known = {event.pk: event for event in events}
    # That a workflow waits for another tag, or another webhook, is no news about this contact.
    misses = list(Miss.objects.filter(event_id__in=known).exclude(field__startswith="event."))
    names = dict(Workflow.objects.filter(pk__in={miss.workflow_id for miss in misses}).values_list("pk", "name"))
    for miss in misses:
        why = f"{reverse('admin:triggers_explain')}?workflow={miss.workflow_id}&event={miss.event_id}"
        detail = telling.why_not_started(miss, known[miss.event_id])
        name = names.get(miss.workflow_id, "")
        yield Item(miss.at, 1, "minus", "", name, _("did not start"), detail, why, _("Why?"))


def _runs(runs: Iterable[Run]) -> Iterator[Item]:
    for run in runs:
        started = run.status not in (Run.Status.SKIPPED, Run.Status.OBSERVED)
        observed = run.status == Run.Status.OBSERVED
        what = _("started") if started else _("would have started") if observed else _("did not start")
        icon = "bolt" if started else "minus"
        if run.status == Run.Status.FAILED:
            what, icon = _("failed"), "failed"
        url = reverse("admin:triggers_run_change", args=[run.pk])
        tone = TONES.get(run.status, "accent")
        yield Item(run.created_at, 1, icon, tone, run.workflow.name, what, _because(run), url,
                   _("Run %(id)s") % {"id": run.pk})  # fmt: skip


def _because(run: Run) -> str:
    if run.status == Run.Status.WAITING and run.due_at:
        words = {"event": telling.label(run.event), "moment": moments.short(run.due_at)}
        return _("Because of “%(event)s”. Waiting until %(moment)s.") % words
    if run.reason:
        return run.reason
    words = {"event": telling.label(run.event), "state": run.get_status_display()}
    return _("Because of “%(event)s”. %(state)s.") % words


def _by_day(items: Iterable[Item]) -> list[Day]:
    days: list[Day] = []
    for item in items:
        heading = moments.day(item.at)
        if not days or days[-1].heading != heading:
            days.append(Day(heading))
        days[-1].items.append(item)
    return days
