"""`/api/v1/`: every app's resources, the OpenAPI document and its page."""

from typing import Any

import pytest
import yaml
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import get_resolver, reverse

from concours.api import APPS, router
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(get_user_model()._default_manager.create(username="clara", is_staff=True))
    return client


def test_the_engines_resources_are_served() -> None:
    served = {prefix for prefix, _view, _name in router().registry}

    assert {"workflows", "runs", "events", "catalogue", "misses", "destinations", "notices"} <= served


def test_no_resource_is_served_twice() -> None:
    prefixes = [prefix for prefix, _view, _name in router().registry]

    assert len(prefixes) == len(set(prefixes))


def test_apps_without_resources_break_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("concours.api.APPS", ("triggers.text", *APPS))

    assert len(router().registry) >= 7


def test_addresses_have_names() -> None:
    assert reverse("api:run-retry", args=[5]) == "/api/v1/runs/5/retry/"
    assert reverse("api:schema") == "/api/v1/schema/"


def test_the_root_lists_the_resources(staff: Client) -> None:
    found = staff.get("/api/v1/").json()

    assert found["workflows"] == "http://testserver/api/v1/workflows/"


@pytest.mark.parametrize("address", ["/api/v1/", "/api/v1/schema/"])
def test_the_root_and_the_schema_are_for_those_who_sign_in(client: Client, address: str) -> None:
    refused = client.get(address)

    assert (refused.status_code, refused["Content-Type"]) == (401, "application/problem+json")
    assert calls.client("runs:read").get(address).status_code == 200


def test_the_schema_is_openapi_3(staff: Client) -> None:
    document = yaml.safe_load(staff.get("/api/v1/schema/").content)

    assert document["openapi"].startswith("3.")
    assert "/api/v1/runs/{id}/retry/" in document["paths"]


def test_the_page_needs_no_foreign_or_inline_script(staff: Client) -> None:
    page = staff.get("/api/v1/docs/").content.decode()

    scripts = [part.split(">", 1) for part in page.split("<script")[1:]]
    assert len(scripts) == 3
    for attributes, rest in scripts:
        assert 'src="/' in attributes
        assert rest.startswith("</script>")
    assert "http" not in page


def test_the_page_sends_visitors_to_the_login(client: Client) -> None:
    response: Any = client.get("/api/v1/docs/")

    assert (response.status_code, response.url) == (302, "/admin/login/?next=/api/v1/docs/")


def test_every_view_of_the_api_asks_who_is_there() -> None:
    """No view below /api/v1/ answers a stranger, but for the catch-all that only says "not found"."""
    patterns = [p for p in get_resolver("concours.api").url_patterns if str(p.pattern) == "v1/"]
    views = [p.callback.cls for group in patterns for p in group.url_patterns]

    assert len(views) > 20
    for view in views:
        assert [permission.__name__ for permission in view.permission_classes] == ["HasScope"], view
