"""What staff do with inbound webhooks."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from capture import services
from capture.intake import take_in
from capture.models import InboundRequest, InboundWebhook
from capture.tests import make
from contacts.tests.make import user

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_of_a_new_token_only_the_digest_and_the_last_four_are_kept() -> None:
    webhook, token = services.create("Quotes", owner=user(), mapping={"email": "email"})

    stored = InboundWebhook.objects.get()
    assert stored == webhook
    assert str(stored.owner) == "ana"
    assert len(token) == 32
    assert stored.token_digest == sha256(token.encode()).hexdigest()
    assert stored.token_last4 == token[-4:]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM capture_inboundwebhook")
        assert token not in str(cursor.fetchall())


def test_two_tokens_are_never_alike() -> None:
    assert len({make.webhook()[1] for _n in range(20)}) == 20


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"name": ""}, "name"),
        ({"mapping": {"e_mail": "x"}}, "mapping"),
        ({"mapping": ["email"]}, "mapping"),
        ({"match_by": []}, "match_by"),
        ({"per_minute": 0}, "per_minute"),
        ({"signature": "hmac"}, "secret"),
        ({"hmac_header": "X Signature"}, "hmac_header"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field(fields: dict[str, object], where: str) -> None:
    with pytest.raises(ValidationError) as refused:
        services.create(**{"name": "Quotes", **fields})

    assert list(refused.value.message_dict) == [where]
    assert not InboundWebhook.objects.exists()


def test_rotating_lets_the_former_token_work_for_a_day_and_no_older_one() -> None:
    webhook, first = make.webhook()
    second = services.rotate(webhook, NOON)
    third = services.rotate(webhook, NOON + timedelta(hours=1))

    def opens(token: str, at: datetime) -> bool:
        return services.by_token(token, at) == webhook

    assert [opens(token, NOON + timedelta(hours=2)) for token in (first, second, third)] == [False, True, True]
    assert [opens(token, NOON + timedelta(hours=25)) for token in (first, second, third)] == [False, False, True]
    assert webhook.token_last4 == third[-4:]
    assert webhook.previous_until == NOON + timedelta(hours=25)


def test_rotating_changes_nothing_else() -> None:
    webhook, _token = make.webhook(name="Quotes")
    InboundWebhook.objects.update(name="Renamed meanwhile")

    services.rotate(webhook, NOON)

    assert InboundWebhook.objects.get().name == "Renamed meanwhile"


def test_a_secret_that_is_replaced_is_valid_for_a_day() -> None:
    webhook, _token = make.webhook(signature="hmac", secret="former secret")
    webhook.secret = "new secret"

    services.keep_previous_secret(webhook, NOON)
    webhook.save()

    stored = InboundWebhook.objects.get()
    assert services.valid_secrets(stored, NOON) == ["new secret", "former secret"]
    assert services.valid_secrets(stored, NOON + timedelta(hours=24)) == ["new secret"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret, previous_secret FROM capture_inboundwebhook")
        assert "secret" not in str(cursor.fetchone())


def test_a_sample_is_asked_for_and_suggests_a_mapping_for_what_is_not_mapped() -> None:
    webhook, _token = make.webhook(mapping={"email": "old.path"})
    services.start_capture(webhook)
    take_in(webhook, make.sent({"email": "mia@example.org", "first_name": "Mia"}), NOON)
    webhook.refresh_from_db()

    added = services.adopt_suggestion(webhook)

    assert added == ["first_name"]
    webhook.refresh_from_db()
    assert webhook.mapping == {"email": "old.path", "first_name": "first_name"}
    assert services.adopt_suggestion(webhook) == []


def test_the_address_is_public(settings: object) -> None:
    settings.PUBLIC_URL = "https://crm.example.org"  # type: ignore[attr-defined]

    assert services.address("abc") == "https://crm.example.org/in/abc/"


def test_the_purge_deletes_what_is_older_than_30_days() -> None:
    webhook, _token = make.webhook()
    for days in (29, 30, 31, 400):
        InboundRequest.objects.create(
            webhook=webhook, external_id=str(days), method="POST", body=b"{}", digest="0",
            received_at=NOON - timedelta(days=days),
        )  # fmt: skip

    assert services.purge(NOON) == 2
    assert sorted(InboundRequest.objects.values_list("external_id", flat=True)) == ["29", "30"]
