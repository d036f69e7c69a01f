"""The rules that a webhook's row keeps, whoever writes it."""

import base64

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from capture.models import InboundRequest, InboundWebhook, check_mapping, check_match
from capture.tests import make

pytestmark = pytest.mark.django_db
STANDARD = "whsec_" + base64.b64encode(b"s" * 32).decode()


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"signature": "none"}, {}),
        ({"signature": "none", "allow_get": True}, {}),
        ({"signature": "hmac", "secret": "anything"}, {}),
        ({"signature": "standard", "secret": STANDARD}, {}),
        ({"signature": "hmac"}, {"secret": ["Enter the secret the sender signs with."]}),
        ({"signature": "standard"}, {"secret": ["Enter the secret the sender signs with."]}),
        (
            {"signature": "standard", "secret": "not base64!"},
            {"secret": ["The secret is not base64. Copy it whole, with “whsec_” in front, from where it was made."]},
        ),
        (
            {"signature": "hmac", "secret": "anything", "allow_get": True},
            {"allow_get": ["A link carries no signature. Accept no GET, or ask for none."]},
        ),
    ],
)
def test_a_signature_needs_a_secret_and_a_body(fields: dict[str, object], refused: dict[str, list[str]]) -> None:
    webhook = InboundWebhook(name="Quotes", **fields)

    told: dict[str, list[str]] = {}
    try:
        webhook.clean()
    except ValidationError as error:
        told = error.message_dict

    assert told == refused


@pytest.mark.parametrize("empty", [None, [], "", {}])
def test_no_mapping_is_an_empty_one(empty: object) -> None:
    webhook, _token = make.webhook(mapping=empty)

    assert webhook.mapping == {}


def test_a_secret_that_cannot_be_read_is_to_be_entered_again(settings: object) -> None:
    make.webhook(signature="hmac", secret="s3cret")
    settings.SECRET_KEY = "another one altogether"  # type: ignore[attr-defined]

    with pytest.raises(ValidationError) as refused:
        InboundWebhook.objects.get().clean()

    assert "enter the secret again" in refused.value.message_dict["secret"][0]


def test_a_wrong_mapping_is_told_entry_by_entry() -> None:
    with pytest.raises(ValidationError) as refused:
        check_mapping({"e_mail": "a", "phone": "b..c", "company": "d"})

    assert refused.value.messages == [
        "e_mail: There is no such contact field. Did you mean email?",
        "phone: Between two full stops stands a key, for example contact.email.",
    ]


@pytest.mark.parametrize("value", [[], {}, "email", None, ["email", "name"], [["email"]], [{}]])
def test_contacts_are_found_by_known_fields_only(value: object) -> None:
    with pytest.raises(ValidationError) as refused:
        check_match(value)

    assert refused.value.messages == ["Choose at least one of: external_id, email, phone."]


def test_a_delivery_id_is_stored_once_per_webhook() -> None:
    webhook, _token = make.webhook()
    same = {"webhook": webhook, "external_id": "msg_1", "method": "POST", "body": b"", "digest": "0"}
    InboundRequest.objects.create(**same)

    with pytest.raises(IntegrityError), transaction.atomic():
        InboundRequest.objects.create(**same)
    assert InboundRequest.objects.count() == 1


def test_rows_are_called_what_staff_call_them() -> None:
    assert str(InboundWebhook(name="Quotes")) == "Quotes"
    assert str(InboundRequest(external_id="msg_1")) == "msg_1"
    assert str(InboundRequest(external_id="sha256:" + "0123456789" * 6)) == "sha256:0123456789012…"
