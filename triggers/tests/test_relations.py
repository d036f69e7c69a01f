"""Every door through which a many-to-many field changes, and its events; followers of deals stand for all."""

from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction

from contacts.tests import make as contacts
from pipelines import services
from pipelines.tests import deal_make as make

pytestmark = pytest.mark.django_db

CHANGED = "opportunity.changed"


def change_of_followers(*old_and_new: list[str]) -> list[dict[str, Any]]:
    """The change of followers from the first of these to each next."""
    return [{"followers": {"old": old, "new": new}} for old, new in pairwise(old_and_new)]


def test_followers_are_told_by_every_door_of_either_side() -> None:
    ana, ben = contacts.user("ana"), contacts.user("ben")
    deal, other = make.deal(name="A"), make.deal(name="B")

    deal.followers.add(ana)
    deal.followers.add(ana)
    deal.followers.set([ben])
    deal.followers.set([ben])
    deal.followers.remove(ben)
    ben.followed_opportunities.add(deal, other)
    ben.followed_opportunities.set([other])
    services.update(other, {"followers": ["ana", "ben"]})
    ana.followed_opportunities.clear()
    other.followers.clear()

    told = contacts.events(CHANGED)
    assert [event.changes for event in told if event.subject_id == deal.pk] == change_of_followers(
        [], ["ana"], ["ben"], [], ["ben"], []
    )
    assert [event.changes for event in told if event.subject_id == other.pk] == change_of_followers(
        [], ["ben"], ["ana", "ben"], ["ben"], []
    )
    assert (told[0].data["opportunity_id"], told[0].contact_id) == (deal.pk, deal.contact_id)


def test_a_refused_set_of_followers_tells_nothing_and_the_next_is_told_right() -> None:
    ana, deal = contacts.user("ana"), make.deal()

    with pytest.raises(ValueError), transaction.atomic():
        deal.followers.set([ana, "nobody"])
    deal.followers.add(ana)

    assert [event.changes for event in contacts.events(CHANGED)] == change_of_followers([], ["ana"])
