"""Each provider's events in any order, and doubled, end in the records of the ordered single delivery."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from commerce.models import (
    Checkout,
    Document,
    DocumentMark,
    Invoice,
    InvoiceLine,
    Order,
    Payment,
    Price,
    Product,
    Refund,
    Subscription,
)
from contacts.models import Contact
from providers import receiving, working
from providers.base import Delivery
from providers.models import Connection, ProviderDelivery
from providers.reading import digest
from providers.tests import make, money_events

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
MODELS = (
    Product, Price, Order, Subscription, Invoice, InvoiceLine, Payment, Refund, Document, DocumentMark, Checkout,
    Contact,
)  # fmt: skip
# What tells when and as the how-manieth a record came, not what it says.
OURS = {"id", "created_at", "updated_at", "key", "score_active_at"}


def records() -> dict[str, list[Any]]:
    """Every record by what it says; of other records it names, what they are called outside."""
    return {model._meta.model_name: sorted((said(row) for row in model.objects.all()), key=repr) for model in MODELS}


def said(row: Any) -> dict[str, Any]:
    found = {}
    for column in row._meta.concrete_fields:
        if column.name in OURS:
            continue
        value = getattr(row, column.name)
        if column.related_model is not None and value is not None:
            value = getattr(value, "external_id", None) or str(value)
        found[column.name] = value
    return found


def delivered(provider: str, event: dict[str, Any]) -> Delivery:
    if provider == "shopify":
        named = {"X-Shopify-Topic": event["topic"], "X-Shopify-Webhook-Id": digest(event)}
        return Delivery("POST", "https://crm.example.org/", named, json.dumps(event["body"]).encode())
    return Delivery("POST", "https://crm.example.org/", {}, json.dumps(event).encode())


def play(connection: Connection, events: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
    """What is there once all of it was taken in, one after the other, and what had to wait was tried again."""
    for event in events:
        receiving.take_in(connection, delivered(connection.provider, event), NOW)
        working.go_on(NOW)
    for hours in (1, 30):
        working.go_on(NOW + timedelta(hours=hours))
    trouble = ProviderDelivery.objects.exclude(status__in=["done", "ignored"])
    assert list(trouble.values_list("kind", "status", "error")) == []
    return records()


def stories(provider: str) -> Any:
    events = getattr(money_events, provider.upper())
    doubled = st.lists(st.sampled_from(events), max_size=6).map(lambda more: [*events, *more])
    return doubled.flatmap(st.permutations)


@pytest.mark.parametrize("provider", ["stripe", "shopify", "docusign"])
def test_any_order_ends_in_the_records_of_the_right_one(provider: str) -> None:
    connection = make.connection(provider)
    with transaction.atomic():
        wanted = play(connection, getattr(money_events, provider.upper()))
        transaction.set_rollback(True)

    # no search for the smallest story: each costs dozens of transactions
    @settings(max_examples=12, deadline=None, phases=[Phase.generate])
    @given(stories(provider))
    def holds(events: list[dict[str, Any]]) -> None:
        with transaction.atomic():
            found = play(connection, events)
            transaction.set_rollback(True)
        assert [name for name in wanted if found[name] != wanted[name]] == []

    holds()


def test_what_the_stories_come_to() -> None:
    for provider in ("stripe", "shopify", "docusign"):
        play(make.connection(provider), getattr(money_events, provider.upper()))

    assert sorted((str(each.amount), each.status, str(each.refunded)) for each in Payment.objects.all()) == [
        ("19.000", "succeeded", "0.000"), ("24.000", "succeeded", "4.000"), ("59.900", "failed", "0.000"),
        ("59.900", "succeeded", "10.000"),
    ]  # fmt: skip
    assert sorted((each.external_id, each.status, each.source, each.failed_attempts) for each in Order.objects.all()) == [
        ("900", "paid", "store", 0), ("cs_1", "paid", "payment_link", 1), ("in_1", "paid", "subscription", 0),
    ]  # fmt: skip
    subscription, invoice, document = Subscription.objects.get(), Invoice.objects.get(), Document.objects.get()
    assert (subscription.status, str(subscription.amount), subscription.product.name) == (
        "canceled",
        "38.000",
        "Care plan",
    )
    assert (invoice.status, str(invoice.paid), invoice.lines.get().name) == ("paid", "19.000", "Care")
    assert (document.status, document.name, document.marks.count()) == ("completed", "Kitchen contract", 4)
    assert Checkout.objects.get().completed_at is not None
    assert Contact.objects.get().email == "mia@example.org"
