"""What happened around a contact, newest first: events, merges, runs, and what did not start, each with its reason.

Other apps add what they know of (`sources`). A page ends where the next begins: at a moment, a source and a row.
"""

import base64
import binascii
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from heapq import nlargest
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from contacts.models import ContactAlias
from triggers.models import Event, Miss, Run, Workflow
from triggers.wording import moments, people, telling

LIMIT: Final = 40
ICONS: Final = (
    ("contact.tag_", "tag"), ("contact.created", "person"), ("contact.", "pencil"), ("note.", "note"),
    ("task.", "task"), ("message.", "reply"), ("webhook.", "capture"), ("opportunity.", "board"),
    ("appointment.", "clock"),
    ("community.", "people"), ("course.", "play"), ("affiliate.", "people"),
)  # fmt: skip
TONES: Final = {"failed": "bad", "uncertain": "wait", "held": "wait", "skipped": "", "cancelled": "", "observed": ""}
# What a timeline may be narrowed to.
KINDS: Final = (
    ("changes", gettext_lazy("Changes")), ("messages", gettext_lazy("Messages")),
    ("workflows", gettext_lazy("Workflows")), ("not-started", gettext_lazy("Not started")),
)  # fmt: skip
# A row's place: its moment, its source's rank among what happened at that moment, its primary key.
Place = tuple[datetime, int, int]


@dataclass(frozen=True)
class Item:
    """One row: who or what, what happened, why, and where to read on."""

    place: Place
    icon: str
    tone: str
    who: str
    what: str
    detail: str
    url: str
    more: str = ""

    @property
    def at(self) -> datetime:
        return self.place[0]


@dataclass
class Day:
    """The rows of one day under its heading."""

    heading: str
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True)
class Page:
    """Rows newest first; `older` is the cursor of what comes before them, empty where nothing does."""

    items: list[Item]
    older: str

    @property
    def days(self) -> list[Day]:
        return _by_day(self.items)


@dataclass(frozen=True)
class Source:
    """Where rows come from: a contact's, narrowed to a kind ("" for all), by a column that says when."""

    kinds: tuple[str, ...]
    moment: str
    rows: Callable[[int, str], "QuerySet[Any]"]
    items: Callable[[list[Any], int], Iterator[Item]]


class BadCursor(ValueError):
    """The cursor is none of ours."""


def timeline(contact_id: int, limit: int = LIMIT) -> list[Day]:
    """The newest rows, by day."""
    return page(contact_id, limit=limit).days


def page(contact_id: int, *, kind: str = "", before: str = "", limit: int = LIMIT) -> Page:
    """A page of rows in a bounded number of queries. Raises BadCursor."""
    place = _place(before) if before else None
    found: list[Item] = []
    for rank, source in enumerate(sources.values()):
        if not kind or kind in source.kinds:
            found += source.items(_rows(source, rank, contact_id, kind, place, limit + 1), rank)
    newest = nlargest(limit + 1, found, key=lambda item: item.place)
    return Page(newest[:limit], _cursor(newest[limit - 1].place) if len(newest) > limit else "")


def of_record(label: str, pk: int, limit: int = LIMIT) -> list[Day]:
    """The newest events of one record, such as a deal, by day; `label` is its model's."""
    events = Event.objects.filter(subject_type=label, subject_id=pk).order_by("-pk")[:limit]
    return _by_day(_events(list(events), 0))


def _rows(source: Source, rank: int, contact_id: int, kind: str, before: Place | None, limit: int) -> list[Any]:
    """The newest rows of one source before a place."""
    rows = source.rows(contact_id, kind)
    if before is not None:
        at, its_rank, pk = before
        earlier = Q(**{f"{source.moment}__lt": at})
        if rank < its_rank:
            earlier |= Q(**{source.moment: at})
        elif rank == its_rank:
            earlier |= Q(**{source.moment: at, "pk__lt": pk})
        rows = rows.filter(earlier)
    return list(rows.order_by(f"-{source.moment}", "-pk")[:limit])


def _event_rows(contact_id: int, kind: str) -> QuerySet[Event]:
    events = Event.objects.filter(contact_id=contact_id)
    if kind == "messages":
        return events.filter(type__startswith="message.")
    return events.exclude(type__startswith="message.") if kind else events


def _events(events: list[Event], rank: int) -> Iterator[Item]:
    actors = people.actor_names(events)
    for event in events:
        icon = next((icon for start, icon in ICONS if event.type.startswith(start)), "bolt")
        url = reverse("admin:triggers_event_change", args=[event.pk])
        place = (event.occurred_at, rank, event.pk)
        yield Item(place, icon, "", actors[event.pk], telling.label(event), telling.details(event), url)


