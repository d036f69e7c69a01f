"""shopify.checkout_abandoned: so many minutes of silence, and an order ends it."""

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine

from commerce import checkouts
from commerce.customers import Told
from commerce.events.shopify_checkout_abandoned import ShopifyCheckoutAbandoned, SilenceOptions
from commerce.tests import make
from contacts.models import Contact
from triggers import scanning
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db
UTC = ZoneInfo("UTC")
MIA = Told(email="mia@example.org")


def note(minute: int = 0, told: Told = MIA, token: str = "t1") -> None:
    at = make.NOON + timedelta(minutes=minute)
    checkouts.note("shopify", token, told, at, items=[], currency="EUR", total=Decimal(24), url="https://s.example")


def found(minutes: int, since: int, until: int) -> list[int | None]:
    window = [make.NOON + timedelta(minutes=each) for each in (since, until)]
    options = SilenceOptions(minutes=minutes)
    return [each.payload.contact_id for each in ShopifyCheckoutAbandoned.due(options, *window, UTC)]


def test_silence_counts_from_the_last_thing_done() -> None:
    note(0)
    note(10)

    mia = Contact.objects.get().pk
    assert found(30, 0, 39) == []
    assert found(30, 39, 40) == [mia]
    assert found(30, 40, 99) == []


def test_an_order_ends_it_whichever_is_told_first() -> None:
    note(0)
    checkouts.close("shopify", "t1", "c1", make.NOON + timedelta(minutes=5))
    checkouts.close("shopify", "t2", "", make.NOON)
    note(1, token="t2")

    assert found(30, 0, 999) == []


def test_without_an_address_it_is_told_about_nobody() -> None:
    note(0, Told(name="Mia"))

    assert found(30, 0, 99) == [None]
    assert Contact.objects.count() == 0


def test_in_words() -> None:
    assert SilenceOptions().in_words() == "after 30 minutes"


def test_its_silence_starts_a_workflow_once() -> None:
    with time_machine.travel(make.NOON - timedelta(days=1)):
        flow = engine.on("shopify.checkout_abandoned", minutes=30)
    note(0)

    for minute in (29, 31, 60):
        scanning.scan("shopify.checkout_abandoned", make.NOON + timedelta(minutes=minute))

    assert engine.ran(flow) == [Contact.objects.get().pk]
