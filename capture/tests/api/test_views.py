"""`/api/v1/inbound-webhooks/`."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from capture import services
from capture.intake import take_in
from capture.models import InboundWebhook
from capture.tests import make
from contacts.tests.make import user
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db
LIST = "/api/v1/inbound-webhooks/"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


SCOPES = ("inbound-webhooks:read", "inbound-webhooks:write")


@pytest.fixture
def api() -> Any:
    return calls.client(*SCOPES)


def test_a_webhook_is_made_and_its_token_told_once(api: Any) -> None:
    answer = api.post(LIST, {"name": "Quotes", "mapping": {"email": "contact.email"}})

    made = answer.json()
    webhook = InboundWebhook.objects.get()
    assert answer.status_code == 201
    assert services.by_token(made["token"], timezone.now()) == webhook
    assert made["address"].endswith(f"/in/{made['token']}/")
    assert (webhook.owner, webhook.mapping) == (api.user, {"email": "contact.email"})
    read = api.get(f"{LIST}{webhook.pk}/").json()
    assert read == {name: value for name, value in made.items() if name not in ("token", "address")}
    assert read["token_last4"] == made["token"][-4:]
    assert "secret" not in read


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({}, "name", "This field is required."),
        (
            {"name": "A", "mapping": {"e_mail": "x"}}, "mapping",
            "e_mail: There is no such contact field. Did you mean email?",
        ),
        ({"name": "A", "mapping": ["x"]}, "mapping", 'Expected a dictionary of items but got type "list".'),
        ({"name": "A", "match_by": ["name"]}, "match_by", "Choose at least one of: external_id, email, phone."),
        ({"name": "A", "signature": "hmac"}, "secret", "Enter the secret the sender signs with."),
        ({"name": "A", "per_minute": 0}, "per_minute", "Ensure this value is greater than or equal to 1."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field(api: Any, body: Any, field: str, message: str) -> None:
    answer = api.post(LIST, body)

    assert answer.status_code == 400
    told = answer.json()["errors"][0]
    assert (told["field"].split("[")[0], told["message"]) == (field, message)
    assert not InboundWebhook.objects.exists()


def test_a_webhook_is_changed_listed_and_deleted(api: Any) -> None:
    webhook, token = make.webhook("Quotes")
    make.webhook("Orders", active=False)

    changed = api.patch(f"{LIST}{webhook.pk}/", {"name": "Leads"})
    listed = api.get(f"{LIST}?active=true").json()["results"]
    deleted = api.delete(f"{LIST}{webhook.pk}/")

    assert (changed.status_code, changed.json()["name"]) == (200, "Leads")
    assert [row["name"] for row in listed] == ["Leads"]
    assert deleted.status_code == 204
    assert services.by_token(token, timezone.now()) is None


def test_a_change_is_checked_against_the_whole_webhook(api: Any) -> None:
    webhook, _token = make.webhook(signature="hmac", secret="former secret")

    refused = api.patch(f"{LIST}{webhook.pk}/", {"signature": "standard"})
    kept = api.patch(f"{LIST}{webhook.pk}/", {"name": "Renamed"})

    assert (refused.status_code, refused.json()["errors"][0]["field"].split("[")[0]) == (400, "secret")
    assert kept.status_code == 200
    webhook.refresh_from_db()
    assert (webhook.signature, webhook.secret, webhook.previous_secret) == ("hmac", "former secret", "")


def test_a_secret_is_replaced_and_never_told(api: Any) -> None:
    webhook, _token = make.webhook(signature="hmac", secret="former secret")

    answer = api.patch(f"{LIST}{webhook.pk}/", {"secret": "newer secret"})

    assert "secret" not in answer.json()
    webhook.refresh_from_db()
    assert services.valid_secrets(webhook, timezone.now()) == ["newer secret", "former secret"]


def test_what_the_house_decides_is_not_set_from_outside(api: Any) -> None:
    webhook, token = make.webhook()

    api.patch(f"{LIST}{webhook.pk}/", {"token_digest": "0" * 64, "token_last4": "0000", "capturing": True})

    webhook.refresh_from_db()
    assert webhook.token_digest == services.digest_of(token)
    assert (webhook.token_last4, webhook.capturing) == (token[-4:], False)


def test_rotating_tells_the_new_token(api: Any) -> None:
    webhook, old = make.webhook()

    answer = api.post(f"{LIST}{webhook.pk}/rotate/")

    told = answer.json()
    webhook.refresh_from_db()
    assert answer.status_code == 200
    assert services.by_token(told["token"], timezone.now()) == webhook
    assert services.by_token(old, timezone.now()) == webhook
    assert services.by_token(old, timezone.now() + timedelta(hours=24)) is None
    assert told["address"].endswith(f"/in/{told['token']}/")
    assert datetime.fromisoformat(told["previous_until"]) == webhook.previous_until


def test_a_sample_is_asked_for_and_read(api: Any) -> None:
    webhook, _token = make.webhook()
    address = f"{LIST}{webhook.pk}/sample/"
    before = api.get(address).json()
    asked = api.post(address)
    webhook.refresh_from_db()
    take_in(webhook, make.sent({"email": "mia@example.org"}), NOON)

    assert before == {"capturing": False, "sampled_at": None, "sample": None, "suggested_mapping": {}}
    assert (asked.status_code, asked.json()["capturing"]) == (200, True)
    assert api.get(address).json() == {
        "capturing": False,
        "sampled_at": "2026-11-20T12:00:00Z",
        "sample": {
            "method": "POST",
            "content_type": "application/json",
            "headers": {},
            "query": {},
            "body": {"email": "mia@example.org"},
        },
        "suggested_mapping": {"email": "email"},
    }


def test_requests_are_listed_newest_first(api: Any) -> None:
    webhook, _token = make.mapped()
    other, _token = make.webhook("Other")
    take_in(other, make.sent({}), NOON)
    first = take_in(webhook, make.sent({"contact": {"email": "mia@"}}, webhook_id="msg_1"), NOON)
    take_in(webhook, make.sent({"long": "ä" * 3000}, webhook_id="msg_2"), NOON + timedelta(hours=1))

    rows = api.get(f"{LIST}{webhook.pk}/requests/").json()["results"]

    assert [row["delivery_id"] for row in rows] == ["msg_2", "msg_1"]
    assert len(rows[0]["body"]) == 2000
    request = webhook.requests.get(external_id="msg_1")
    assert rows[1] == {
        "id": request.pk,
        "delivery_id": "msg_1",
        "method": "POST",
        "query": "",
        "headers": {"webhook-id": "msg_1"},
        "content_type": "application/json",
        "body": '{"contact": {"email": "mia@"}}',
        "received_at": "2026-11-20T12:00:00Z",
        "status": "done",
        "error": "",
        "problems": [
            "email: Enter a valid email address.",
            "Nothing that was sent says who it is about: no name, e-mail or phone number.",
        ],
        "event_id": first.event_id,
        "contact_id": None,
    }


def test_scopes_and_permissions_are_asked_for() -> None:
    webhook, _token = make.webhook()
    reader, writer = calls.client(SCOPES[0]), calls.client(SCOPES[1])
    nobody = calls.client(*SCOPES, user=user("nobody"))
    one = f"{LIST}{webhook.pk}/"

    asked = {
        "anonymous": Client().get(LIST).status_code,
        "reader reads": reader.get(one).status_code,
        "reader samples": reader.get(f"{one}sample/").status_code,
        "reader changes": reader.patch(one, {"name": "X"}).status_code,
        "reader rotates": reader.post(f"{one}rotate/").status_code,
        "reader captures": reader.post(f"{one}sample/").status_code,
        "writer reads": writer.get(one).status_code,
        "writer changes": writer.patch(one, {"name": "X"}).status_code,
        "nobody reads": nobody.get(one).status_code,
        "nobody sees requests": nobody.get(f"{one}requests/").status_code,
        "nobody rotates": nobody.post(f"{one}rotate/").status_code,
    }

    assert asked == {
        "anonymous": 401,
        "reader reads": 200,
        "reader samples": 200,
        "reader changes": 403,
        "reader rotates": 403,
        "reader captures": 403,
        "writer reads": 403,
        "writer changes": 200,
        "nobody reads": 403,
        "nobody sees requests": 403,
        "nobody rotates": 403,
    }
