"""Connections in the admin: made by provider, their secrets written and never read, buttons and what they tell."""

import pytest
from django.utils import timezone

from providers import frame, services
from providers.models import Connection
from providers.receiving import take_in
from providers.tests import make
from triggers import sweeping
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
LIST = "/admin/providers/connection/"
KEYS = sorted(frame.providers)


def form(**fields: str) -> dict[str, str]:
    return {"name": "Ours", "active": "on", "per_minute": "600", "account_id": "", **fields}


def page(connection: Connection) -> str:
    return f"{LIST}{connection.pk}/change/"


def test_first_the_provider_is_chosen() -> None:
    client = visit.boss()

    words = visit.text(client, f"{LIST}add/")

    for key in KEYS:
        assert str(frame.find(key).label) in words
    assert visit.text(client, f"{LIST}add/?provider=nobody") == words


@pytest.mark.parametrize("key", KEYS)
def test_each_provider_has_its_own_form(key: str) -> None:
    answer = visit.boss().get(f"{LIST}add/?provider={key}")

    kind, fields = frame.find(key), answer.context["adminform"].form.fields
    assert answer.status_code == 200
    assert [name for name in fields if name.startswith("secret_")] == [f"secret_{each.name}" for each in kind.secrets]
    assert visit.refused_by_policy(answer.content.decode()) == []
    assert ("account_id" in fields) is bool(kind.account_label)


def test_a_connection_is_made_and_its_secret_never_shown() -> None:
    client = visit.boss()

    told = client.post(f"{LIST}add/?provider=stripe", form(secret_signing_secret="whsec_abcdefghijk1234"), follow=True)

    connection = Connection.objects.get()
    assert (connection.provider, connection.opened()) == ("stripe", {"signing_secret": "whsec_abcdefghijk1234"})
    page_text = told.content.decode()
    assert "abcdefghijk" not in page_text
    assert "Stored, ends with …1234. Left empty, it stays." in page_text
    assert services.address(connection) in page_text
    assert "Nothing has come in yet. Enter the address at Stripe." in visit.words(page_text)


def test_a_secret_of_our_own_is_made_and_shown_once() -> None:
    client = visit.boss()

    shown = client.post(f"{LIST}add/?provider=postmark", form())

    connection = Connection.objects.get()
    secret = connection.secret("basic_auth")
    assert secret.startswith("concours:")
    assert secret in shown.content.decode()
    assert secret not in client.get(page(connection)).content.decode()


def test_a_new_secret_is_shown_once_and_the_former_works_on() -> None:
    client, connection = visit.boss(), make.connection("postmark")
    former = connection.secret("basic_auth")

    shown = client.post(f"{LIST}{connection.pk}/do/rotate/")

    connection.refresh_from_db()
    assert connection.secret("basic_auth") in shown.content.decode()
    assert connection.signing_secrets(timezone.now()) == [connection.secret("basic_auth"), former]
    assert "End the former secret" in visit.text(client, page(connection))
    assert visit.pressed(client, f"{LIST}{connection.pk}/do/forget-former/") == (
        "Only the present secret counts from now on."
    )
    connection.refresh_from_db()
    assert connection.signing_secrets(timezone.now()) == [connection.secret("basic_auth")]


@pytest.mark.parametrize(
    ("key", "fields", "wrong"),
    [
        ("stripe", {"secret_signing_secret": "sk_live_1"}, "secret_signing_secret"),
        ("ses", {}, "account_id"), ("stripe", {"name": ""}, "name"), ("stripe", {"per_minute": "0"}, "per_minute"),
        ("sendgrid", {"secret_verification_key": "x"}, "secret_verification_key"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field(key: str, fields: dict[str, str], wrong: str) -> None:
    answer = visit.boss().post(f"{LIST}add/?provider={key}", form(**fields))

    assert list(answer.context["adminform"].form.errors) == [wrong]
    assert not Connection.objects.exists()


def test_left_empty_a_secret_stays_and_entered_it_is_replaced() -> None:
    client, connection = visit.boss(), make.connection("stripe", secrets={"signing_secret": "whsec_one"})

    client.post(page(connection), form(name="Renamed"))
    connection.refresh_from_db()
    assert (connection.name, connection.opened()) == ("Renamed", {"signing_secret": "whsec_one"})

    client.post(page(connection), form(secret_signing_secret="whsec_two"))
    connection.refresh_from_db()
    assert connection.signing_secrets(timezone.now()) == ["whsec_two", "whsec_one"]


def test_settings_are_kept_as_the_provider_declares_them() -> None:
    client = visit.boss()

    client.post(f"{LIST}add/?provider=tiktok", form(setting_require_signature=""))

    assert Connection.objects.get().options["require_signature"] is False


def test_secrets_need_a_permission_of_their_own() -> None:
    client = visit.staff("add_connection", "change_connection", "view_connection")

    shown = client.get(f"{LIST}add/?provider=stripe")
    assert [name for name in shown.context["adminform"].form.fields if name.startswith("secret_")] == []
    client.post(f"{LIST}add/?provider=stripe", form(secret_signing_secret="whsec_mine"))

    connection = Connection.objects.get()
    assert connection.opened() == {}
    assert client.post(f"{LIST}{connection.pk}/do/rotate/").status_code == 403
    assert "Not complete" in visit.text(client, LIST)


def test_who_may_not_see_connections_does_not() -> None:
    connection = make.connection("stripe")
    client = visit.staff("view_contact")

    assert client.get(LIST).status_code == client.get(page(connection)).status_code == 403
    assert client.get(f"{LIST}add/").status_code == 403


def test_the_page_says_what_is_to_be_done(tryout) -> None:
    client, connection = visit.boss(), make.connection()

    def said() -> str:
        return client.get(page(connection)).context["sentence"]

    assert said() == "Nothing has come in yet. Enter the address at Tryout."
    take_in(connection, make.signed([{"id": 1}, {"id": 2, "do": "unclear"}]), timezone.now())
    sweeping.drain()
    Connection.objects.update(refused=3)
    assert said() == (
        "2 things were told in the last 24 hours, the latest 0\xa0minutes ago. 1 waits for you."
        " Trouble 0\xa0minutes ago: half of it makes no sense 3 were refused, for they were not proven."
    )
    Connection.objects.update(secrets="")
    assert said() == "Nothing can be taken yet. Enter: Key."
    Connection.objects.update(active=False)
    assert said() == "Switched off: whoever sends gets 410 Gone, and nothing is stored."


def test_a_secret_whose_key_is_lost_can_be_entered_again(settings) -> None:
    client, connection = visit.boss(), make.connection("stripe")
    token = Connection.objects.values_list("secrets", flat=True).get()
    Connection.objects.update(secrets=token[:-20])

    assert "a secret that can be read" in visit.text(client, page(connection))
    client.post(page(connection), form(secret_signing_secret="whsec_new"))

    assert Connection.objects.get().opened() == {"signing_secret": "whsec_new"}


def test_the_list_is_narrowed_by_the_providers_name() -> None:
    client = visit.boss()
    make.connection("stripe", name="Payments")
    make.connection("shopify", name="Till")

    words, narrowed = visit.text(client, LIST), visit.text(client, f"{LIST}?provider=stripe")

    assert "Provider All Shopify Stripe" in words
    assert ("Payments" in narrowed, "Till" in narrowed) == (True, False)
