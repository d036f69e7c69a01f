"""`/api/v1/community-groups/` and `/api/v1/community-memberships/`."""

from typing import Any

import pytest

from communities.models import Group, Membership
from communities.tests import make
from contacts.tests import make as contacts
from triggers.models import Event
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db
GROUPS, MEMBERSHIPS = "/api/v1/community-groups/", "/api/v1/community-memberships/"


@pytest.fixture
def api() -> Any:
    scopes = ("community-groups", "community-memberships")
    return calls.client(*(f"{scope}:{way}" for scope in scopes for way in ("read", "write")))


def test_a_group_is_made_and_its_key_stays(api: Any) -> None:
    made = api.post(GROUPS, {"name": "Founders circle"}).json()
    changed = api.patch(f"{GROUPS}{made['id']}/", {"name": "Founders", "key": "other", "open": False}).json()

    assert (made["key"], made["open"]) == ("founders_circle", True)
    assert (changed["name"], changed["key"], changed["open"]) == ("Founders", "founders_circle", False)
    assert api.post(GROUPS, {"name": "Founders"}).json()["errors"][0]["field"] == "name"


def test_access_is_granted_and_revoked_by_key(api: Any) -> None:
    anna, group = contacts.contact(), make.group()
    body = {"contact": anna.pk, "group": "founders", "reason": "bought"}

    first, again = api.post(MEMBERSHIPS, body), api.post(MEMBERSHIPS, body)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"] == Membership.objects.get(group=group).pk
    assert [row["id"] for row in api.get(MEMBERSHIPS, {"contact": anna.pk}).json()["results"]] == [first.json()["id"]]
    assert api.delete(f"{MEMBERSHIPS}{first.json()['id']}/").status_code == 204
    assert [row.type for row in Event.objects.filter(type__startswith="community.").order_by("pk")] == [
        "community.group_access_granted", "community.group_access_revoked",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"group": "founders"}, "contact"), ({"contact": 1}, "group"), ({"contact": "x", "group": "founders"}, "contact"),
        ({"contact": 0, "group": "none"}, "group"), ({"group": "closed"}, "group"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_at_its_field(api: Any, body: dict[str, Any], field: str) -> None:
    make.group()
    Group.objects.create(name="Closed", open=False)
    if body == {"group": "closed"}:
        body = {**body, "contact": contacts.contact().pk}

    answer = api.post(MEMBERSHIPS, body)

    assert answer.status_code == 400
    assert field in {error["field"].partition("[")[0] for error in answer.json()["errors"]}
    assert not Membership.objects.exists()
