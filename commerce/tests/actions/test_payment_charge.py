"""payment.charge: what is asked of whoever charges; with Stripe it is tested in providers."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from commerce import charging
from commerce.actions.payment_charge import PaymentCharge
from commerce.charging import Charge
from commerce.models import Customer
from commerce.tests import make
from contacts.tests import make as contacts
from triggers import operations
from triggers.action_types import Done, Outcome, Retry
from triggers.models import ActionRun
from triggers.sweeping import drain
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db


class Register:
    """Charges nobody, and keeps what it was asked for."""

    remembers = timedelta(hours=23)

    def __init__(self, *outcomes: Outcome) -> None:
        self.asked: list[Charge] = []
        self.outcomes = list(outcomes)

    def receiver(self) -> str:
        return "https://register.example"

    def charge(self, asked: Charge, now: datetime) -> Outcome:
        self.asked.append(asked)
        return self.outcomes.pop(0) if self.outcomes else Done("Received.", {"payment_id": 0}, charging.RECEIVED)


@pytest.fixture
def register() -> Iterator[Register]:
    made = charging.chargers["shopify"] = Register()
    yield made
    del charging.chargers["shopify"]


def test_the_oldest_unpaid_invoice_is_charged_and_the_run_goes_the_way_of_the_received(register: Register) -> None:
    anna = contacts.contact()
    Customer.objects.create(contact=anna, gateway="shopify", external_id="7")
    older = make.invoice(30, contact=anna)
    make.invoice(100, contact=anna)
    charge = {**engine.action("c", "payment.charge", through="shopify"), "outcomes": {
        "received": [engine.action("thank", "note.create", body="Thank you")],
        "declined": [engine.action("ask", "note.create", body="Your card")],
    }}  # fmt: skip
    engine.workflow(charge)

    engine.tag(anna)
    drain()

    [asked] = register.asked
    assert (asked.customer, asked.amount, asked.currency, asked.invoice) == ("7", Decimal(30), "EUR", older)
    assert asked.key == ActionRun.objects.get(uid="c").key
    assert anna.notes.get().body == "Thank you"


def test_what_may_have_been_charged_too_long_ago_to_be_known_again_is_for_a_person(register: Register) -> None:
    register.outcomes = [Retry("No answer.") for _try in range(6)]
    anna = contacts.contact()
    Customer.objects.create(contact=anna, gateway="shopify", external_id="7")
    make.invoice(30, contact=anna)
    flow = engine.workflow(engine.action("c", "payment.charge", through="shopify"))
    engine.tag(anna)

    for hours in (0, 1, 4, 12, 22, 50):
        drain(now=timezone.now() + timedelta(hours=hours))
    [run] = engine.runs(flow)
    asked = len(register.asked)
    assert (run.status, asked) == (run.Status.UNCERTAIN, 5)

    operations.resolve(run, sent=False, now=timezone.now() + timedelta(hours=60))
    drain(now=timezone.now() + timedelta(hours=60))

    assert len(register.asked) == asked + 1
    assert {each.key for each in register.asked} == {ActionRun.objects.get(uid="c").key}


def test_what_cannot_be_charged_is_refused_before_it_is_published() -> None:
    def wrong(**config: Any) -> list[str]:
        return [str(each.path[-1]) for each in PaymentCharge(**config).problems("c")]

    assert wrong() == wrong(amount="10.99") == []
    assert wrong(amount="10.999") == ["amount"]
    assert wrong(amount="10.5", currency="JPY") == ["amount"]
    assert wrong(currency="XXQ") == ["currency"]
    assert wrong(through="paypal") == ["through"]
