"""What providers and our own pages tell of mails."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from conversations.happenings import Happening, record_mail_event
from conversations.models import Message, MessageEvent, Suppression
from conversations.statuses import Recorded
from triggers.models import Event
from triggers.tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)


def sent(**values: Any) -> Message:
    return Message.objects.create(
        **{
            "contact": make.contact(), "direction": "out", "channel": "email", "key": uuid4(), "status": "sent",
            "sent_at": NOW, "message_id": "<1@crm.example.org>", "to_address": "anna@example.org",
            "gateway": "sendgrid:1", "provider_id": "sg-1", "subject": "Hello", "workflow_id": 7, **values,
        }
    )  # fmt: skip


def tell(kind: str, message_id: str = "<1@crm.example.org>", **values: Any) -> Recorded:
    at = values.pop("at", NOW)
    return record_mail_event(Happening(kind, at, **values), NOW, message_id=message_id)


def told(kind: str) -> list[dict[str, Any]]:
    return [event.data for event in Event.objects.filter(type=kind).order_by("pk")]


@pytest.mark.parametrize("message_id", ["<1@crm.example.org>", "1@crm.example.org", " <1@crm.example.org> "])
def test_an_opening_is_told(message_id: str) -> None:
    message = sent()

    assert tell("opened", message_id, user_agent="Firefox", recipient="Anna@example.org").changed

    assert told("email.opened") == [
        {
            "message_id": message.pk, "contact_id": message.contact_id, "workflow_id": 7, "run_id": None,
            "action": "", "mail_id": "<1@crm.example.org>", "subject_line": "Hello", "to": "anna@example.org",
            "first": True, "machine": False, "user_agent": "Firefox",
        }
    ]  # fmt: skip


def test_the_mail_is_found_by_its_number_at_the_provider() -> None:
    sent()

    recorded = record_mail_event(Happening("opened", NOW), NOW, gateway="sendgrid:1", provider_id="sg-1")

    assert recorded.changed


def test_each_opening_is_told_and_only_a_persons_first_is_the_first() -> None:
    sent()

    for minutes, machine in ((0, True), (1, False), (2, False)):
        tell("opened", at=NOW + timedelta(minutes=minutes), machine=machine)

    assert [(data["machine"], data["first"]) for data in told("email.opened")] == [
        (True, False), (False, True), (False, False),
    ]  # fmt: skip


def test_the_same_opening_comes_once() -> None:
    sent()

    first = tell("opened", event_id="e1")
    again = tell("opened", event_id="e1", at=NOW + timedelta(hours=1))
    bucket = [tell("opened", at=NOW + timedelta(hours=2, seconds=n)).changed for n in (0, 1, 59, 60)]

    assert (first.changed, again.changed, again.why) == (True, False, "It is known already.")
    assert bucket == [True, False, False, True]


def test_clicks_of_two_links_are_two() -> None:
    sent()

    changed = [tell("clicked", url=url).changed for url in ("https://a.example", "https://b.example")]

    assert changed == [True, True]
    assert [data["url"] for data in told("email.clicked")] == ["https://a.example", "https://b.example"]
    assert [data["first"] for data in told("email.clicked")] == [True, False]


@pytest.mark.django_db(transaction=True)
def test_of_several_openings_at_once_one_is_the_first() -> None:
    sent()
    ready = Barrier(4)

    def one(n: int) -> bool:
        ready.wait(10)
        try:
            return tell("opened", event_id=str(n)).changed
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(one, range(4))) == [True] * 4
    assert sorted(data["first"] for data in told("email.opened")) == [False, False, False, True]


def test_a_complaint_closes_the_address_and_is_told_once() -> None:
    message = sent()

    assert tell("complained", event_id="1").changed
    assert not tell("complained", event_id="2").changed

    message.contact.refresh_from_db()
    assert message.contact.is_closed("email")
    assert Suppression.objects.get().reason == "complaint"
    assert len(told("email.complained")) == 1


def test_leaving_at_the_provider_is_leaving() -> None:
    message = sent()

    assert tell("unsubscribed").changed
    assert not tell("unsubscribed").changed

    message.contact.refresh_from_db()
    assert message.contact.is_closed("email")
    assert len(told("email.unsubscribed")) == 1


@pytest.mark.parametrize(
    ("kind", "status", "events"),
    [("delivered", "delivered", 0), ("bounced", "bounced", 1), ("rejected", "failed", 0), ("sent", "sent", 0)],
)
def test_states_move_the_message_on(kind: str, status: str, events: int) -> None:
    message = sent()

    tell(kind, code="5.1.1", lasting=kind == "bounced")

    message.refresh_from_db()
    assert message.status == status
    assert len(told("email.bounced")) == events
    assert Suppression.objects.count() == events


@pytest.mark.parametrize(
    ("kind", "lasting", "closed"),
    [
        ("bounced", True, 1), ("bounced", False, 0), ("complained", False, 1), ("unsubscribed", False, 1),
        ("opened", False, 0), ("no such kind", False, 0),
    ],
)  # fmt: skip
def test_a_mail_nobody_knows_closes_the_address_where_it_must_and_tells_nothing(
    kind: str, lasting: bool, closed: int
) -> None:
    recorded = tell(kind, "<x@elsewhere>", recipient="bob@example.org", lasting=lasting)

    assert recorded.message is None
    assert recorded.why
    assert Suppression.objects.count() == closed
    assert not Event.objects.filter(type__startswith="email.").exists()


def test_what_is_told_of_another_receiver_does_not_concern_the_mail() -> None:
    message = sent()

    tell("complained", recipient="bob@example.org")

    message.contact.refresh_from_db()
    assert not message.contact.is_closed("email")
    assert not told("email.complained")


@pytest.mark.parametrize("kind", ["no such kind", "", "inbound"])
def test_a_kind_that_is_none_is_refused_without_an_error(kind: str) -> None:
    sent()

    assert not tell(kind).changed


def test_whatever_stands_in_it_is_kept_within_its_bounds() -> None:
    sent()

    tell("clicked", url="https://x.de/" + "a" * 5000, user_agent="\ud800" * 0 + "b" * 900, event_id="\udcff" * 300)

    row = MessageEvent.objects.get()
    assert (len(row.url), len(row.user_agent)) == (2000, 300)
