"""`course.grant_offer`: what it does, what it says, and the purchase that leads to it."""

from decimal import Decimal

import pytest

from commerce import ordering, paying
from commerce.models import Price, Product
from concours import demonstration_courses
from contacts.tests import make as contacts
from contacts.tests.actions import play
from courses.models import Access
from courses.tests import make
from triggers import services, sweeping
from triggers.action_types import Done
from triggers.tests.make import last_event

KEY = "course.grant_offer"
pytestmark = pytest.mark.django_db


def test_it_is_done_each_time_and_told_with_its_reason() -> None:
    mia, offer = contacts.contact(), make.offer(make.course())

    done = play.perform(KEY, mia, course_offers=[offer.pk], reason="Order {{ event.body }}")

    assert (done.summary, done.result) == ("Gave “All of it”.", {"offers": ["All of it"]})
    told = last_event("course.offer_access_granted")
    assert (told.data["reason"], told.actor) == ("Order Called back", "workflow")
    assert make.types() == ["offer_access_granted", "product_access_granted"]


def test_a_preview_writes_nothing() -> None:
    mia, offer = contacts.contact(), make.offer()

    assert play.simulate(KEY, mia, course_offers=[offer.pk])[0] == Done("Gives the contact “All of it”.")
    assert not Access.objects.exists()


def test_an_offer_that_was_deleted_fails_it() -> None:
    mia, offer = contacts.contact(), make.offer()
    workflow = play.live(KEY, course_offers=[offer.pk])
    offer.delete()

    contacts.note(mia)
    done = play.drained(workflow)

    assert (done.status, done.error) == ("failed", "One of the offers was deleted. Choose others.")


def test_an_offer_that_is_not_there_is_refused_at_publishing() -> None:
    assert play.problems(KEY, course_offers=[999]) == [
        (".course_offers[0]", "There is no course offer “999”. It may have been deleted; choose another.")
    ]
    assert [field for field, _message in play.problems(KEY, course_offers=[])] == [".course_offers"]


def test_whoever_pays_for_the_care_plan_gets_the_course() -> None:
    price = Price.objects.create(product=Product.objects.create(name="Care plan"), amount=Decimal(19), currency="EUR")
    other = Price.objects.create(product=Product.objects.create(name="Oak oil"), amount=Decimal(9), currency="EUR")
    offer = demonstration_courses.ensure()
    services.publish(services.create("Sell along", demonstration_courses.bought(offer)))
    anna, ben = contacts.contact(), contacts.contact(email="ben@example.org")

    for who, each in ((anna, price), (ben, other)):
        order = ordering.place(who, [(each, 1, "primary")], source="manual")
        paying.record(order.total, order.currency, order=order, method="transfer")
    sweeping.drain()

    assert list(Access.objects.values_list("contact", "offer")) == [(anna.pk, offer.pk)]
