"""API keys: who is let in, what they may do, and how often."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.test import APIClient, APIRequestFactory

from triggers.api.keys import KeyThrottle, create_key, find_key, permission_of, scope_of
from triggers.models import ApiKey, Workflow
from triggers.problems import Invalid
from triggers.tests import make
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


def test_a_key_is_told_once_and_kept_as_a_digest() -> None:
    key, plain = create_key("Shop", make.user(), ["runs:read", "contacts:write", "runs:read"])

    mark, prefix, secret = plain.split("_", 2)
    assert (mark, prefix, len(secret)) == ("cck", key.prefix, 43)
    assert secret not in str(vars(key))
    assert key.scopes == ["contacts:write", "runs:read"]
    assert find_key(plain, NOW) == key


def test_two_keys_share_nothing() -> None:
    user = make.user()

    assert create_key("A", user, ["runs:read"])[1] != create_key("A", user, ["runs:read"])[1]


@pytest.mark.parametrize("scopes", [[], ["contacts"], ["contacts:read", "*"], ["Contacts:read"], ["contacts:read "]])
def test_a_scope_is_a_resource_and_a_verb(scopes: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        create_key("Shop", make.user(), scopes)

    assert refused.value.problems[0].path == ("scopes",)
    assert ApiKey.objects.count() == 0


@pytest.mark.parametrize("plain", ["", "cck", "cck_", "cck__", "cck_nothing_secret", "{}x", "x{}", "CCK{}"])
def test_what_is_no_key_is_refused(plain: str) -> None:
    _key, real = create_key("Shop", make.user(), ["runs:read"])

    with pytest.raises(AuthenticationFailed, match="There is no such API key"):
        find_key(plain.format(real), NOW)


def test_the_right_prefix_with_another_secret_is_refused() -> None:
    user = make.user()
    first, _plain = create_key("A", user, ["runs:read"])
    _second, plain = create_key("B", user, ["runs:read"])

    with pytest.raises(AuthenticationFailed, match="There is no such API key"):
        find_key(f"cck_{first.prefix}_{plain.split('_', 2)[2]}", NOW)


def test_a_revoked_key_is_refused() -> None:
    key, plain = create_key("Shop", make.user(), ["runs:read"])
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=NOW)

    with pytest.raises(AuthenticationFailed, match="was revoked"):
        find_key(plain, NOW)


def test_a_key_ends_at_its_moment() -> None:
    _key, plain = create_key("Shop", make.user(), ["runs:read"], expires_at=NOW)

    assert find_key(plain, NOW - timedelta(seconds=1)).name == "Shop"
    with pytest.raises(AuthenticationFailed, match="has expired"):
        find_key(plain, NOW)


def test_a_key_ends_with_its_user() -> None:
    _key, plain = create_key("Shop", make.user(is_active=False), ["runs:read"])

    with pytest.raises(AuthenticationFailed, match="is not active"):
        find_key(plain, NOW)


def test_a_request_without_a_key_is_told_how_to_sign_in() -> None:
    response = APIClient().get("/api/v1/runs/")

    assert (response.status_code, response["WWW-Authenticate"]) == (401, 'Bearer realm="api"')
    assert response.json()["detail"] == "Send an API key as “Authorization: Bearer cck_…”, or sign in."


def test_a_refused_key_does_not_fall_back_on_the_session() -> None:
    client = calls.session(make.user(is_superuser=True, is_staff=True))

    assert client.get("/api/v1/runs/").status_code == 200
    assert client.get("/api/v1/runs/", HTTP_AUTHORIZATION="Bearer cck_no_no").status_code == 401


def test_a_key_needs_no_csrf_token_and_a_session_does() -> None:
    by_key = calls.client("workflows:write").post("/api/v1/workflows/", {"name": "W"})
    by_session = calls.session(make.user(is_superuser=True, is_staff=True)).post("/api/v1/workflows/", {"name": "W"})

    assert (by_key.status_code, by_session.status_code) == (201, 403)
    assert by_session.json()["detail"].startswith("CSRF Failed")


def test_the_use_is_noted_at_most_once_a_minute(django_assert_num_queries: Any) -> None:
    client = calls.client("runs:read")
    client.get("/api/v1/runs/")
    [noted] = ApiKey.objects.values_list("last_used_at", flat=True)

    # the key, the page; no note
    with django_assert_num_queries(2):
        client.get("/api/v1/runs/")
    ApiKey.objects.update(last_used_at=noted - timedelta(seconds=61))
    client.get("/api/v1/runs/")

    assert noted - timedelta(seconds=5) < ApiKey.objects.get().last_used_at <= timezone.now()


def test_a_key_needs_the_scope_of_the_address() -> None:
    client = calls.client("runs:read", "workflows:write")

    assert client.get("/api/v1/runs/").status_code == 200
    assert client.post("/api/v1/workflows/", {"name": "W"}).status_code == 201
    refused = client.get("/api/v1/workflows/")
    assert (refused.status_code, refused.json()["detail"]) == (403, "This API key has not the scope workflows:read.")


def test_writing_does_not_include_publishing() -> None:
    flow = make.workflow()

    refused = calls.client("workflows:write").post(f"/api/v1/workflows/{flow.pk}/publish/")

    assert refused.json()["detail"] == "This API key has not the scope workflows:publish."


def test_a_key_may_do_no_more_than_its_user() -> None:
    user = calls.with_permissions(make.user(), "triggers.view_run")
    client = calls.client(user=user)

    assert client.get("/api/v1/runs/").status_code == 200
    refused = client.get("/api/v1/workflows/")
    assert (refused.status_code, refused.json()["detail"]) == (
        403,
        "Your account has not the permission triggers.view_workflow.",
    )


@pytest.mark.parametrize(
    ("staff", "permission", "status"),
    [(True, "triggers.view_run", 200), (False, "triggers.view_run", 403), (True, "triggers.change_run", 403)],
)
def test_a_session_needs_staff_with_the_permission(staff: bool, permission: str, status: int) -> None:
    user = calls.with_permissions(make.user(is_staff=staff), permission)

    assert calls.session(user).get("/api/v1/runs/").status_code == status


@pytest.mark.parametrize(
    ("view", "method", "scope"),
    [
        ({"scope": "contacts"}, "GET", "contacts:read"),
        ({"scope": "contacts"}, "HEAD", "contacts:read"),
        ({"scope": "contacts"}, "OPTIONS", "contacts:read"),
        ({"scope": "contacts"}, "DELETE", "contacts:write"),
        ({"scope": "workflows", "verb": "publish"}, "POST", "workflows:publish"),
        ({}, "POST", ""),
    ],
)
def test_the_scope_follows_from_the_method(view: dict[str, Any], method: str, scope: str) -> None:
    assert scope_of(SimpleNamespace(**view), method) == scope


@pytest.mark.parametrize(
    ("view", "method", "permission"),
    [
        ({"queryset": Workflow.objects}, "GET", "triggers.view_workflow"),
        ({"queryset": Workflow.objects, "action": "create"}, "POST", "triggers.add_workflow"),
        ({"queryset": Workflow.objects, "action": "read"}, "POST", "triggers.change_workflow"),
        ({"queryset": Workflow.objects}, "PATCH", "triggers.change_workflow"),
        ({"queryset": Workflow.objects}, "DELETE", "triggers.delete_workflow"),
        ({"queryset": Workflow.objects, "permission": "triggers.operate_run"}, "POST", "triggers.operate_run"),
        ({"queryset": Workflow.objects, "permission": ""}, "DELETE", ""),
        ({}, "GET", ""),
    ],
)
def test_the_permission_follows_from_the_method_and_the_model(
    view: dict[str, Any], method: str, permission: str
) -> None:
    view = {**view, "queryset": view["queryset"].all()} if "queryset" in view else view

    assert permission_of(SimpleNamespace(**view), method) == permission


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, settings: Any) -> SimpleNamespace:
    """The throttle's time, which stands still until a test moves it; the rate is 3 a minute."""
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"api": "3/min"}}
    time = SimpleNamespace(now=6000.0)
    monkeypatch.setattr(KeyThrottle, "timer", staticmethod(lambda: time.now))
    return time


