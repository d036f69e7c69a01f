"""`community.group_access_revoked`: which groups start a workflow, and what it is told."""

import pytest

from communities import services
from communities.events.community_group_access_revoked import CommunityGroupAccessRevoked
from communities.membership_events import Which
from communities.tests import make
from contacts.tests import make as contacts
from triggers import registry, sweeping
from triggers import services as workflows
from triggers.context import act_as
from triggers.tests.make import last_event

KEY = "community.group_access_revoked"
pytestmark = pytest.mark.django_db


def test_it_is_in_the_registry() -> None:
    assert registry.events[KEY] is CommunityGroupAccessRevoked
    assert CommunityGroupAccessRevoked.section == "Community Triggers"


def test_named_groups_narrow_it() -> None:
    assert CommunityGroupAccessRevoked.narrow(Which()) is None
    assert CommunityGroupAccessRevoked.narrow(Which(groups=[3])) == {
        "field": "event.group_id", "op": "is_any_of", "value": [3],
    }  # fmt: skip


def test_a_workflow_starts_for_its_group_alone() -> None:
    anna, ben, mine, other = contacts.contact(), contacts.contact(), make.group(), make.group("Other")
    workflows.publish(workflows.create("Tell", make.document(KEY, mine)))

    for who, group in ((anna, mine), (ben, other)):
        services.grant(who, [group])
        services.revoke(who, [group])
    sweeping.drain()

    assert (contacts.tags_of(anna), contacts.tags_of(ben)) == ({"Told"}, set())


def test_it_tells_who_did_it_and_why() -> None:
    anna, group = contacts.contact(), make.group()
    with act_as(actor="user", actor_id="7"):
        services.grant(anna, [group], "bought")
        services.revoke(anna, [group], "not paid")

    told = last_event(KEY)

    assert (told.contact_id, told.data["group"], told.data["by"]) == (anna.pk, "Founders", "user:7")
    assert told.data["reason"] == {"granted": "bought", "revoked": "not paid"}["revoked"]
