"""`community.grant_group`: what it does, what it says, and when there is nothing to do."""

import pytest

from communities.models import Membership
from communities.tests import make
from contacts.tests import make as contacts
from contacts.tests.actions import play
from triggers.action_types import Done
from triggers.tests.make import last_event

KEY = "community.grant_group"
pytestmark = pytest.mark.django_db


def test_it_is_done_once_and_told_with_its_reason() -> None:
    mia, group = contacts.contact(), make.group()

    done = play.perform(KEY, mia, groups=[group.pk], reason="Order {{ event.body }}")
    again = play.perform(KEY, mia, groups=[group.pk])

    assert (done.summary, done.result) == ("Taken into “Founders”.", {"groups": ["Founders"]})
    assert (again.summary, again.result) == ("Belonged to each already.", {"groups": []})
    assert Membership.objects.exists() is True
    assert last_event("community.group_access_granted").data["reason"] == "Order Called back"


def test_a_preview_writes_nothing() -> None:
    mia, group = contacts.contact(), make.group()
    before = Membership.objects.count()

    assert play.simulate(KEY, mia, groups=[group.pk])[0] == Done("Takes the contact into “Founders”.")
    assert Membership.objects.count() == before


def test_a_group_that_was_deleted_fails_it() -> None:
    mia, group = contacts.contact(), make.group()
    workflow = play.live(KEY, groups=[group.pk])
    group.delete()

    contacts.note(mia)
    done = play.drained(workflow)

    assert (done.status, done.error) == ("failed", "One of the groups was deleted. Choose others.")


def test_a_closed_group_fails_it_and_says_so() -> None:
    done = play.perform(KEY, contacts.contact(), groups=[make.group(open=False).pk])

    assert (done.status, done.error) == ("failed", "groups: Founders takes nobody in at present. Open it first.")
