"""API keys in the admin: made, shown once, revoked."""

from typing import Any

import pytest
from django.utils import timezone

from triggers.api.keys import find_key
from triggers.models import ApiKey
from triggers.tests import make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
LIST = "/admin/triggers/apikey/"


def form(**values: Any) -> dict[str, Any]:
    return {"name": "ERP", "user": make.user("erp").pk, "scopes": ["events:write"], "expires_at": "", **values}


def made(client: Any) -> tuple[ApiKey, str]:
    answer = client.post(f"{LIST}add/", form())
    assert answer.status_code == 200
    return ApiKey.objects.get(), answer.context["secret"]


def test_a_key_is_shown_once_and_works() -> None:
    boss = visit.boss()

    key, plain = made(boss)

    assert find_key(plain, timezone.now()) == key
    assert key.scopes == ["events:write"]
    for address in (LIST, f"{LIST}{key.pk}/change/"):
        assert plain not in boss.get(address).content.decode()


def test_the_key_is_on_its_page_alone_and_in_no_cookie_or_cache() -> None:
    boss = visit.boss()

    answer = boss.post(f"{LIST}add/", form())

    plain = answer.context["secret"]
    assert plain in answer.content.decode()
    assert plain not in str(boss.cookies)
    assert "no-store" in answer["Cache-Control"]


def test_unknown_scopes_are_refused() -> None:
    answer = visit.boss().post(f"{LIST}add/", form(scopes=["world:rule"]))

    assert "scopes" in answer.context["adminform"].form.errors
    assert ApiKey.objects.count() == 0


def test_a_key_is_revoked_and_never_edited_or_deleted() -> None:
    boss = visit.boss()
    key, _plain = made(boss)
    page = f"{LIST}{key.pk}/change/"
    boss.post(page, {"name": "Other", "user": key.user_id, "scopes": ["contacts:write"]})
    key.refresh_from_db()
    assert (key.name, key.scopes) == ("ERP", ["events:write"])
    assert boss.post(f"{LIST}{key.pk}/delete/", {"post": "yes"}).status_code == 403

    told = visit.pressed(boss, f"{LIST}{key.pk}/do/revoke/")

    key.refresh_from_db()
    assert told == "Revoked: requests with this key are refused from now on."
    assert key.revoked_at is not None
    assert "Revoked" in visit.text(boss, LIST)


def test_permissions_are_asked_for() -> None:
    key, _plain = made(visit.boss())
    looker = visit.staff("view_apikey")

    assert looker.get(LIST).status_code == 200
    assert looker.get(f"{LIST}add/").status_code == 403
    assert looker.post(f"{LIST}{key.pk}/do/revoke/").status_code == 403
    assert visit.staff("view_run", name="other").get(LIST).status_code == 403


def test_the_list_tells_valid_from_expired() -> None:
    _key, _plain = made(visit.boss())
    client = visit.staff("view_apikey")
    assert "ERP erp Valid" in visit.text(client, LIST)

    ApiKey.objects.update(expires_at=timezone.now())

    assert "ERP erp Expired" in visit.text(client, LIST)
