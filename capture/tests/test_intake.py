"""Taking a delivery in: once by its id, whole or not at all."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from django.db import OperationalError

from capture import intake
from capture.intake import Taken, take_in
from capture.models import InboundRequest, InboundWebhook
from capture.tests import make
from contacts import leads
from contacts.models import Contact
from triggers.api.problems import Conflict
from triggers.models import Event

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MIA = {"contact": {"email": "mia@example.org", "first_name": "Mia"}}


def test_a_delivery_becomes_a_request_a_contact_and_an_event() -> None:
    webhook, _token = make.mapped()
    sent = make.sent(MIA, {"utm": "letter"}, "utm=letter", webhook_id="msg_1", user_agent="Sender/1", cookie="secret")

    taken = take_in(webhook, sent, NOON)

    contact = Contact.objects.get()
    request = InboundRequest.objects.get()
    event = Event.objects.get(type="webhook.received")
    assert taken == Taken(event.pk, contact.pk, duplicate=False)
    assert (contact.email, contact.first_name) == ("mia@example.org", "Mia")
    assert (request.webhook, request.external_id, request.status) == (webhook, "msg_1", "done")
    assert (request.event_id, request.contact_id, request.received_at) == (event.pk, contact.pk, NOON)
    assert (bytes(request.body), request.query) == (sent.raw_body, "utm=letter")
    assert request.digest == sha256(sent.raw_body).hexdigest()
    assert request.headers == {"webhook-id": "msg_1", "user-agent": "Sender/1"}
    assert (event.subject_type, event.subject_id, event.contact_id) == (
        "capture.inboundwebhook",
        webhook.pk,
        contact.pk,
    )
    assert event.data == {
        "webhook_id": webhook.pk,
        "webhook": "Quotes",
        "contact_id": contact.pk,
        "method": "POST",
        "content_type": "application/json",
        "delivery_id": "msg_1",
        "received_at": "2026-11-20T12:00:00Z",
        "body": MIA,
        "query": {"utm": "letter"},
        "headers": {"webhook-id": "msg_1", "user-agent": "Sender/1"},
        "problems": [],
    }


def test_what_a_delivery_causes_says_where_it_came_from() -> None:
    webhook, _token = make.mapped(name="Quotes")

    take_in(webhook, make.sent(MIA), NOON)

    made = Event.objects.get(type="contact.created")
    assert (made.actor, made.actor_id, made.origin) == ("provider", str(webhook.pk), "webhook Quotes")


def test_without_a_mapping_no_contact_is_looked_for() -> None:
    webhook, _token = make.webhook()

    taken = take_in(webhook, make.sent(MIA), NOON)

    assert taken == Taken(make.events()[0].pk, None, duplicate=False)
    assert make.events()[0].data["problems"] == []
    assert not Contact.objects.exists()


def test_what_could_not_be_stored_is_listed_and_the_delivery_stands() -> None:
    webhook, _token = make.mapped()
    sent = make.sent({"contact": {"email": "mia@", "first_name": "Mia", "phone": {}}}, notes=["A file was left out."])

    taken = take_in(webhook, sent, NOON)

    told = [
        "A file was left out.",
        "phone: At this path stands an object. Name the value within it.",
        "email: Enter a valid email address.",
    ]
    request = InboundRequest.objects.get()
    assert (request.status, request.problems) == ("done", told)
    assert make.events()[0].data["problems"] == told
    assert taken.contact_id == Contact.objects.get(first_name="Mia", email="").pk


def test_the_same_delivery_again_gets_the_first_answer_and_does_nothing() -> None:
    webhook, _token = make.mapped()
    first = take_in(webhook, make.sent(MIA, webhook_id="msg_1"), NOON)
    before = Event.objects.count()

    again = take_in(webhook, make.sent(MIA, webhook_id="msg_1"), NOON + timedelta(days=3))

    assert again == Taken(first.event_id, first.contact_id, duplicate=True)
    assert Event.objects.count() == before
    assert InboundRequest.objects.count() == 1


def test_the_same_id_with_other_content_is_kept_flagged_and_not_run() -> None:
    webhook, _token = make.mapped()
    take_in(webhook, make.sent(MIA, webhook_id="msg_1"), NOON)
    other = make.sent({"contact": {"email": "eve@example.org"}}, webhook_id="msg_1")

    for _attempt in range(2):
        with pytest.raises(Conflict) as refused:
            take_in(webhook, other, NOON)

    assert str(refused.value.detail) == (
        "The delivery “msg_1” came before with other content. Send new content under a new id."
    )
    assert len(make.events()) == 1
    assert not Contact.objects.filter(email="eve@example.org").exists()
    flagged = InboundRequest.objects.exclude(external_id="msg_1").get()
    assert flagged.external_id == f"msg_1~{other.digest[:16]}"
    assert (flagged.status, flagged.event_id, bytes(flagged.body)) == ("ignored", None, other.raw_body)
    assert flagged.error == "The id had been used for other content. Not run."


def test_two_webhooks_may_be_sent_the_same_id() -> None:
    for name in ("A", "B"):
        webhook, _token = make.webhook(name)
        assert not take_in(webhook, make.sent(MIA, webhook_id="msg_1"), NOON).duplicate

    assert [event.data["webhook"] for event in make.events()] == ["A", "B"]


def test_without_an_id_the_same_content_counts_once_in_any_24_hours() -> None:
    webhook, _token = make.webhook()
    hours = [0, 1, 23.9, 24, 30, 47.9, 48]

    taken = [take_in(webhook, make.sent(MIA), NOON + timedelta(hours=hour)) for hour in hours]

    assert [one.duplicate for one in taken] == [False, True, True, False, True, True, False]
    assert taken[2].event_id == taken[0].event_id
    assert taken[5].event_id == taken[3].event_id
    assert len(make.events()) == 3


def test_without_a_body_the_query_tells_deliveries_apart() -> None:
    webhook, _token = make.webhook()
    first = make.sent({}, {"n": "1"}, "n=1")
    second = make.sent({}, {"n": "2"}, "n=2")
    bare = [intake.Sent(**{**one.__dict__, "raw_body": b""}) for one in (first, second, first)]

    assert [take_in(webhook, one, NOON).duplicate for one in bare] == [False, False, True]


@pytest.mark.parametrize(
    ("headers", "external_id"),
    [
        ({"webhook_id": "msg_1", "x_request_id": "r1"}, "msg_1"),
        ({"idempotency_key": " key 1 "}, "key 1"),
        ({"x_request_id": "r1"}, "r1"),
        ({"webhook_id": "", "x_event_id": "e1"}, "e1"),
        ({"webhook_id": "a\0b\x1b"}, "ab"),
        ({"webhook_id": "x" * 120}, "x" * 120),
        ({"webhook_id": "x" * 121}, f"id:{sha256(b'x' * 121).hexdigest()}"),
        ({}, f"sha256:{sha256(b'{}').hexdigest()}"),
    ],
)
def test_the_id_is_the_senders_or_the_contents(headers: dict[str, str], external_id: str) -> None:
    webhook, _token = make.webhook()

    assert intake.delivery_id(webhook, make.sent(**headers), NOON) == external_id


def test_an_id_whose_request_was_purged_still_runs_once() -> None:
    webhook, _token = make.mapped()
    first = take_in(webhook, make.sent(MIA, webhook_id="msg_1"), NOON)
    InboundRequest.objects.all().delete()
    Contact.objects.update(first_name="Changed since")

    again = take_in(webhook, make.sent(MIA, webhook_id="msg_1"), NOON + timedelta(days=31))

    assert again == Taken(first.event_id, first.contact_id, duplicate=True)
    assert Contact.objects.get().first_name == "Changed since"
    assert not InboundRequest.objects.exists()


def test_a_busy_database_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    webhook, _token = make.mapped()

    def busy(*_args: object) -> None:
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr(leads.services, "create", busy)
    with pytest.raises(OperationalError):
        take_in(webhook, make.sent(MIA), NOON)
    assert not InboundRequest.objects.exists()
    assert not Event.objects.exists()

    monkeypatch.undo()
    assert not take_in(webhook, make.sent(MIA), NOON).duplicate


def test_a_fault_of_ours_does_not_lose_the_lead(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    webhook, _token = make.mapped()

    def broken(*_args: object) -> None:
        Contact.objects.create(first_name="half done")
        raise RuntimeError("a bug")

    monkeypatch.setattr(leads.services, "create", broken)

    taken = take_in(webhook, make.sent(MIA), NOON)

    told = "The contact was not stored because of a fault of ours; it is in the log."
    request = InboundRequest.objects.get()
    assert taken == Taken(make.events()[0].pk, None, duplicate=False)
    assert (request.status, request.error, request.problems) == ("failed", told, [told])
    assert make.events()[0].data["body"] == MIA
    assert not Contact.objects.exists()
    assert "RuntimeError: a bug" in caplog.text


def test_the_sample_is_the_next_delivery_and_only_that() -> None:
    webhook, _token = make.webhook()
    InboundWebhook.objects.update(capturing=True)

    for number, moment in ((1, NOON), (2, NOON + timedelta(hours=1))):
        webhook.refresh_from_db()
        take_in(webhook, make.sent({"n": number}, {"q": "1"}, user_agent="Sender/1"), moment)

    webhook.refresh_from_db()
    assert (webhook.capturing, webhook.sampled_at) == (False, NOON)
    assert webhook.sample == {
        "method": "POST",
        "content_type": "application/json",
        "headers": {"user-agent": "Sender/1"},
        "query": {"q": "1"},
        "body": {"n": 1},
    }
    assert len(make.events()) == 2
