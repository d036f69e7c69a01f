"""subscription.cancel: the contact's subscription ends, or runs out."""

import pytest

from commerce import subscribing
from commerce.models import Subscription
from commerce.tests import make
from contacts.tests import make as contacts
from triggers import sweeping
from triggers.models import ActionRun
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("at_end", "status"), [(True, "active"), (False, "canceled")])
def test_it_ends_now_or_at_the_end_of_what_is_paid(at_end: bool, status: str) -> None:
    who = contacts.contact()
    subscribing.begin(who, make.price(9, "Care", interval="month"))
    engine.workflow(engine.action("c", "subscription.cancel", at_period_end=at_end))

    contacts.tag("VIP", who)
    sweeping.drain()

    row = Subscription.objects.get()
    assert (row.status, row.canceled_at is not None) == (status, True)


def test_one_that_stripe_bills_fails_and_says_where_to_go() -> None:
    who = contacts.contact()
    Subscription.objects.create(contact=who, gateway="stripe", external_id="sub_1", status="active")
    engine.workflow(engine.action("c", "subscription.cancel"))

    contacts.tag("VIP", who)
    sweeping.drain()

    assert "Stripe bills it" in ActionRun.objects.get().error
