"""Connections: made, their secrets kept and changed, deliveries done again, old ones deleted."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection as database

from contacts.models import Contact
from providers import services
from providers.models import Connection, ProviderDelivery
from providers.receiving import take_in
from providers.tests import make
from providers.tests.signers import NOW
from triggers import sweeping
from triggers.problems import Invalid

pytestmark = pytest.mark.django_db


def test_an_address_cannot_be_guessed(tryout, settings) -> None:
    settings.PUBLIC_URL = "https://crm.example.org"
    first, second = make.connection(), make.connection()

    assert services.address(first) == f"https://crm.example.org/hooks/tryout/{first.public_id}/"
    assert len(first.public_id) == 32
    assert first.public_id != second.public_id


def test_secrets_are_not_in_the_database(tryout) -> None:
    made = make.connection(secrets={"key": "very-secret-indeed", "token": "another-one"})

    with database.cursor() as cursor:
        cursor.execute("SELECT * FROM providers_connection")
        assert "secret-indeed" not in str(cursor.fetchall())
    again = Connection.objects.get(pk=made.pk)
    assert again.opened() == {"key": "very-secret-indeed", "token": "another-one"}
    assert "secret-indeed" not in repr(again.secrets)


def test_a_replaced_signing_secret_works_on_and_others_are_simply_replaced(tryout) -> None:
    made = make.connection(secrets={"key": "one", "token": "t1"})

    assert services.write_secrets(made, {"key": "", "token": "t2"}, NOW) == ["token"]
    assert made.previous_until is None
    assert services.write_secrets(made, {"key": "two"}, NOW) == ["key"]
    assert services.write_secrets(made, {"key": "two"}, NOW) == []

    assert made.signing_secrets(NOW) == ["two", "one"]
    assert made.signing_secrets(NOW + services.OVERLAP) == ["two"]
    assert made.opened() == {"key": "two", "token": "t2"}
    services.drop_former(made)
    assert made.signing_secrets(NOW) == ["two"]


@pytest.mark.parametrize(
    ("provider", "fields", "where"),
    [
        ("nobody", {}, "provider"),
        ("tryout", {"options": {"loud": "very"}}, "settings"),
        ("tryout", {"options": {"other": True}}, "settings"),
        ("tryout", {"secrets": {"other": "x"}}, "other"),
        ("tryout", {"secrets": {"key": "x" * 6000}}, "key"),
        ("tryout", {"per_minute": 0}, "per_minute"),
        ("tryout", {"name": ""}, "name"),
        ("ses", {}, "account_id"),
        ("stripe", {"secrets": {"signing_secret": "sk_live_1"}}, "signing_secret"),
        ("sendgrid", {"secrets": {"verification_key": "abc"}}, "verification_key"),
        ("postmark", {"secrets": {"basic_auth": "hook"}}, "basic_auth"),
        ("standard_webhooks", {"secrets": {"secret": "not base64 at all!!"}}, "secret"),
        ("cal_com", {"secrets": {"secret": "no-secret-provided"}}, "secret"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_made(tryout, provider, fields, where) -> None:
    with pytest.raises(ValidationError) as told:
        services.create(provider, fields.pop("name", "Ours"), **fields)

    assert list(told.value.message_dict) == [where]
    assert not Connection.objects.exists()


def test_what_was_not_done_can_be_done_again(tryout, monkeypatch) -> None:
    made = make.connection()
    take_in(made, make.signed([{"id": 1, "do": "unclear"}, {"id": 2}]), NOW)
    sweeping.drain(NOW)
    unclear, done = ProviderDelivery.objects.order_by("pk")
    ProviderDelivery.objects.filter(pk=unclear.pk).update(data={"id": 1})

    assert services.replay([unclear, done], NOW) == 1
    sweeping.drain(NOW)

    assert set(ProviderDelivery.objects.values_list("status", flat=True)) == {"done"}
    assert Contact.objects.count() == 2
    with pytest.raises(Invalid):
        services.replay([done], NOW)


def test_a_body_nobody_could_read_is_read_by_what_the_code_knows_today(tryout, monkeypatch) -> None:
    made = make.connection()
    take_in(made, make.signed(b"[{'id': 7}]"), NOW)
    row = ProviderDelivery.objects.get()
    with pytest.raises(Invalid):
        services.replay([row], NOW)

    monkeypatch.setattr(tryout, "items", lambda _delivery: [make.Item("7", {"id": 7}, "try")])
    assert services.replay([row], NOW) == 1
    sweeping.drain(NOW)

    assert ProviderDelivery.objects.get().status == "done"


def test_old_ones_are_deleted_and_what_waits_for_a_person_later(tryout) -> None:
    made = make.connection()
    take_in(made, make.signed([{"id": n} for n in range(5)]), NOW)
    for pk, status in zip(
        ProviderDelivery.objects.order_by("pk").values_list("pk", flat=True),
        ("done", "ignored", "quarantined", "failed", "waiting"), strict=True,
    ):  # fmt: skip
        ProviderDelivery.objects.filter(pk=pk).update(status=status)

    assert services.purge(NOW + timedelta(days=30)) == 0
    assert services.purge(NOW + timedelta(days=30, seconds=1)) == 2
    assert services.purge(NOW + timedelta(days=91)) == 2
    assert list(ProviderDelivery.objects.values_list("status", flat=True)) == ["waiting"]
