"""What is kept of a proven delivery: each thing once, the bad ones apart, nothing of other accounts acted on."""

import json
from contextlib import nullcontext

import pytest
from django.db import OperationalError

from providers import reading, receiving
from providers.models import ProviderDelivery
from providers.tests import make
from providers.tests.signers import NOW

pytestmark = pytest.mark.django_db


def take(connection, parts) -> receiving.Stored:
    return receiving.take_in(connection, make.signed(parts), NOW)


def rows(*columns: str) -> list:
    return list(ProviderDelivery.objects.order_by("pk").values_list(*columns))


def test_each_part_is_a_row_that_waits(tryout) -> None:
    connection = make.connection()

    assert take(connection, [{"id": 1, "at": 1700000000}, {"id": 2}]) == receiving.Stored(told=2, new=2)

    assert rows("dedupe_key", "status", "kind", "due_at", "is_first", "digest") == [
        ("1", "waiting", "try", NOW, True, reading.digest({"id": 1, "at": 1700000000})),
        ("2", "waiting", "try", NOW, False, reading.digest({"id": 2})),
    ]
    assert [moment.isoformat() if moment else None for (moment,) in rows("occurred_at")] == [
        "2023-11-14T22:13:20+00:00", None,
    ]  # fmt: skip


def test_the_same_again_changes_nothing(tryout) -> None:
    connection = make.connection()
    take(connection, [{"id": 1}, {"id": 2}])

    assert take(connection, [{"id": 2}, {"id": 3}, {"id": 3}]) == receiving.Stored(told=3, new=1)

    assert [key for (key,) in rows("dedupe_key")] == ["1", "2", "3"]


def test_the_order_of_keys_is_no_other_content(tryout) -> None:
    connection = make.connection()
    take(connection, b'[{"id": 1, "a": 2}]')

    take(connection, b'[{"a": 2, "id": 1}]')

    assert ProviderDelivery.objects.count() == 1


def test_another_connection_may_know_the_same_ids(tryout) -> None:
    take(make.connection(), [{"id": 1}])

    assert take(make.connection(), [{"id": 1}]).new == 1


def test_other_content_under_a_used_id_is_flagged_and_not_acted_on(tryout) -> None:
    connection = make.connection()
    take(connection, [{"id": 1, "name": "Ada"}])

    for _time in range(2):
        assert take(connection, [{"id": 1, "name": "Eve"}]).new == 0

    assert rows("status", "due_at", "data") == [
        ("waiting", NOW, {"id": 1, "name": "Ada"}), ("ignored", None, {"id": 1, "name": "Eve"}),
    ]  # fmt: skip
    assert rows("error")[1] == ("This id had come before with other content. Not acted on.",)


def test_two_parts_of_one_id_that_differ_are_one_and_a_flag(tryout) -> None:
    take(make.connection(), [{"id": 1, "name": "Ada"}, {"id": 1, "name": "Eve"}])

    assert rows("status", "data") == [("waiting", {"id": 1, "name": "Ada"}), ("ignored", {"id": 1, "name": "Eve"})]


@pytest.mark.parametrize(
    "bad", [b"5", b"null", b'"text"', b"[]", b'{"do": "unreadable"}', b'{"id": "a\\u0000b"}', b'{"n": NaN}',
            b'{"id": "\\ud800"}', b'{"n": ' + b"9" * 40 + b"}", b'{"deep": ' + b"[" * 40 + b"]" * 40 + b"}"],
)  # fmt: skip
def test_one_bad_part_does_not_hurt_the_others(tryout, bad: bytes) -> None:
    connection = make.connection()
    # A thousand once: what is bad makes no difference to how many there are.
    others = 999 if bad == b"5" else 19
    good = [json.dumps({"id": f"evt_{n}", "email": "a@example.org"}).encode() for n in range(others)]
    body = b"[" + b",".join([*good[: others // 2], bad, *good[others // 2 :]]) + b"]"

    assert take(connection, body) == receiving.Stored(told=others + 1, new=others + 1)

    waiting, troubled = (
        ProviderDelivery.objects.filter(status="waiting"),
        ProviderDelivery.objects.exclude(status="waiting"),
    )
    assert waiting.count() == others
    [row] = troubled
    assert (row.status, row.due_at, bool(row.error), "unread" in row.data) == ("quarantined", None, True, True)
    assert take(connection, body).new == 0


def test_what_is_about_another_account_is_kept_and_not_acted_on(tryout) -> None:
    connection = make.connection(account_id="P1, p2")

    take(connection, [{"id": 1, "account": "P1"}, {"id": 2, "account": "P2"}, {"id": 3, "account": "P3"}, {"id": 4}])

    assert rows("status", "error") == [
        ("waiting", ""), ("waiting", ""), ("ignored", "It is about another account: P3."), ("waiting", ""),
    ]  # fmt: skip


def test_an_empty_batch_is_no_delivery(tryout) -> None:
    connection = make.connection()

    assert take(connection, []) == receiving.Stored(0, 0)
    connection.refresh_from_db()
    assert connection.last_received_at == NOW


def test_a_very_long_id_is_kept_as_its_digest(tryout) -> None:
    connection = make.connection()

    take(connection, [{"id": "x" * 5000}])

    assert rows("dedupe_key")[0][0].startswith("sha256:")
    assert take(connection, [{"id": "x" * 5000}]).new == 0


def test_a_fault_of_ours_loses_nothing(tryout, monkeypatch, caplog) -> None:
    def broken(_delivery):
        raise RuntimeError("ours")

    monkeypatch.setattr(tryout, "items", broken)

    assert take(make.connection(), [{"id": 1}]) == receiving.Stored(1, 1)

    row = ProviderDelivery.objects.get()
    assert (row.status, bytes(row.body)) == ("quarantined", b'[{"id": 1}]')
    assert "RuntimeError: ours" in caplog.text


class Deadlock(Exception):
    sqlstate = "40P01"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("times", "stored"), [(2, 1), (receiving.TRIES, 0)])
def test_whoever_the_database_ends_over_a_deadlock_stores_anew(tryout, monkeypatch, times, stored) -> None:
    insert, ended = receiving.rows.insert, iter(range(times))

    def once_free(*args, **kwargs):
        if next(ended, None) is not None:
            raise OperationalError("deadlock detected") from Deadlock()
        return insert(*args, **kwargs)

    monkeypatch.setattr(receiving.rows, "insert", once_free)
    connection = make.connection()

    with nullcontext() if stored else pytest.raises(OperationalError):
        assert take(connection, [{"id": "1"}]).new == 1

    assert ProviderDelivery.objects.count() == stored
