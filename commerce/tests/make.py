"""Products, orders, invoices and documents, made as simply as a test can say it."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.test import Client

from commerce import invoicing, ordering
from commerce.models import Invoice, InvoiceSeries, Order, OrderForm, OrderFormItem, Price, Product
from contacts.models import Contact
from contacts.tests import make as contacts

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0"
# One for all: a new one would load the middleware for each request.
VISITOR = Client(raise_request_exception=False, headers={"User-Agent": BROWSER})
ANNA = {"name": "Anna Schmidt", "email": "anna@example.org"}


def price(amount: Any = "49.90", name: str = "Oak oil", *, currency: str = "EUR", **values: Any) -> Price:
    """A price of a product of its own."""
    product = Product.objects.create(name=name, tax_rate=Decimal(values.pop("tax_rate", 19)))
    return Price.objects.create(product=product, amount=Decimal(amount), currency=currency, **values)


def order_form(*prices: Price, bump: Price | None = None, **values: Any) -> OrderForm:
    """A form with these prices to choose from; one of 49.90 where none is given."""
    form = OrderForm.objects.create(**{"name": "Shop", "per_minute": 1000, **values})
    for place, each in enumerate(prices or (price(),)):
        OrderFormItem.objects.create(form=form, price=each, position=place)
    if bump is not None:
        OrderFormItem.objects.create(form=form, price=bump, kind="bump", position=99)
    return form


def opened(form: OrderForm, query: str = "") -> str:
    """Opens the form's page; its state."""
    return state_in(VISITOR.get(f"/order/{form.key}/{query}"))


def state_in(page: HttpResponse) -> str:
    found = re.search(r'name="_state" value="([^"]+)"', page.content.decode())
    assert found is not None, page.content.decode()
    return found[1]


def send(form: OrderForm, state: str | None = None, **answers: Any) -> HttpResponse:
    """Sends the page as a browser does, with one of the first product."""
    first = form.items.all()[0]
    given = {"_state": state or opened(form), f"item-{first.pk}": "1", **ANNA, **answers}
    return VISITOR.post(f"/order/{form.key}/", {name: value for name, value in given.items() if value is not None})


def order(contact: Contact | None = None, *prices: Price, **values: Any) -> Order:
    """An order of one of each price, by hand; of 49.90 where none is given."""
    who = contact or Contact.objects.order_by("pk").first() or contacts.contact()
    given = {"source": "manual", "now": NOON, **values}
    return ordering.place(who, [(each, 1, "primary") for each in prices or (price(),)], **given)


def series(**values: Any) -> InvoiceSeries:
    return InvoiceSeries.objects.create(**{"name": "Invoices", "prefix": "R-", **values})


def invoice(amount: Any = "100", *, currency: str = "EUR", sent: bool = True, **values: Any) -> Invoice:
    """An invoice with one line of this amount, sent unless told otherwise."""
    who = values.pop("contact", None) or Contact.objects.order_by("pk").first() or contacts.contact()
    own = values.pop("series", None) or InvoiceSeries.objects.first() or series()
    line = {"name": "Fitting", "unit_amount": Decimal(amount), "tax_rate": Decimal(values.pop("tax_rate", 0))}
    made = invoicing.draft(who, [line], currency=currency, series=own, **values)
    if sent:
        invoicing.send(made, NOON)
    return made
