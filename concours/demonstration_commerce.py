"""The demo's shop: products, an order form, invoices in every state, a contract to sign, and a workflow for what is overdue."""

from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone

from commerce import invoicing, ordering, paying, subscribing
from commerce.documents import signing, writing
from commerce.models import DocumentTemplate, InvoiceSeries, OrderForm, OrderFormItem, Price, Product
from contacts.models import Contact
from triggers.context import quiet

Json = dict[str, Any]

# Name, description, price, how often it is paid.
GOODS: Final = (
    ("Oak oil", "Half a litre, for worktops of wood.", "24.90", "once"),
    ("Polishing cloth", "Two, washable.", "8.50", "once"),
    ("Knife block", "Of the wood of your own kitchen.", "119.00", "once"),
    ("Care plan", "Once a year we oil, set and clean.", "19.00", "month"),
)
BODY: Final = """Between {{ organisation.name }} and {{ contact.name }}.

We plan, build and fit the kitchen as it was drawn together. The plan is part of this contract.

Half of the price is due when the wood is cut, the other half when the kitchen stands.

Changes are agreed in writing."""


def overdue() -> Json:
    """An invoice that is due soon is reminded of; one that is overdue gets its owner a task."""
    return {
        "triggers": [
            {
                "uid": "t1", "event": "invoice.due", "conditions": None,
                "config": {"days_before": [3], "on_the_day": False, "days_after": [1, 10], "at": "09:00"},
            }
        ],
        "actions": [
            {
                "uid": "which", "branch": [
                    {
                        "uid": "late", "name": "overdue", "if": {"field": "event.is_overdue", "op": "is", "value": True},
                        "then": [
                            {
                                "uid": "task", "action": "task.create",
                                "config": {
                                    "title": "Ask {{ contact.name }} about invoice {{ event.number }}",
                                    "details": "{{ invoice.owed }}, {{ event.days_overdue }} days overdue.",
                                    "assignee": "owner", "due_in": 1, "unit": "days", "at": "10:00", "skip_weekends": True,
                                },
                            }
                        ],
                    }
                ],
                "else": [
                    {
                        "uid": "mail", "action": "invoice.send",
                        "config": {
                            "subject": "Invoice {{ event.number }} is due soon",
                            "text": "Good day {{ contact.name }},\n\n{{ invoice.owed }} is due on {{ invoice.due_on }}.",
                        },
                    }
                ],
            }
        ],
        "settings": {"timezone": "account"},
    }  # fmt: skip


def ensure() -> None:
    """Made where there is no product yet."""
    if Product.objects.exists():
        return
    prices = [_price(*each) for each in GOODS]
    series = InvoiceSeries.objects.create(
        name="Invoices", prefix=f"{timezone.localdate().year}-", notes="Brandt Küchen, IBAN DE02 1203 0000 0000 2020 51",
    )  # fmt: skip
    form = OrderForm.objects.create(
        name="Care shop", key="care", title="All that a kitchen likes", series=series, upsell=prices[2],
        intro="Order today, and it is on its way tomorrow.", terms="I agree to the terms of sale.",
    )  # fmt: skip
    for place, price in enumerate((prices[0], prices[3])):
        OrderFormItem.objects.create(form=form, price=price, position=place)
    OrderFormItem.objects.create(form=form, price=prices[1], kind="bump", position=9, text="Goes well with the oil.")
    people = {contact.first_name: contact for contact in Contact.objects.filter(source="demo")}
    with quiet("demo"):
        _paper(people, prices, series)


def _price(name: str, description: str, amount: str, interval: str) -> Price:
    product = Product.objects.create(name=name, description=description, tax_rate=19)
    return Price.objects.create(product=product, amount=Decimal(amount), currency="EUR", interval=interval)


def _paper(people: dict[str, Contact], prices: list[Price], series: InvoiceSeries) -> None:
    """Orders with their invoices: one paid, one sent, one overdue; a subscription; a contract that waits."""
    now = timezone.now()
    ordered = [people[name] for name in ("Anna", "Jonas", "Leyla") if name in people]
    for place, who in enumerate(ordered):
        at = now - timedelta(days=(2, 5, 40)[place])
        order = ordering.place(who, [(prices[place], place + 1, "primary")], source="manual", now=at)
        invoice = invoicing.of_order(order, series)
        invoicing.send(invoice, at)
        if place == 0:
            paying.record(invoice.total, invoice.currency, invoice=invoice, method="transfer", now=now)
    if "Anna" in people:
        subscribing.begin(people["Anna"], prices[3], now=now - timedelta(days=10))
    template = DocumentTemplate.objects.create(name="Kitchen contract", title="Contract for your kitchen", body=BODY)
    for signer in (people.get("Tomás"), people.get("Marie")):
        if signer is not None:
            document = writing.write(template, signer, value=Decimal(31900), currency="EUR")
            signing.send(document, now)
