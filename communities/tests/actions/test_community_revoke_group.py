"""`community.revoke_group`: what it does, what it says, and when there is nothing to do."""

import pytest

from communities import services
from communities.models import Membership
from communities.tests import make
from contacts.tests import make as contacts
from contacts.tests.actions import play
from triggers.action_types import Done
from triggers.tests.make import last_event

KEY = "community.revoke_group"
pytestmark = pytest.mark.django_db


def test_it_is_done_once_and_told_with_its_reason() -> None:
    mia, group = contacts.contact(), make.group()
    services.grant(mia, [group])

    done = play.perform(KEY, mia, groups=[group.pk], reason="Order {{ event.body }}")
    again = play.perform(KEY, mia, groups=[group.pk])

    assert (done.summary, done.result) == ("Taken out of “Founders”.", {"groups": ["Founders"]})
    assert (again.summary, again.result) == ("Belonged to none of them.", {"groups": []})
    assert Membership.objects.exists() is False
    assert last_event("community.group_access_revoked").data["reason"] == "Order Called back"


def test_a_preview_writes_nothing() -> None:
    mia, group = contacts.contact(), make.group()
    services.grant(mia, [group])
    before = Membership.objects.count()

    assert play.simulate(KEY, mia, groups=[group.pk])[0] == Done("Takes the contact out of “Founders”.")
    assert Membership.objects.count() == before


def test_a_group_that_was_deleted_fails_it() -> None:
    mia, group = contacts.contact(), make.group()
    workflow = play.live(KEY, groups=[group.pk])
    group.delete()

    contacts.note(mia)
    done = play.drained(workflow)

    assert (done.status, done.error) == ("failed", "One of the groups was deleted. Choose others.")
