"""Doing what deliveries ask for: each by itself, with its mark or not at all, and later where it cannot be now."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import OperationalError

from contacts.models import Contact
from providers import services, working
from providers.frame import Provider
from providers.models import Connection, ProviderDelivery
from providers.receiving import take_in
from providers.tests import make
from providers.tests.signers import NOW
from triggers import sweeping
from triggers.models import Event

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def received(*parts, **fields) -> Connection:
    connection = make.connection(**fields)
    take_in(connection, make.signed(list(parts)), NOW)
    return connection


def states() -> list[str]:
    return list(ProviderDelivery.objects.order_by("pk").values_list("status", flat=True))


def test_what_came_in_is_done(tryout) -> None:
    connection = received({"id": 1, "name": "Ada"}, {"id": 2, "do": "odd"}, {"id": 3, "do": "ignore"})

    assert sweeping.drain(NOW) > 0

    assert states() == ["done", "done", "ignored"]
    first, odd, ignored = ProviderDelivery.objects.order_by("pk")
    assert (first.contact_id, first.due_at, first.done_at) == (Contact.objects.get(email="1@example.org").pk, None, NOW)
    assert (odd.problems, ignored.error, ignored.contact_id) == (["phone: odd"], "nothing to do", None)
    event = Event.objects.filter(type="contact.created").first()
    assert (event.actor, event.actor_id) == ("provider", f"connection {connection.pk}")
    assert event.origin == "Tryout Our tryout"


def test_once_done_it_is_not_done_again(tryout) -> None:
    connection = received({"id": 1})
    sweeping.drain(NOW)

    take_in(connection, make.signed([{"id": 1}]), NOW)
    sweeping.drain(NOW)

    assert (Contact.objects.count(), tryout.asked) == (1, [1])


def test_one_that_breaks_leaves_nothing_and_stops_no_other(tryout, caplog) -> None:
    received({"id": 1, "do": "break"}, {"id": 2, "do": "unclear"}, {"id": 3})

    sweeping.drain(NOW)

    assert states() == ["waiting", "quarantined", "done"]
    assert list(Contact.objects.values_list("email", flat=True)) == ["3@example.org"]
    broken, unclear, _done = ProviderDelivery.objects.order_by("pk")
    assert (broken.error, broken.due_at) == ("A fault of ours; it is in the log.", NOW + MINUTE / 2)
    assert (unclear.error, unclear.due_at) == ("half of it makes no sense", None)
    assert "RuntimeError" in caplog.text


def test_what_cannot_be_done_now_is_tried_by_the_plan_and_then_given_up(tryout) -> None:
    connection = received({"id": 1, "do": "later"})
    moments = []

    for _time in range(20):
        row = ProviderDelivery.objects.get()
        if row.due_at is None:
            break
        moments.append(row.due_at - NOW)
        working.go_on(row.due_at)

    waits = [later - earlier for earlier, later in pairwise(moments)]
    assert [wait.total_seconds() for wait in waits] == [30, 120, 600, 3600, 21600, 86400]
    assert (row.status, row.error, len(tryout.asked)) == ("failed", "not now", 7)
    connection.refresh_from_db()
    assert (connection.last_error, connection.last_error_at) == ("not now", row.done_at)


def test_a_longer_pause_that_is_asked_for_is_kept(tryout) -> None:
    received({"id": 1, "do": "later", "wait": True})

    working.go_on(NOW)

    assert ProviderDelivery.objects.get().due_at == NOW + timedelta(hours=2)


def test_a_worker_that_dies_gives_its_rows_back_after_the_lease(tryout) -> None:
    received({"id": 1})
    [lost] = working._claim(NOW)

    assert working.go_on(NOW + MINUTE - timedelta(seconds=1)) == 0
    assert working.go_on(NOW + MINUTE) == 1
    working._do(lost, NOW + MINUTE)

    # The one that came back late found that another had done it.
    assert (states(), Contact.objects.count()) == (["done"], 1)


def test_what_was_not_begun_in_time_was_not_tried(tryout, monkeypatch) -> None:
    received(*({"id": n} for n in range(5)))
    monkeypatch.setattr(working, "TURN", -1)

    assert working.go_on(NOW) == 0

    assert set(ProviderDelivery.objects.values_list("tries", "due_at")) == {(0, NOW)}


def test_a_busy_database_is_tried_again(tryout, monkeypatch) -> None:
    received({"id": 1})

    def busy(*_given) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(tryout, "handle", busy)
    working.go_on(NOW)

    assert ProviderDelivery.objects.get().due_at == NOW + MINUTE / 2


def test_the_sweep_finds_what_a_lost_poke_left(tryout) -> None:
    received({"id": 1})

    assert ("providers.go_on", "outside") in sweeping.due_tasks(NOW)
    sweeping.drain(NOW)
    assert ("providers.go_on", "outside") not in sweeping.due_tasks(NOW)


def test_a_provider_without_a_handler_keeps_what_it_is_told(tryout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(tryout), "handle", Provider.handle)
    received({"id": 1})

    sweeping.drain(NOW)

    row = ProviderDelivery.objects.get()
    assert (row.status, row.error) == ("ignored", "Kept. Nothing acts on this yet.")
    assert services.replay([row], NOW) == 1


def test_a_provider_whose_code_is_gone_breaks_nothing(tryout) -> None:
    connection = received({"id": 1})
    Connection.objects.filter(pk=connection.pk).update(provider="gone")

    sweeping.drain(NOW)

    assert states() == ["ignored"]
