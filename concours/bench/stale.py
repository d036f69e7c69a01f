"""What deals that stand still cost the clock: case stale."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import connection

from concours.bench import Result, Size, case, result, scratch, seconds
from concours.bench.clock import ledger
from contacts.models import Contact
from pipelines.models import Pipeline, Stage
from triggers import scanning
from triggers.models import Event, Scan, Workflow

STALE: Final = "opportunity.stale"
TRIGGERS: Final = 50
DAYS: Final = 14
NOW: Final = datetime(2026, 6, 15, 9, 0, 30, tzinfo=UTC)
# `due` deals came into their stage just so many days ago; the others on other days, at another time of day.
SINCE: Final = NOW - timedelta(days=DAYS, seconds=10)
OTHERS: Final = [NOW - timedelta(days=days, hours=12) for days in (1, 5, 9, 20, 33, 47, 80, 200)]
DEALS: Final = """
INSERT INTO pipelines_opportunity (name, contact_id, pipeline_id, stage_id, value, currency, source, status,
    custom_fields, entered_stage_at, last_activity_at, created_at, updated_at)
SELECT 'Deal', %s + n %% %s, %s, %s, 100, 'EUR', '', 'open', '{{}}', since, since, since, since
FROM (SELECT n, CASE WHEN n <= %s THEN %s {others} END AS since FROM {numbers}) AS made
"""


@case("stale")
def stale(size: Size) -> list[Result]:
    """A scan of 50 triggers with so many due among many deals / among few; per due row / raw; with nothing due."""
    many, few, due = size.of(1_000_000, 4000), size.of(100_000, 1000), size.of(10_000, 100)
    times: dict[int, list[float]] = {few: [], many: []}
    per_row, idle = [], []
    for deals in (few, many):
        _fill(deals, due)
        _triggers()
        for _round in range(size.rounds + 1):
            Event.objects.all().delete()
            Scan.objects.all().delete()
            times[deals].append(seconds(lambda: scanning.scan(STALE, NOW)))
            raw = seconds(lambda: ledger(due))
            if deals == many:
                per_row.append(times[deals][-1] / raw)
        assert Event.objects.count() == due
        idle = [_idle(n) for n in range(size.rounds)]
    pairs = list(zip(times[many][1:], times[few][1:], strict=True))
    last = pairs[-1][0]
    return [
        result("stale (table)", [a / b for a, b in pairs], "≤ 1.10", due=due, of=many, ms=round(last * 1000)),
        result("stale (due row)", per_row[1:], "≤ 3", rows_per_s=round(due / last)),
        result("stale (idle, ms a trigger)", [each * 1000 for each in idle], "≤ 1"),
    ]


def _fill(deals: int, due: int) -> None:
    scratch.empty()
    people = min(deals, 10_000)
    scratch.crowd(people)
    first = Contact.objects.order_by("pk").values_list("pk", flat=True)[0]
    pipeline = Pipeline.objects.create(name="Kitchens")
    stage = Stage.objects.create(pipeline=pipeline, name="Offer", rotting_days=DAYS)
    others = " ".join(f"WHEN n %% {len(OTHERS)} = {place} THEN %s" for place in range(len(OTHERS)))
    given: list[Any] = [first, people, pipeline.pk, stage.pk, due, SINCE, *OTHERS]
    with connection.cursor() as cursor:
        cursor.execute(DEALS.format(others=others, numbers=scratch.numbers(deals)), given)
    scratch.analyze()


def _triggers() -> None:
    """One trigger that finds what is due, and the others of fifty, which ask by each clock and find nothing."""
    for n in range(TRIGGERS):
        clock = ("stage", "change", "activity")[n % 3]
        days = DAYS if n == 0 else 100 + n
        trigger = {"uid": "t1", "event": STALE, "config": {"days": days, "clock": clock}, "conditions": None}
        flow = scratch.flow({"uid": "a1", "action": "run.stop", "config": {}}, name=f"Stale {n}", trigger=trigger)
        Workflow.objects.filter(pk=flow.pk).update(enabled_at=NOW - timedelta(minutes=5))


def _idle(n: int) -> float:
    """Seconds a trigger when nothing is due for any of them: the window after the last scan's."""
    scanning.scan(STALE, NOW + timedelta(minutes=30 + 60 * n))
    return seconds(lambda: scanning.scan(STALE, NOW + timedelta(minutes=60 + 60 * n))) / TRIGGERS
