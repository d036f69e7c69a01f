from typing import Any
from uuid import uuid4

import pytest

from conversations.models import Message
from triggers.models import Event
from triggers.tests import make
from triggers.tests.api import calls

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:No directory at"),
]
URL = "/api/v1/messages/"


def client(*scopes: str, **kwargs: Any) -> Any:
    return calls.client(*(scopes or ("messages:read", "messages:write")), **kwargs)


def message(**values: Any) -> Message:
    return Message.objects.create(
        **{
            "direction": "out", "key": uuid4(), "status": "sent", "subject": "Welcome", "text": "Hello",
            "html": "<p>Hello</p>", "message_id": f"<{uuid4().hex}@example.org>", "category": "marketing",
            "workflow_id": 7, "run_id": 8, **({} if "contact" in values else {"contact": make.contact()}), **values,
        }
    )  # fmt: skip


def test_the_list_leaves_the_texts_out_and_one_message_holds_them() -> None:
    row = message()

    [listed] = client().get(URL).json()["results"]
    whole = client().get(f"{URL}{row.pk}/").json()

    assert (listed["id"], listed["contact"], listed["status"]) == (row.pk, row.contact_id, "sent")
    assert (listed["workflow"], listed["run"]) == (7, 8)
    assert "text" not in listed
    assert "html" not in listed
    assert (whole["text"], whole["html"]) == ("Hello", "<p>Hello</p>")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"direction": "out"}, True), ({"direction": "in"}, False),
        ({"status": "sent"}, True), ({"status": "failed"}, False),
        ({"category": "marketing"}, True), ({"category": "transactional"}, False),
        ({"workflow": 7, "run": 8}, True), ({"workflow": 8}, False),
        ({"message_id": "<1@example.org>"}, True), ({"message_id": "<2@example.org>"}, False),
        ({"since": "2027-03-10T12:00:00Z"}, True), ({"until": "2027-03-10T12:00:00Z"}, False),
    ],
)  # fmt: skip
def test_the_list_is_narrowed(query: dict[str, Any], found: bool) -> None:
    message(message_id="<1@example.org>", created_at="2027-03-10T12:00:00Z")

    assert len(client().get(URL, query).json()["results"]) == found


def test_a_contacts_conversation() -> None:
    mine = message()
    message(contact=make.contact(email="bob@example.org"))

    results = client().get(URL, {"contact": mine.contact_id}).json()["results"]

    assert [row["id"] for row in results] == [mine.pk]


def test_a_reply_is_recorded_and_starts_what_waits_for_it() -> None:
    mail = message(message_id="<1@example.org>")

    response = client().post(
        URL,
        {
            "contact": mail.contact_id, "direction": "in", "subject": "Re: Welcome", "text": "Yes, please\n",
            "in_reply_to": "<1@example.org>", "message_id": "<2@example.org>", "from_address": "anna@home.example",
        },
    )  # fmt: skip

    reply = Message.objects.get(direction="in")
    assert response.status_code == 201
    assert response.json()["id"] == reply.pk
    assert (reply.text, reply.from_address, reply.status) == ("Yes, please\n", "anna@home.example", "received")
    told = Event.objects.get(type="message.customer_replied")
    assert (told.actor, told.origin) == ("api", "api")
    assert (told.data["in_reply_to_message_id"], told.data["workflow_id"]) == (mail.pk, 7)


def test_the_same_reply_twice_is_one_message() -> None:
    contact, api = make.contact(), client()
    body = {"contact": contact.pk, "text": "Yes", "message_id": "<2@example.org>"}

    first, second = api.post(URL, body), api.post(URL, body)
    repeated = [api.post(URL, {"contact": contact.pk, "text": "No"}, HTTP_IDEMPOTENCY_KEY="k") for _ in range(2)]

    assert first.json()["id"] == second.json()["id"]
    assert repeated[0].json()["id"] == repeated[1].json()["id"]
    assert Event.objects.filter(type="message.customer_replied").count() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"contact": 0}, "contact"),
        ({"contact": None}, "contact"),
        ({"text": ""}, "text"),
        ({"direction": "out"}, "direction"),
        ({"channel": "pigeon"}, "channel"),
        ({"message_id": "<1@example.org>"}, "message_id"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_recorded(change: dict[str, Any], field: str) -> None:
    mail = message(message_id="<1@example.org>")

    response = client().post(URL, {"contact": mail.contact_id, "text": "Yes", **change})

    assert response.status_code == 400
    assert set(calls.errors(response)) == {field}
    assert not Message.objects.filter(direction="in").exists()
    assert not Event.objects.filter(type="message.customer_replied").exists()


@pytest.mark.parametrize(
    ("scopes", "read", "write"),
    [(("messages:read",), 200, 403), (("messages:write",), 403, 201), (("contacts:read",), 403, 403)],
)
def test_a_key_needs_the_scope(scopes: tuple[str, ...], read: int, write: int) -> None:
    contact, api = make.contact(), client(*scopes)

    assert api.get(URL).status_code == read
    assert api.post(URL, {"contact": contact.pk, "text": "Yes"}).status_code == write


def test_the_keys_user_needs_the_permission() -> None:
    user = calls.with_permissions(make.user(), "conversations.view_message")
    api, contact = client(user=user), make.contact()

    assert api.get(URL).status_code == 200
    assert api.post(URL, {"contact": contact.pk, "text": "Yes"}).status_code == 403


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_messages_are_not_changed(method: str) -> None:
    row = message()

    assert getattr(client(), method)(f"{URL}{row.pk}/", {"subject": "Other"}).status_code == 405


def post(given: dict[str, Any], path: str) -> Any:
    return calls.client("messages:read", "messages:write", name=uuid4().hex[:8]).post(f"{URL}{path}", given)


def test_a_gateway_hands_in_what_somebody_wrote() -> None:
    contact = make.contact(phone="+4930123456")
    given = {
        "channel": "sms", "gateway": "modem", "provider_id": "7", "from_address": "+4930123456", "body": "Stop",
        "media": ["https://example.org/a.png"],
    }  # fmt: skip

    answer, again = post(given, "inbound/"), post(given, "inbound/")

    message = Message.objects.get()
    assert answer.json() == {"message": message.pk, "kind": "message", "why": "", "again": False}
    assert again.json() == {"message": message.pk, "kind": "message", "why": "", "again": True}
    assert (message.gateway, message.media) == ("api:modem", ["https://example.org/a.png"])
    contact.refresh_from_db()
    assert contact.is_closed("sms")


def test_a_gateway_reports_how_a_message_fared() -> None:
    message = Message.objects.create(
        contact=make.contact(), direction="out", channel="sms", status="sent", gateway="http:texts", provider_id="SM1"
    )
    given = {"gateway": "http:texts", "provider_id": "SM1", "status": "undelivered", "code": "30003", "text": "Off"}

    answer = post(given, "status/")

    assert answer.json() == {"message": message.pk, "changed": True, "why": ""}
    unknown = post({**given, "provider_id": "SM2"}, "status/").json()
    assert (unknown["message"], unknown["changed"]) == (None, False)
    assert post({**given, "status": "queued"}, "status/").status_code == 400


def test_reports_need_the_scope_of_messages() -> None:
    reading = client("messages:read")

    assert reading.post(f"{URL}status/", {}).status_code == 403
    assert reading.post(f"{URL}inbound/", {}).status_code == 403
