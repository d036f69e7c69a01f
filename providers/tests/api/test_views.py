"""`/api/v1/connections/`."""

from typing import Any

import pytest

from contacts.tests.make import user
from providers.models import Connection, ProviderDelivery
from providers.receiving import take_in
from providers.tests import make
from providers.tests.signers import NOW
from triggers import sweeping
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db
LIST = "/api/v1/connections/"
SCOPES = ("connections:read", "connections:write")
STRIPE = {"provider": "stripe", "name": "Shop", "secrets": {"signing_secret": "whsec_abcdefghijk1234"}}


@pytest.fixture
def api() -> Any:
    return calls.client(*SCOPES)


def test_a_connection_is_made_and_no_secret_told(api: Any) -> None:
    answer = api.post(LIST, STRIPE)

    made = answer.json()
    connection = Connection.objects.get()
    assert answer.status_code == 201, made
    assert (connection.provider, connection.owner, connection.opened()) == ("stripe", api.user, STRIPE["secrets"])
    assert made["address"].endswith(f"/hooks/stripe/{connection.public_id}/")
    assert (made["secrets_set"], "secrets" in made) == (["signing_secret"], False)
    for address in (LIST, f"{LIST}{connection.pk}/"):
        assert b"abcdefghijk" not in api.get(address).content


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**STRIPE, "provider": "nobody"}, "provider"),
        ({**STRIPE, "name": ""}, "name"),
        ({**STRIPE, "secrets": {"signing_secret": "sk_1"}}, "secrets.signing_secret[0]"),
        ({**STRIPE, "secrets": {"other": "x"}}, "secrets.other[0]"),
        ({**STRIPE, "settings": {"other": 1}}, "settings"),
        ({**STRIPE, "per_minute": 0}, "per_minute"),
        ({"provider": "ses", "name": "Mail"}, "account_id"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(api: Any, body: Any, field: str) -> None:
    answer = api.post(LIST, body)

    assert answer.status_code == 400
    assert [error["field"].removesuffix("[0]") for error in answer.json()["errors"]] == [field.removesuffix("[0]")]
    assert not Connection.objects.exists()


def test_a_secret_is_replaced_and_the_former_works_on(api: Any) -> None:
    connection = make.connection("stripe", secrets={"signing_secret": "whsec_one"})

    answer = api.patch(f"{LIST}{connection.pk}/", {"secrets": {"signing_secret": "whsec_two"}})

    connection.refresh_from_db()
    assert answer.status_code == 200
    assert answer.json()["previous_until"] is not None
    assert (connection.secret("signing_secret"), len(connection.signing_secrets(NOW))) == ("whsec_two", 2)
    assert api.patch(f"{LIST}{connection.pk}/", {"provider": "meta"}).status_code == 400
    assert api.patch(f"{LIST}{connection.pk}/", {"name": "New"}).json()["secrets_set"] == ["signing_secret"]


def test_secrets_need_a_permission_of_their_own() -> None:
    someone = calls.with_permissions(user("ana"), "providers.add_connection", "providers.change_connection")
    limited = calls.client(*SCOPES, user=someone)

    assert limited.post(LIST, STRIPE).status_code == 403
    assert not Connection.objects.exists()
    assert limited.post(LIST, {"provider": "stripe", "name": "Shop"}).status_code == 201


def test_deliveries_are_listed_and_done_again(api: Any, tryout) -> None:
    connection = make.connection()
    take_in(connection, make.signed([{"id": 1}, {"id": 2, "do": "unclear"}]), NOW)
    sweeping.drain(NOW)
    done = ProviderDelivery.objects.get(dedupe_key="1")
    unclear = ProviderDelivery.objects.get(dedupe_key="2")
    ProviderDelivery.objects.filter(pk=unclear.pk).update(data={"id": 2})

    listed = api.get(f"{LIST}{connection.pk}/deliveries/").json()["results"]
    answer = api.post(f"{LIST}{connection.pk}/replay/", {"deliveries": [done.pk, unclear.pk]})

    assert [(row["delivery_id"], row["status"], row["error"]) for row in listed] == [
        ("2", "quarantined", "half of it makes no sense"), ("1", "done", ""),
    ]  # fmt: skip
    assert (answer.status_code, answer.json()) == (200, {"count": 1})
    assert api.post(f"{LIST}{connection.pk}/replay/", {"deliveries": [done.pk]}).status_code == 422
    assert api.post(f"{LIST}{connection.pk}/replay/", {"deliveries": []}).status_code == 400


def test_another_connections_deliveries_are_not_reached(api: Any, tryout) -> None:
    first, second = make.connection(), make.connection()
    take_in(first, make.signed([{"id": 1, "do": "ignore"}]), NOW)
    sweeping.drain(NOW)

    row = ProviderDelivery.objects.get()
    assert api.post(f"{LIST}{second.pk}/replay/", {"deliveries": [row.pk]}).status_code == 422
    assert api.get(f"{LIST}{second.pk}/deliveries/").json()["results"] == []


def test_without_the_scope_nothing_is_seen(tryout) -> None:
    make.connection()

    assert calls.client("contacts:read").get(LIST).status_code == 403


def test_a_provider_that_cannot_be_asked_says_so(api: Any) -> None:
    connection = make.connection("stripe")

    assert api.post(f"{LIST}{connection.pk}/test/").status_code == 409
