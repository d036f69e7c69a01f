"""refund.processed: what was given back; never more than was paid."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from commerce import paying
from commerce.models import Payment, Refund
from commerce.tests import make
from contacts.tests import make as contacts
from contacts.tests.events.narrowing import starts
from triggers.problems import Invalid

pytestmark = pytest.mark.django_db


def paid() -> Payment:
    return paying.record(Decimal("49.90"), "EUR", order=make.order())


def test_a_part_and_then_the_rest() -> None:
    payment = paid()

    for amount in (Decimal(10), None):
        paying.refund(payment, amount, reason="Broken")

    payment.order.refresh_from_db()
    part, rest = contacts.events("refund.processed")
    assert [(e.data["amount"], e.data["extent"]) for e in (part, rest)] == [("10.00", "partial"), ("39.90", "partial")]
    assert (payment.order.status, payment.refundable) == ("refunded", 0)
    assert starts(part, extent="partial", statuses=["succeeded"], sources=["manual"], amount_max=10)
    assert not starts(part, extent="full")


@pytest.mark.parametrize("amount", ["49.91", "0", "-1", "0.001"])
def test_above_the_payment_or_nothing_at_all_is_refused(amount: str) -> None:
    payment = paid()

    with pytest.raises(Invalid):
        paying.refund(payment, Decimal(amount))

    assert (Refund.objects.count(), contacts.events("refund.processed")) == (0, [])


def test_the_database_itself_refuses_more_than_was_paid() -> None:
    payment = paid()

    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(refunded=50)


def test_what_failed_cannot_be_given_back() -> None:
    payment = paying.record(Decimal(5), "EUR", contact=contacts.contact(), status="failed")

    with pytest.raises(Invalid, match="never received"):
        paying.refund(payment)
