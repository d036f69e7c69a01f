"""Which open deals have stood still for long, within a window of time: one indexed query for each of a trigger's scans."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from contacts.models import Task
from pipelines.models import Opportunity, Stage
from pipelines.models.opportunity import OPEN

Clock = Literal["stage", "change", "activity"]

# The column that says since when, and the index that goes with it (`models.opportunity`).
COLUMNS: Final[dict[Clock, str]] = {
    "stage": "entered_stage_at", "change": "updated_at", "activity": "last_activity_at",
}  # fmt: skip
# What the payload is made of.
READ: Final = (
    "pk", "contact_id", "name", "pipeline_id", "stage_id", "value", "currency", "owner_id", "source", "expected_close",
    "created_at", "entered_stage_at", "updated_at", "last_activity_at",
)  # fmt: skip


class Rule(NamedTuple):
    """When a deal counts as stale: after so many days by a clock, or after its stage's own; and again every so often.

    `days` is None where only the stage's own days count. `again` is the days between two alerts, `most` how many there
    are in all for one spell.
    """

    days: int | None
    by_stage: bool
    clock: Clock
    again: int | None
    most: int
    not_while_tasks: bool
    pipelines: tuple[int, ...] = ()
    stages: tuple[int, ...] = ()


class Stale(NamedTuple):
    """A deal that has stood still since `since`; the `nth` time it is told of, at `moment`."""

    row: dict[str, Any]
    since: datetime
    days: int
    nth: int
    moment: datetime

    @property
    def key(self) -> str:
        """The same however often it is found; another in the next spell."""
        return f"{self.row['pk']}:{self.since.isoformat()}:{self.nth}"


def stale(rule: Rule, after: datetime, until: datetime) -> Iterator[Stale]:
    """Every deal whose moment lies in `after` < moment <= `until`."""
    thresholds = _thresholds(rule)
    column = COLUMNS[rule.clock]
    windows = Q(pk__in=[])
    for days, stages in thresholds.items():
        within = Q(pk__in=[])
        for nth in range(1, rule.most + 1):
            wait = _wait(rule, days, nth)
            within |= Q(**{f"{column}__gt": after - wait, f"{column}__lte": until - wait})
        windows |= within if stages is None else within & Q(stage__in=stages)
    if thresholds:
        for row in _deals(rule).filter(windows).values(*READ):
            yield from _moments(rule, row, _days_of(thresholds, row), after, until)
        if rule.not_while_tasks:
            yield from _held_back(rule, thresholds, after, until)


def _moments(rule: Rule, row: dict[str, Any], days: int | None, after: datetime, until: datetime) -> Iterator[Stale]:
    since = row[COLUMNS[rule.clock]]
    for nth in range(1, rule.most + 1) if days is not None else ():
        assert days is not None
        moment = since + _wait(rule, days, nth)
        if after < moment <= until:
            yield Stale(row, since, (moment - since).days, nth, moment)


def _held_back(
    rule: Rule, thresholds: dict[int, frozenset[int] | None], after: datetime, until: datetime
) -> Iterator[Stale]:
    """Deals that became stale while there was a task: told of when the last one is done, or gone."""
    finished = _finished(after, until)
    if not finished:
        return
    for row in _deals(rule).filter(contact__in=finished).values(*READ):
        days, moment = _days_of(thresholds, row), finished[row["contact_id"]]
        since = row[COLUMNS[rule.clock]]
        if days is None or since + timedelta(days=days) > min(moment, after):
            continue  # not stale yet, or within the window, where it is found by itself
        nth = next(n for n in range(rule.most, 0, -1) if since + _wait(rule, days, n) <= moment)
        yield Stale(row, since, (moment - since).days, nth, moment)


def _finished(after: datetime, until: datetime) -> dict[int, datetime]:
    """The contacts of whom a task was done or went away in the window, and when the last one did."""
    found: dict[int, datetime] = {}
    for rows, column in ((Task.objects, "completed_at"), (Opportunity.objects.filter(OPEN), "task_gone_at")):
        within = rows.filter(**{f"{column}__gt": after, f"{column}__lte": until}, contact__isnull=False).order_by()
        for contact, at in within.values_list("contact").annotate(at=Max(column)):
            found[contact] = max(at, found.get(contact, at))
    return found


def _deals(rule: Rule) -> "QuerySet[Opportunity]":
    rows: QuerySet[Opportunity] = Opportunity.objects.filter(status=Opportunity.Status.OPEN).order_by()
    if rule.pipelines:
        rows = rows.filter(pipeline__in=rule.pipelines)
    if rule.stages:
        rows = rows.filter(stage__in=rule.stages)
    if rule.not_while_tasks:
        # by the index of the foreign key
        rows = rows.exclude(Exists(Task.objects.filter(contact=OuterRef("contact_id"), completed_at=None)))
    return rows


def _thresholds(rule: Rule) -> dict[int, frozenset[int] | None]:
    """Days, with the stages where they count; None for every stage."""
    if not rule.by_stage:
        return {} if rule.days is None else {rule.days: None}
    found: dict[int, set[int]] = defaultdict(set)
    rows = Stage.objects.order_by()
    if rule.pipelines:
        rows = rows.filter(pipeline__in=rule.pipelines)
    for pk, own in rows.values_list("pk", "rotting_days"):
        days = own or rule.days
        if days is not None and (not rule.stages or pk in rule.stages):
            found[days].add(pk)
    return {days: frozenset(stages) for days, stages in found.items()}


def _days_of(thresholds: dict[int, frozenset[int] | None], row: dict[str, Any]) -> int | None:
    """After how many days this deal counts as stale."""
    return next((days for days, stages in thresholds.items() if stages is None or row["stage_id"] in stages), None)


def _wait(rule: Rule, days: int, nth: int) -> timedelta:
    return timedelta(days=days + (nth - 1) * (rule.again or 0))
