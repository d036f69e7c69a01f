"""Outgoing webhooks and credentials in the admin: secrets are shown once, or never."""

from typing import Any

import pytest

from triggers.models import Credential, OutgoingEndpoint
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
ENDPOINTS = "/admin/triggers/outgoingendpoint/"
CREDENTIALS = "/admin/triggers/credential/"


def endpoint(**values: Any) -> dict[str, Any]:
    return {"name": "ERP", "slug": "erp", "url": "https://erp.example.com/hook", "active": "on", **values}


def credential(**values: Any) -> dict[str, Any]:
    return {
        "name": "ERP", "slug": "erp", "kind": "bearer", "hosts": "erp.example.com", "username": "",
        "secret": "s3cret-of-erp", "header": "X-Api-Key", "token_url": "", "scope": "", **values,
    }  # fmt: skip


def test_a_new_endpoints_secret_is_shown_once() -> None:
    boss = visit.boss()

    answer = boss.post(f"{ENDPOINTS}add/", endpoint())

    made = OutgoingEndpoint.objects.get()
    assert answer.context["secret"] == made.secret
    assert made.secret in answer.content.decode()
    assert made.secret not in boss.get(f"{ENDPOINTS}{made.pk}/change/").content.decode()
    assert made.secret not in str(boss.cookies)


def test_an_address_inside_the_house_is_refused() -> None:
    answer = visit.boss().post(f"{ENDPOINTS}add/", endpoint(url="http://127.0.0.1/hook"))

    assert "url" in answer.context["adminform"].form.errors
    assert OutgoingEndpoint.objects.count() == 0


def test_saving_keeps_the_secret_and_switching_off_is_kept() -> None:
    boss = visit.boss()
    boss.post(f"{ENDPOINTS}add/", endpoint(active=""))
    made = OutgoingEndpoint.objects.get()
    assert made.active is False

    boss.post(f"{ENDPOINTS}{made.pk}/change/", endpoint(name="ERP 2"))

    again = OutgoingEndpoint.objects.get()
    assert (again.name, again.active, again.secret) == ("ERP 2", True, made.secret)


def test_a_new_secret_is_shown_once_and_the_former_signs_on() -> None:
    boss = visit.boss()
    former = boss.post(f"{ENDPOINTS}add/", endpoint()).context["secret"]
    made = OutgoingEndpoint.objects.get()

    answer = boss.post(f"{ENDPOINTS}{made.pk}/do/rotate/")

    made.refresh_from_db()
    assert answer.context["secret"] == made.secret != former
    assert made.previous_secret == former


def test_a_new_secret_needs_its_permission() -> None:
    visit.boss().post(f"{ENDPOINTS}add/", endpoint())
    made, looker = OutgoingEndpoint.objects.get(), visit.staff("view_outgoingendpoint")

    assert looker.get(f"{ENDPOINTS}{made.pk}/change/").status_code == 200
    assert looker.post(f"{ENDPOINTS}{made.pk}/do/rotate/").status_code == 403
    assert visit.staff("view_run", name="other").get(ENDPOINTS).status_code == 403


def test_a_credentials_secret_is_never_shown_and_kept_when_left_empty() -> None:
    boss = visit.boss()
    boss.post(f"{CREDENTIALS}add/", credential())
    made = Credential.objects.get()
    assert made.secret == "s3cret-of-erp"
    for address in (CREDENTIALS, f"{CREDENTIALS}{made.pk}/change/"):
        assert "s3cret-of-erp" not in boss.get(address).content.decode()

    boss.post(f"{CREDENTIALS}{made.pk}/change/", credential(secret="", hosts="erp.example.com api.example.com"))

    made.refresh_from_db()
    assert (made.secret, made.hosts) == ("s3cret-of-erp", "erp.example.com api.example.com")


def test_a_credential_without_what_its_kind_needs_is_refused() -> None:
    answer = visit.boss().post(f"{CREDENTIALS}add/", credential(kind="basic"))

    assert list(answer.context["adminform"].form.errors) == ["username"]
    assert Credential.objects.count() == 0
