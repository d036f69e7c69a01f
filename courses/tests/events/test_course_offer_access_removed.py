"""`course.offer_access_removed`: told each time that an offer is taken from a contact, and when its time is over."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.tests import make as contacts
from courses import granting
from courses.events.course_offer_access_removed import CourseOfferAccessRemoved
from courses.tests import make
from triggers import registry, sweeping
from triggers.context import act_as
from triggers.tests.make import last_event

KEY = "course.offer_access_removed"
pytestmark = pytest.mark.django_db


def test_it_is_in_the_registry() -> None:
    assert registry.events[KEY] is CourseOfferAccessRemoved


def test_a_workflow_starts_for_its_offer_alone() -> None:
    anna, ben = contacts.contact(), contacts.contact()
    mine, other = make.offer(), make.offer(title="Other")
    make.workflow(KEY, course_offers=[mine.pk])

    for who, offer in ((anna, mine), (ben, other)):
        granting.grant(who, offer)
        granting.revoke(who, offer)

    assert make.told(anna, ben) == [True, False]


def test_it_is_told_each_time_with_who_and_why() -> None:
    anna, offer = contacts.contact(), make.offer()
    granting.grant(anna, offer)
    granting.revoke(anna, offer)

    with act_as(actor="user", actor_id="7"):
        granting.revoke(anna, offer, "not paid")

    told = last_event(KEY)
    assert make.types().count("offer_access_removed") == 2
    assert (told.data["by"], told.data["granted_by"], told.data["reason"]) == ("user:7", "system", "not paid")


def test_the_clock_tells_it_once_when_the_time_is_over() -> None:
    anna, offer, now = contacts.contact(), make.offer(access_days=1), timezone.now()
    granting.grant(anna, offer, "", now)
    make.workflow(KEY)

    sweeping.drain(now + timedelta(hours=23))
    before = make.types().count("offer_access_removed")
    for _time in range(2):
        sweeping.drain(now + timedelta(days=1))

    told = last_event(KEY)
    assert (before, make.types().count("offer_access_removed")) == (0, 1)
    assert (told.actor, told.data["reason"]) == ("clock", "The time was over.")
    assert make.told(anna) == [True]
