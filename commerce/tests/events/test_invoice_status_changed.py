"""invoice.status_changed: sent, looked at, paid in part, paid, voided; drafts are no event."""

from datetime import timedelta
from decimal import Decimal

import pytest

from commerce import invoicing, links, paying
from commerce.tests import make
from contacts.tests import make as contacts
from contacts.tests.events.narrowing import starts
from triggers.problems import Invalid

pytestmark = pytest.mark.django_db


def test_each_step_is_told_once_with_what_it_was_before() -> None:
    invoice = make.invoice("119", tax_rate=19)
    for _again in range(2):
        make.VISITOR.get(links.of_invoice(invoice.pk).removeprefix("http://127.0.0.1:8000"))
    for part in ("50", "69"):
        paying.record(Decimal(part), "EUR", invoice=invoice, now=make.NOON)

    events = contacts.events("invoice.status_changed")
    assert [(e.data["old_status"], e.data["status"], e.data["paid"]) for e in events] == [
        ("draft", "sent", "0.00"), ("sent", "viewed", "0.00"), ("viewed", "partly_paid", "50.00"),
        ("partly_paid", "paid", "119.00"),
    ]  # fmt: skip
    assert (events[0].data["number"], events[0].data["total"], events[0].data["tax"]) == ("R-00001", "119.00", "19.00")
    assert starts(events[0], statuses=["sent"], amount_min=119, amount_max=119, currency="EUR")
    assert not starts(events[0], statuses=["paid"])
    assert not starts(events[0], amount_min="119.01")


def test_voided_it_keeps_its_number_and_nothing_can_be_paid_on_it() -> None:
    invoice = make.invoice()

    invoicing.void(invoice, make.NOON)

    with pytest.raises(Invalid, match="nothing is owed"):
        paying.record(Decimal(5), "EUR", invoice=invoice)
    assert [e.data["status"] for e in contacts.events("invoice.status_changed")] == ["sent", "void"]
    assert make.invoice().number == "R-00002"
    assert invoice.due_on == (make.NOON + timedelta(days=14)).date()
