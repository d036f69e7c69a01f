"""`course.product_access_granted`: told with the first offer that holds the course."""

import pytest

from contacts.tests import make as contacts
from courses import granting
from courses.events.course_product_access_granted import CourseProductAccessGranted
from courses.tests import make
from triggers import registry
from triggers.context import act_as
from triggers.tests.make import last_event

KEY = "course.product_access_granted"
pytestmark = pytest.mark.django_db


def test_it_is_in_the_registry() -> None:
    assert registry.events[KEY] is CourseProductAccessGranted


def test_a_workflow_starts_for_its_course_alone() -> None:
    anna, ben = contacts.contact(), contacts.contact()
    mine, other = make.course(), make.course("Sanding")
    make.workflow(KEY, courses=[mine.pk])

    granting.grant(anna, make.offer(mine))
    granting.grant(ben, make.offer(other, title="Other"))

    assert make.told(anna, ben) == [True, False]


def test_a_further_offer_does_not_tell_it_again() -> None:
    anna, product = contacts.contact(), make.course()
    one, other = make.offer(product, access_days=5), make.offer(product, title="Other")

    with act_as(actor="user", actor_id="7"):
        granting.grant(anna, one, "bought", make.at(10))
    granting.grant(anna, other, "", make.at(11))

    told = last_event(KEY).data
    assert make.types().count("product_access_granted") == 1
    assert (told["product"], told["by"], told["granted_by"], told["reason"]) == ("Oiling", "user:7", "user:7", "bought")
    assert told["expires_at"].startswith("2026-03-09T10:00")


def test_a_course_that_is_put_into_an_offer_opens_for_who_holds_it() -> None:
    anna, offer, product = contacts.contact(), make.offer(), make.course()
    granting.grant(anna, offer)

    offer.products.add(product)

    assert last_event(KEY).data["reason"] == "The courses of the offer were changed."
    assert last_event(KEY).contact_id == anna.pk