def statuses(client: APIClient, times: int, **headers: str) -> list[int]:
    return [client.get("/api/v1/runs/", **headers).status_code for _time in range(times)]


def test_a_key_gets_its_rate_and_then_is_told_when_to_come_back(clock: SimpleNamespace) -> None:
    client = calls.client("runs:read")

    assert statuses(client, 4) == [200, 200, 200, 429]
    refused = client.get("/api/v1/runs/")
    assert (refused["Retry-After"], refused.json()["detail"]) == ("80", "Try again in 80 seconds.")
    clock.now += 80
    assert statuses(client, 2) == [200, 429]


def test_each_key_has_a_rate_of_its_own(clock: SimpleNamespace) -> None:
    user = make.user(is_superuser=True)

    assert statuses(calls.client("runs:read", user=user), 4)[-1] == 429
    assert statuses(calls.client("runs:read", user=user), 1) == [200]


def test_sessions_are_counted_by_user(clock: SimpleNamespace) -> None:
    user = make.user(is_superuser=True, is_staff=True)

    assert statuses(calls.session(user), 2) + statuses(calls.session(user), 2) == [200, 200, 200, 429]


def test_who_is_refused_is_counted_too_and_a_forged_address_does_not_help(clock: SimpleNamespace) -> None:
    client = APIClient(HTTP_AUTHORIZATION="Bearer cck_guess_guess")

    answers = [statuses(client, 1, HTTP_X_FORWARDED_FOR=f"203.0.113.{n}")[0] for n in range(5)]

    assert answers == [401, 401, 401, 429, 429]


def test_behind_a_proxy_the_address_it_saw_counts(clock: SimpleNamespace, settings: Any) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    client = APIClient()

    assert [statuses(client, 1, HTTP_X_FORWARDED_FOR=f"10.0.0.{n}, 203.0.113.9")[0] for n in range(4)][-1] == 429
    assert statuses(client, 1, HTTP_X_FORWARDED_FOR="203.0.113.10") == [401]


def test_64_parallel_clients_with_forged_addresses_stay_within_the_limit(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """Reliability, T20."""
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"api": "100/min"}}
    monkeypatch.setattr(KeyThrottle, "timer", staticmethod(lambda: 6000.0))

    def ask(n: int) -> bool:
        request: Any = APIRequestFactory().get("/", HTTP_X_FORWARDED_FOR=f"203.0.113.{n % 250}")
        request.user = request.auth = None
        return KeyThrottle().allow_request(request, None)  # type: ignore[arg-type]

    with ThreadPoolExecutor(64) as pool:
        taken = list(pool.map(ask, range(640))).count(True)

    assert 37 <= taken <= 105


def test_no_rate_means_no_limit(settings: Any) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"api": None}}

    assert statuses(calls.client("runs:read"), 3) == [200, 200, 200]
