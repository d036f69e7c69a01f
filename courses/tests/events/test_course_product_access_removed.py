"""`course.product_access_removed`: told with the last offer that holds the course."""

import pytest

from contacts.tests import make as contacts
from courses import granting
from courses.events.course_product_access_removed import CourseProductAccessRemoved
from courses.tests import make
from triggers import registry
from triggers.tests.make import last_event

KEY = "course.product_access_removed"
pytestmark = pytest.mark.django_db


def test_it_is_in_the_registry() -> None:
    assert registry.events[KEY] is CourseProductAccessRemoved


def test_a_workflow_starts_for_its_course_alone() -> None:
    mine, other = make.course(), make.course("Sanding")
    anna, ben = contacts.contact(), contacts.contact()
    make.workflow(KEY, courses=[mine.pk])

    for who, product in ((anna, mine), (ben, other)):
        offer = make.offer(product, title=product.title)
        granting.grant(who, offer)
        granting.revoke(who, offer)

    assert make.told(anna, ben) == [True, False]


def test_it_is_told_with_the_last_offer_that_holds_it() -> None:
    anna, product = contacts.contact(), make.course()
    one, other = make.offer(product), make.offer(product, title="Other")
    for offer in (one, other):
        granting.grant(anna, offer)

    granting.revoke(anna, one)
    before = make.types().count("product_access_removed")
    granting.revoke(anna, other, "money back")

    assert (before, make.types().count("product_access_removed")) == (0, 1)
    assert (last_event(KEY).data["product"], last_event(KEY).data["reason"]) == ("Oiling", "money back")


def test_a_course_that_is_taken_out_of_an_offer_closes() -> None:
    anna, product = contacts.contact(), make.course()
    offer = make.offer(product)
    granting.grant(anna, offer)

    product.offers.clear()

    assert last_event(KEY).contact_id == anna.pk
