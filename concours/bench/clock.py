"""What the clock costs: case scan."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.db import connection

from concours.bench import Result, Size, case, result, scratch, seconds
from contacts.models import Contact
from triggers import scanning
from triggers.models import Event, Scan, Workflow

BIRTHDAY: Final = "contact.birthday"
TRIGGER: Final[dict[str, Any]] = {"uid": "t1", "event": BIRTHDAY, "config": {"at": "09:00"}, "conditions": None}
# Nine o'clock of this day is in the window; `due` people were born on it, the others on other days.
TODAY: Final = date(2026, 6, 15)
NOW: Final = datetime(2026, 6, 15, 9, 0, 30, tzinfo=UTC)
MINUTE: Final = timedelta(minutes=1)
DATES: Final = """
INSERT INTO contacts_datedvalue (contact_id, field_id, "on", month, day)
SELECT id, NULL, CASE WHEN id - %s < %s THEN %s ELSE %s END,
    CASE WHEN id - %s < %s THEN 6 ELSE 1 + id %% 5 END, CASE WHEN id - %s < %s THEN 15 ELSE 1 + id %% 28 END
FROM contacts_contact
"""


@case("scan")
def scan(size: Size) -> list[Result]:
    """A scan with so many due among many contacts / among few; per due row / raw; with nothing due, ms a trigger."""
    many, few, due = size.of(1_000_000, 4000), size.of(100_000, 1000), size.of(10_000, 100)
    times: dict[int, list[float]] = {many: [], few: []}
    raw, idle = [], 0.0
    for people in (few, many):
        _fill(people, due)
        flow = scratch.flow({"uid": "a1", "action": "run.stop", "config": {}}, name="Birthdays", trigger=TRIGGER)
        _live(flow)
        for _round in range(size.rounds + 1):
            Event.objects.all().delete()
            Scan.objects.all().delete()
            times[people].append(seconds(lambda: scanning.scan(BIRTHDAY, NOW)))
            raw.append(seconds(lambda: ledger(due)))
        assert Event.objects.count() == due
        idle = _idle(size.of(100, 10))
    pairs = list(zip(times[many][1:], times[few][1:], strict=True))
    per_row = [many_s / raw_s for many_s, raw_s in zip(times[many][1:], raw[-size.rounds :], strict=True)]
    return [
        result("scan (table)", [a / b for a, b in pairs], "≤ 1.10", due=due, of=many, ms=round(pairs[-1][0] * 1000)),
        result("scan (due row)", per_row, "≤ 3", rows_per_s=round(due / pairs[-1][0])),
        result("scan (idle, ms a trigger)", [idle * 1000], "≤ 1"),
    ]


def _fill(people: int, due: int) -> None:
    scratch.empty()
    scratch.crowd(people)
    first = Contact.objects.order_by("pk").values_list("pk", flat=True)[0]
    born, other = date(1990, 6, 15), date(1990, 1, 1)
    with connection.cursor() as cursor:
        cursor.execute(DATES, [first, due, born, other, first, due, first, due])
    scratch.analyze()


def _live(flow: Workflow) -> None:
    Workflow.objects.filter(pk=flow.pk).update(enabled_at=NOW - 5 * MINUTE)


def ledger(rows: int) -> None:
    """The least that telling once takes: as many keys into a table that holds each once."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_ledger (name varchar(200) PRIMARY KEY)")
        cursor.execute("DELETE FROM bench_ledger")
        cursor.execute(f"INSERT INTO bench_ledger SELECT 'scan:' || n FROM {scratch.numbers(rows)}")  # noqa: S608 -- a constant


def _idle(triggers: int) -> float:
    """Seconds a trigger when nothing is due for any of so many."""
    for n in range(triggers):
        own = {**TRIGGER, "config": {"at": "21:00"}}
        _live(scratch.flow({"uid": "a1", "action": "run.stop", "config": {}}, name=f"Idle {n}", trigger=own))
    # Past the overlap, within which the one that was due is read once more.
    later = NOW + scanning.OVERLAP + MINUTE
    scanning.scan(BIRTHDAY, later)
    return seconds(lambda: scanning.scan(BIRTHDAY, later + MINUTE)) / triggers
