"""invoice.due: before, on and after the due day; once each, and only while something is owed."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from commerce import paying
from commerce.events.invoice_due import DueOptions, InvoiceDue
from commerce.tests import make
from contacts.tests.events.narrowing import refused

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
DUE = date(2026, 3, 30)  # the clocks went forward the day before


def found(options: DueOptions, since: datetime, until: datetime) -> list[tuple[int, bool, datetime]]:
    every = InvoiceDue.due(options, since, until, BERLIN)
    return [(each.payload.days_overdue, each.payload.is_overdue, each.moment) for each in every]


def test_each_offset_comes_at_its_hour_and_not_twice() -> None:
    make.invoice(due_on=DUE)
    options = DueOptions(days_before=[3], days_after=[1])
    begin = datetime(2026, 3, 1, tzinfo=BERLIN)

    whole = found(options, begin, datetime(2026, 4, 30, tzinfo=BERLIN))
    seam = datetime(2026, 3, 30, 9, tzinfo=BERLIN)
    parts = found(options, begin, seam) + found(options, seam, seam + timedelta(days=9))

    assert sorted(whole) == [
        (-3, False, datetime(2026, 3, 27, 9, tzinfo=BERLIN)), (0, False, seam),
        (1, True, datetime(2026, 3, 31, 9, tzinfo=BERLIN)),
    ]  # fmt: skip
    assert sorted(parts) == sorted(whole)


def test_what_is_paid_or_a_draft_is_left_out() -> None:
    paid = make.invoice(due_on=DUE)
    paying.record(Decimal(100), "EUR", invoice=paid)
    make.invoice(due_on=DUE, sent=False)
    day = datetime.combine(DUE, time(0), BERLIN)

    assert found(DueOptions(), day, day + timedelta(days=1)) == []


def test_in_words_and_what_is_refused() -> None:
    said = DueOptions(days_before=[3], days_after=[1, 7]).in_words()

    assert said == "3 days before it is due, on the day it is due, 1 day overdue, 7 days overdue, at 09:00"
    assert refused("invoice.due", on_the_day=False) == [()]
    assert refused("invoice.due", days_before=[0]) == [()]
