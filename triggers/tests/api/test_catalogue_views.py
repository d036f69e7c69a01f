"""The catalogue: every kind with its schemas, fields and an example, and which a client may report."""

import pytest

from triggers import registry
from triggers.event_types import Happened
from triggers.tests import make
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/catalogue/"


def test_every_kind_is_listed_and_nothing_else() -> None:
    found = calls.client().get(ADDRESS).json()

    assert [kind["key"] for kind in found["events"]] == sorted(registry.events)
    assert [kind["key"] for kind in found["actions"]] == sorted(registry.actions)


def test_an_event_type_tells_what_a_builder_needs() -> None:
    events = {kind["key"]: kind for kind in calls.client().get(ADDRESS).json()["events"]}
    tagged = events["contact.tag_added"]

    assert (tagged["label"], tagged["reportable"]) == ("Tag added", False)
    assert tagged["payload"]["required"] == ["contact_id", "tag_id", "tag"]
    assert tagged["options"]["properties"]["tags"]["title"] == "Which tag"
    assert tagged["example"] == {"contact_id": 1, "tag_id": 1, "tag": "VIP", "tags_before": [], "tags_after": []}
    [field] = [field for field in tagged["fields"] if field["name"] == "event.tag"]
    assert "starts_with" in field["operators"]


def test_an_action_type_tells_how_it_is_set() -> None:
    actions = {kind["key"]: kind for kind in calls.client().get(ADDRESS).json()["actions"]}

    assert actions["data.set"]["touches"] == "flow"
    assert "values" in actions["data.set"]["config"]["properties"]


def test_what_may_be_reported_is_marked() -> None:
    events = calls.client().get(ADDRESS).json()["events"]

    marked = {kind["key"] for kind in events if kind["reportable"]}
    happened = {key for key, kind in registry.events.items() if issubclass(kind, Happened)}
    assert marked == {key for key in happened if not registry.events.find(key).immediate}
    assert "map.opened" in happened - marked


def test_any_member_of_staff_may_read_it_and_keys_with_the_scope() -> None:
    assert calls.session(make.user(is_staff=True)).get(ADDRESS).status_code == 200
    assert calls.client("runs:read").get(ADDRESS).status_code == 403
