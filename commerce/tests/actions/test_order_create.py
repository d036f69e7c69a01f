"""order.create: an order for the contact, with its invoice."""

import pytest

from commerce.models import Invoice, Order
from commerce.tests import make
from contacts.tests import make as contacts
from triggers import sweeping
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db


def test_the_order_and_its_invoice_are_made_and_the_run_goes_on_with_both() -> None:
    price = make.price()
    engine.workflow(
        engine.action("o", "order.create", prices=[price.pk], quantity=2, series=make.series().pk),
        engine.action("n", "note.create", body="{{ order.amount }} {{ invoice.number }}"),
    )

    contacts.tag("VIP", contacts.contact())
    sweeping.drain()

    order = Order.objects.get()
    assert (str(order.total), order.source, Invoice.objects.get().order) == ("99.800", "workflow", order)
    assert order.contact.notes.get().body == "€\N{NO-BREAK SPACE}99.80 R-00001"
