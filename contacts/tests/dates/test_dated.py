"""Whose date lies on which days."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.dates.dated import YEARLESS, dated, sources
from contacts.models import Contact, DatedValue
from contacts.tests import make

pytestmark = pytest.mark.django_db


def found(source: str, *days: date, **how: bool) -> list[tuple[int, date]]:
    return sorted(dated(source, days, **how))


def test_exact_days_find_no_other_year_and_no_birthday_without_one() -> None:
    mia = make.contact(birth_date=date(1990, 5, 17))
    make.contact(birth_date=date(1991, 5, 17))
    make.contact(yearless_birthday="05-17")

    assert found("birth_date", date(1990, 5, 17), date(1990, 5, 18)) == [(mia.pk, date(1990, 5, 17))]


def test_every_year_and_every_month() -> None:
    mia = make.contact(birth_date=date(1990, 5, 17))
    ben = make.contact(yearless_birthday="05-17")
    zoe = make.contact(birth_date=date(1992, 8, 17))
    make.contact(birth_date=date(1990, 5, 18))

    yearly = found("birth_date", date(2026, 5, 17), date(2026, 12, 31), yearly=True)
    monthly = found("birth_date", date(2026, 1, 17), monthly=True)

    assert yearly == [(mia.pk, date(1990, 5, 17)), (ben.pk, date(YEARLESS, 5, 17))]
    assert monthly == [*yearly, (zoe.pk, date(1992, 8, 17))]


def test_a_leap_day_is_asked_for_by_any_leap_year() -> None:
    mia, ben = make.contact(birth_date=date(1992, 2, 29)), make.contact(yearless_birthday="02-29")

    assert [pk for pk, _on in found("birth_date", date(2024, 2, 29), yearly=True)] == [mia.pk, ben.pk]
    assert found("birth_date", date(2026, 2, 28), date(2026, 3, 1), yearly=True) == []


def test_each_field_answers_for_itself() -> None:
    make.field("renewal", "date")
    make.field("met", "datetime")
    make.field("note")
    mia = make.contact(
        birth_date=date(2026, 5, 17), custom_fields={"renewal": "2026-05-18", "met": "2026-05-19T10:00:00+00:00"}
    )

    assert found("custom_fields.renewal", date(2026, 5, 17), date(2026, 5, 18)) == [(mia.pk, date(2026, 5, 18))]
    assert found("custom_fields.met", date(2026, 5, 19)) == [(mia.pk, date(2026, 5, 19))]
    assert sources() == {"birth_date": "birth date", "custom_fields.renewal": "Renewal", "custom_fields.met": "Met"}


@pytest.mark.parametrize(
    "source", ["custom_fields.note", "custom_fields.nope", "custom_fields.", "renewal", "note", ""]
)
def test_what_is_no_date_is_refused(source: str) -> None:
    make.field("note")

    with pytest.raises(ValueError, match="is no date of a contact"):
        dated(source, [date(2026, 5, 17)])


@pytest.mark.parametrize("how", [{}, {"yearly": True}, {"monthly": True}])
def test_no_days_find_nobody(how: dict[str, bool]) -> None:
    make.contact(birth_date=date(1990, 5, 17))

    assert found("birth_date", **how) == []


def test_one_query_however_many_days(django_assert_num_queries: Any) -> None:
    make.field("renewal", "date")
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(400)]

    for how in ({}, {"yearly": True}, {"monthly": True}):
        with django_assert_num_queries(1):
            list(dated("birth_date", days, **how))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.dates(date(1999, 1, 1), date(2001, 12, 31)), min_size=1, max_size=6),
    st.lists(st.dates(date(1999, 1, 1), date(2001, 12, 31)), max_size=6),
)
def test_as_python_would_choose(births: list[date], days: list[date]) -> None:
    Contact.objects.all().delete()
    Contact.objects.bulk_create([Contact(first_name="c", birth_date=birth) for birth in births])

    exact = [on for _pk, on in dated("birth_date", days)]
    yearly = [on for _pk, on in dated("birth_date", days, yearly=True)]
    monthly = [on for _pk, on in dated("birth_date", days, monthly=True)]

    assert sorted(exact) == sorted(birth for birth in births if birth in days)
    by_year = {(day.month, day.day) for day in days}
    assert sorted(yearly) == sorted(birth for birth in births if (birth.month, birth.day) in by_year)
    assert sorted(monthly) == sorted(birth for birth in births if birth.day in {day.day for day in days})


def test_the_scans_have_their_indexes() -> None:
    with connection.cursor() as cursor:
        there = connection.introspection.get_constraints(cursor, DatedValue._meta.db_table)

    columns = [known["columns"] for known in there.values() if known["index"]]
    assert ["field_id", "on"] in columns
    assert ["field_id", "month", "day"] in columns
