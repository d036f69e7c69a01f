"""The limit of a webhook: by what the cache counted, and by the rows of all processes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache

from capture import rate
from capture.models import InboundRequest, InboundWebhook
from capture.tests import make

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def stored(webhook: InboundWebhook, at: datetime, name: str) -> InboundRequest:
    return InboundRequest.objects.create(
        webhook=webhook, external_id=name, method="POST", body=b"", digest="0", received_at=at
    )


def test_as_many_as_allowed_are_taken_in_a_minute() -> None:
    webhook, _token = make.webhook(per_minute=3)

    waits = [rate.seconds_to_wait(webhook, NOON + timedelta(seconds=n)) for n in range(4)]

    assert waits[:3] == [0.0, 0.0, 0.0]
    assert 57.0 <= waits[3] <= 80.0
    assert rate.seconds_to_wait(webhook, NOON + timedelta(minutes=2)) == 0.0


def test_one_webhook_does_not_use_up_anothers_turn() -> None:
    first, _token = make.webhook(per_minute=1)
    second, _token = make.webhook(per_minute=1)

    assert rate.seconds_to_wait(first, NOON) == 0.0
    assert rate.seconds_to_wait(second, NOON) == 0.0
    assert rate.seconds_to_wait(first, NOON) > 0.0


def test_what_other_processes_stored_counts() -> None:
    webhook, _token = make.webhook(per_minute=2)
    stored(webhook, NOON - timedelta(seconds=90), "long ago")
    stored(webhook, NOON - timedelta(seconds=50), "a")

    before = rate.seconds_to_wait(webhook, NOON)
    stored(webhook, NOON - timedelta(seconds=10), "b")
    after = rate.seconds_to_wait(webhook, NOON)

    assert (before, after) == (0.0, 10.0)


def test_a_cache_that_is_gone_does_not_stop_deliveries(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    webhook, _token = make.webhook(per_minute=1)

    def gone(*_args: object, **_kwargs: object) -> None:
        raise ConnectionError("the cache's server is gone")

    monkeypatch.setattr(cache, "add", gone)

    assert rate.seconds_to_wait(webhook, NOON) == 0.0
    assert f"webhook {webhook.pk} is limited by its rows alone" in caplog.text
    stored(webhook, NOON, "a")
    assert rate.seconds_to_wait(webhook, NOON) == 60.0


def test_the_rows_are_counted_now_and_then_and_each_time_once_they_say_no() -> None:
    webhook, _token = make.webhook(per_minute=150)
    rate.seconds_to_wait(webhook, NOON)
    for n in range(150):
        stored(webhook, NOON, f"of another process {n}")

    waits = [rate.seconds_to_wait(webhook, NOON) for _n in range(6)]

    assert [bool(wait) for wait in waits] == [False, False, False, True, True, True]