def _merges(aliases: list[ContactAlias], rank: int) -> Iterator[Item]:
    actors = people.actor_names(aliases)  # type: ignore[arg-type]  # they say who acted as events do
    for alias in aliases:
        url = reverse("admin:contacts_contact_change", args=[alias.contact_id])
        count = sum(alias.moved.values())
        detail = ngettext("%(n)d record moved here.", "%(n)d records moved here.", count) % {"n": count}
        what = _("Contact %(id)s was merged into this one") % {"id": alias.old_id}
        yield Item((alias.merged_at, rank, alias.pk), "people", "", actors[alias.pk], what, detail, url)


def _miss_rows(contact_id: int, _kind: str) -> QuerySet[Miss]:
    mine = Event.objects.filter(contact_id=contact_id)
    # That a workflow waits for another tag, or another webhook, is no news about this contact.
    return Miss.objects.filter(event_id__in=mine.values("pk")).exclude(field__startswith="event.")


def _misses(misses: list[Miss], rank: int) -> Iterator[Item]:
    events = Event.objects.in_bulk({miss.event_id for miss in misses}) if misses else {}
    names = _workflow_names(miss.workflow_id for miss in misses)
    for miss in misses:
        why = f"{reverse('admin:triggers_explain')}?workflow={miss.workflow_id}&event={miss.event_id}"
        detail = telling.why_not_started(miss, events.get(miss.event_id))
        name = names.get(miss.workflow_id, "")
        yield Item((miss.at, rank, miss.pk), "minus", "", name, _("did not start"), detail, why, _("Why?"))


def _run_rows(contact_id: int, kind: str) -> QuerySet[Run]:
    runs = Run.objects.filter(contact_id=contact_id).select_related("workflow", "event").defer("vars", "verdict")
    if kind == "not-started":
        return runs.filter(status=Run.Status.SKIPPED)
    return runs.exclude(status=Run.Status.SKIPPED) if kind else runs


def _runs(runs: list[Run], rank: int) -> Iterator[Item]:
    for run in runs:
        started = run.status not in (Run.Status.SKIPPED, Run.Status.OBSERVED)
        observed = run.status == Run.Status.OBSERVED
        what = _("started") if started else _("would have started") if observed else _("did not start")
        icon = "bolt" if started else "minus"
        if run.status == Run.Status.FAILED:
            what, icon = _("failed"), "failed"
        url = reverse("admin:triggers_run_change", args=[run.pk])
        tone = TONES.get(run.status, "accent")
        yield Item((run.created_at, rank, run.pk), icon, tone, run.workflow.name, what, _because(run), url,
                   _("Run %(id)s") % {"id": run.pk})  # fmt: skip


def _because(run: Run) -> str:
    if run.status == Run.Status.WAITING and run.due_at:
        words = {"event": telling.label(run.event), "moment": moments.short(run.due_at)}
        return _("Because of “%(event)s”. Waiting until %(moment)s.") % words
    if run.reason:
        return run.reason
    words = {"event": telling.label(run.event), "state": run.get_status_display()}
    return _("Because of “%(event)s”. %(state)s.") % words


def _workflow_names(ids: Iterable[int]) -> dict[int, str]:
    wanted = set(ids)
    return dict(Workflow.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def _by_day(items: Iterable[Item]) -> list[Day]:
    days: list[Day] = []
    for item in items:
        heading = moments.day(item.at)
        if not days or days[-1].heading != heading:
            days.append(Day(heading))
        days[-1].items.append(item)
    return days


def _cursor(place: Place) -> str:
    at, rank, pk = place
    return base64.urlsafe_b64encode(f"{at.isoformat()}|{rank}|{pk}".encode()).decode().rstrip("=")


def _place(cursor: str) -> Place:
    try:
        padded = cursor.encode() + b"=" * (-len(cursor) % 4)
        at, rank, pk = base64.urlsafe_b64decode(padded).decode().split("|")
        moment = parse_datetime(at)
        if moment is None or moment.tzinfo is None or not 0 <= int(pk) < 2**63:
            raise ValueError(cursor)
        return moment, int(rank), int(pk)
    except (ValueError, binascii.Error) as error:
        raise BadCursor(cursor) from error


# By name, in the order in which what happened at one moment is told, the first at the bottom.
sources: dict[str, Source] = {
    "events": Source(("changes", "messages"), "occurred_at", _event_rows, _events),
    "merges": Source(
        ("changes",), "merged_at", lambda contact_id, _kind: ContactAlias.objects.filter(contact=contact_id), _merges
    ),
    "misses": Source(("not-started",), "at", _miss_rows, _misses),
    "runs": Source(("workflows", "not-started"), "created_at", _run_rows, _runs),
}
