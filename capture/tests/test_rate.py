"""The limit of a webhook: by what the cache counted, and by the rows of all processes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection

from capture import rate
from capture.models import InboundRequest, InboundWebhook
from capture.tests import make
from triggers.api import arrival_rates
from triggers.api.problems import Conflict

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this process let in for a webhook of another test, which had the same number."""
    monkeypatch.setattr(arrival_rates, "_unasked", {})


def stored(webhook: InboundWebhook, at: datetime, name: str) -> InboundRequest:
    return InboundRequest.objects.create(
        webhook=webhook, external_id=name, method="POST", body=b"", digest="0", received_at=at
    )


def wait_of(webhook: InboundWebhook, now: datetime) -> float:
    with rate.turn(webhook, now) as wait:
        return wait


def test_as_many_as_allowed_are_taken_in_a_minute() -> None:
    webhook, _token = make.webhook(per_minute=3)

    waits = [wait_of(webhook, NOON + timedelta(seconds=n)) for n in range(4)]

    assert waits[:3] == [0.0, 0.0, 0.0]
    assert 57.0 <= waits[3] <= 80.0
    assert wait_of(webhook, NOON + timedelta(minutes=2)) == 0.0


def test_one_webhook_does_not_use_up_anothers_turn() -> None:
    first, _token = make.webhook(per_minute=1)
    second, _token = make.webhook(per_minute=1)

    assert wait_of(first, NOON) == 0.0
    assert wait_of(second, NOON) == 0.0
    assert wait_of(first, NOON) > 0.0


def test_what_other_processes_stored_counts() -> None:
    webhook, _token = make.webhook(per_minute=2)
    stored(webhook, NOON - timedelta(seconds=90), "long ago")
    stored(webhook, NOON - timedelta(seconds=50), "a")

    before = wait_of(webhook, NOON)
    stored(webhook, NOON - timedelta(seconds=10), "b")
    after = wait_of(webhook, NOON)

    assert (before, after) == (0.0, 10.0)


def test_a_cache_that_is_gone_does_not_stop_deliveries(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    webhook, _token = make.webhook(per_minute=1)

    def gone(*_args: object, **_kwargs: object) -> None:
        raise ConnectionError("the cache's server is gone")

    monkeypatch.setattr(cache, "add", gone)

    assert wait_of(webhook, NOON) == 0.0
    assert f"webhook {webhook.pk} is limited by its rows alone" in caplog.text
    stored(webhook, NOON, "a")
    assert wait_of(webhook, NOON) == 60.0


def test_the_rows_are_counted_now_and_then_and_each_time_once_they_say_no() -> None:
    webhook, _token = make.webhook(per_minute=150)
    wait_of(webhook, NOON)
    InboundRequest.objects.bulk_create(
        InboundRequest(webhook=webhook, external_id=f"of another {n}", method="POST", digest="0", received_at=NOON)
        for n in range(150)
    )

    waits = [wait_of(webhook, NOON) for _n in range(6)]

    assert [bool(wait) for wait in waits] == [False, False, False, True, True, True]


@pytest.mark.parametrize(("there", "locked"), [(99, False), (100, True)])
def test_near_the_limit_each_is_counted_and_stored_under_a_lock(there: int, locked: bool) -> None:
    webhook, _token = make.webhook(per_minute=150)
    InboundRequest.objects.bulk_create(
        InboundRequest(webhook=webhook, external_id=str(n), method="POST", digest="0", received_at=NOON)
        for n in range(there)
    )
    outside = len(connection.savepoint_ids)

    with rate.turn(webhook, NOON) as wait:
        inside = len(connection.savepoint_ids)

    assert (wait, inside - outside) == (0.0, int(locked))


def test_what_was_kept_of_a_refused_request_stays() -> None:
    webhook, _token = make.webhook(per_minute=1)

    def refuse() -> None:
        with rate.turn(webhook, NOON):
            stored(webhook, NOON, "flagged")
            raise Conflict("sent before")

    with pytest.raises(Conflict):
        refuse()

    assert InboundRequest.objects.get().external_id == "flagged"
