"""`/api/v1/trigger-links/` and `/api/v1/sites/`."""

from typing import Any

import pytest

from capture.models import Site, TriggerLink
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db
LINKS = "/api/v1/trigger-links/"
SITES = "/api/v1/sites/"


@pytest.fixture
def api() -> Any:
    return calls.client("trigger-links:read", "trigger-links:write", "sites:read", "sites:write")


def test_a_link_is_made_changed_and_keeps_its_key(api: Any) -> None:
    made = api.post(LINKS, {"name": "Spring offer", "destination": "https://www.example.com/a"}).json()

    link = TriggerLink.objects.get()
    assert (made["key"], made["merge_field"]) == ("spring_offer", "{{ links.spring_offer }}")
    assert made["address"].endswith("/l/spring_offer/")
    assert api.patch(f"{LINKS}{link.pk}/", {"active": False}).json()["active"] is False
    assert api.patch(f"{LINKS}{link.pk}/", {"key": "other"}).json()["errors"][0]["message"] == (
        "The key of a link never changes. Make another link."
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "A"}, "destination"), ({"name": "A", "destination": "javascript:x"}, "destination[0]"),
        ({"name": "A", "destination": "https://a.example", "key": "No Key"}, "key"),
        ({"destination": "https://a.example"}, "name"),
    ],
)  # fmt: skip
def test_wrong_links_are_refused_at_their_field(api: Any, body: dict[str, Any], field: str) -> None:
    answer = api.post(LINKS, body)

    assert (answer.status_code, answer.json()["errors"][0]["field"].split("[")[0]) == (400, field.split("[")[0])
    assert not TriggerLink.objects.exists()


def test_a_site_is_made_and_needs_an_address(api: Any) -> None:
    made = api.post(SITES, {"name": "Shop", "allowed_origins": ["https://shop.example"]})

    assert (made.status_code, made.json()["key"]) == (201, "shop")
    for origins in ([], ["*"], ["https://shop.example/path"], "x", [1, None]):
        assert api.post(SITES, {"name": "B", "allowed_origins": origins}).status_code == 400
    assert Site.objects.count() == 1
