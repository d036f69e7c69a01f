"""`course.offer_access_granted`: told each time that a contact is given an offer."""

import pytest

from contacts.tests import make as contacts
from courses import granting
from courses.events.course_offer_access_granted import CourseOfferAccessGranted
from courses.telling import OfOffer
from courses.tests import make
from triggers import registry
from triggers.context import act_as
from triggers.tests.make import last_event

KEY = "course.offer_access_granted"
pytestmark = pytest.mark.django_db


def test_it_is_in_the_registry() -> None:
    assert registry.events[KEY] is CourseOfferAccessGranted


def test_a_workflow_starts_for_its_offer_alone() -> None:
    anna, ben = contacts.contact(), contacts.contact()
    mine, other = make.offer(), make.offer(title="Other")
    make.workflow(KEY, course_offers=[mine.pk])

    granting.grant(anna, mine)
    granting.grant(ben, other)
    granting.revoke(ben, other)

    assert make.told(anna, ben) == [True, False]


def test_it_is_told_each_time_with_who_why_and_until_when() -> None:
    anna, offer = contacts.contact(), make.offer(access_days=10)
    granting.grant(anna, offer)

    with act_as(actor="user", actor_id="7"):
        granting.grant(anna, offer, "bought", make.at(10))

    told = last_event(KEY)
    assert make.types() == ["offer_access_granted", "offer_access_granted"]
    assert (told.contact_id, told.data["offer"], told.data["by"]) == (anna.pk, "All of it", "user:7")
    assert (told.data["granted_by"], told.data["reason"]) == ("user:7", "bought")
    assert told.data["expires_at"] is not None


def test_who_has_it_would_match_now() -> None:
    offer = make.offer()

    assert CourseOfferAccessGranted.standing(OfOffer(course_offers=[offer.pk])) == {
        "field": "course.offers", "op": "has_any", "value": ["All of it"],
    }  # fmt: skip
    assert CourseOfferAccessGranted.standing(OfOffer()) is None
