"""News of a purchase that comes while the purchase is being looked at is looked at in its turn."""

import threading
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from affiliates import crediting
from affiliates.models import PurchaseDue
from triggers.models.event import Lane
from triggers.tests.test_concurrency import at_once

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
def test_news_while_it_is_looked_at_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    looking, told = threading.Event(), threading.Event()

    def load(numbers: Collection[str]) -> Mapping[str, Any]:
        looking.set()
        # The news waits for the row that is being looked at, so this is not answered before the time is up.
        told.wait(1)
        return {}

    monkeypatch.setitem(crediting.sources, "test", load)
    with transaction.atomic():
        crediting.note("test", ["1"])

    def tell() -> None:
        looking.wait(10)
        with transaction.atomic():
            crediting.note("test", ["1"])
        told.set()

    at_once(lambda: crediting.work(Lane.FAST, NOW), tell)

    assert list(PurchaseDue.objects.values_list("source", "external_id")) == [("test", "1")]


@pytest.mark.django_db
def test_what_was_put_off_is_looked_at_again_as_soon_as_there_is_news() -> None:
    crediting.note("test", ["1"])
    PurchaseDue.objects.update(after=datetime(2030, 1, 1, tzinfo=UTC))
    assert crediting.due_lanes(NOW) == set()

    crediting.note("test", ["1", "1"])

    assert crediting.due_lanes(NOW) == {Lane.FAST}
    assert PurchaseDue.objects.count() == 1
