"""contact.custom_date_reached: a date field or moment, once, monthly or yearly."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from contacts.tests import make
from triggers import scanning
from triggers.models import Organisation, Workflow
from triggers.tests import make as engine
from triggers.workflows import checking

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
START = datetime(2026, 1, 1, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _renewal() -> None:
    make.field("renewal", "date")


def draft(**config: Any) -> dict[str, Any]:
    given = {"field": "custom_fields.renewal", **config}
    trigger = {"uid": "t1", "event": "contact.custom_date_reached", "config": given, "conditions": None}
    return engine.document(engine.action("a1", "run.stop"), triggers=[trigger])


def watch(**config: Any) -> None:
    engine.workflow(engine.action("a1", "run.stop"), triggers=draft(**config)["triggers"])
    Workflow.objects.update(enabled_at=START - DAY)


def reached(days: int = 500) -> list[str]:
    for n in range(days):
        scanning.scan("contact.custom_date_reached", START + n * DAY)
    return [event.data["date"] for event in make.events("contact.custom_date_reached")]


def with_date(value: str) -> int:
    return make.contact(custom_fields={"renewal": value}).pk


def test_once_on_the_stored_day() -> None:
    mia = with_date("2026-03-10")
    with_date("2025-03-10")
    make.contact()
    watch(days_before=[30])

    assert reached() == ["2026-03-10", "2026-03-10"]
    before, on_the_day = make.events("contact.custom_date_reached")
    assert before.data == {
        "contact_id": mia, "field": "custom_fields.renewal", "date": "2026-03-10", "days_offset": -30,
        "stored_date": "2026-03-10",
    }  # fmt: skip
    assert (before.occurred_at.date(), on_the_day.occurred_at.date()) == (date(2026, 2, 8), date(2026, 3, 10))


def test_every_year_from_the_stored_one_on() -> None:
    with_date("2024-03-10")
    with_date("2028-03-11")
    watch(repeat="yearly")

    assert reached() == ["2026-03-10", "2027-03-10"]


def test_every_month_with_the_31st_on_the_last_day_of_shorter_ones() -> None:
    with_date("2025-12-31")
    watch(repeat="monthly")

    assert reached(125) == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]


def test_a_birth_date_too_and_a_moment_by_its_own_day() -> None:
    make.field("visit", "datetime")
    make.contact(birth_date=date(1990, 1, 5), custom_fields={"visit": "2026-01-07T23:30:00+00:00"})
    watch(field="birth_date", repeat="yearly")
    watch(field="custom_fields.visit")

    assert sorted(reached(30)) == ["2026-01-05", "2026-01-07"]


@pytest.mark.parametrize("repeat", ["once", "monthly", "yearly"])
def test_a_moment_counts_by_its_day_where_the_clock_is(repeat: str) -> None:
    Organisation.objects.create(time_zone="Asia/Kathmandu")
    make.field("visit", "datetime")
    make.contact(custom_fields={"visit": "2026-01-31T20:00:00+00:00"})
    watch(field="custom_fields.visit", repeat=repeat)

    assert reached(35) == ["2026-02-01"]


@pytest.mark.parametrize("field", ["", "custom_fields.nothing", "email", "custom_fields."])
def test_what_is_no_date_is_refused_at_the_field(field: str) -> None:
    [problem] = [p for p in checking.check(draft(field=field)) if not p.warning]

    assert problem.path == ("triggers", 0, "config", "field")
    assert problem.message == "Choose one of the date fields: birth_date, custom_fields.renewal."
