"""`course.signup`: told when somebody signs up for an offer on its page."""

import pytest
from django.test import Client

from contacts.models import Contact
from contacts.tests import make as contacts
from courses.events.course_signup import CourseSignup
from courses.tests import make
from triggers import registry
from triggers.tests.make import last_event

KEY = "course.signup"
pytestmark = pytest.mark.django_db


def sign_up(key: str, email: str = "anna@example.org") -> None:
    answer = Client().post(f"/learn/offer/{key}/", {"name": "Anna Schmidt", "email": email})
    assert answer.status_code == 200


def test_it_is_in_the_registry() -> None:
    assert registry.events[KEY] is CourseSignup


def test_signing_up_starts_a_workflow_for_that_offer_alone() -> None:
    product = make.course()
    mine, other = make.offer(product, open=True), make.offer(product, title="Other", open=True)
    make.workflow(KEY, course_offers=[mine.pk])

    sign_up(mine.key)
    sign_up(other.key, "ben@example.org")

    assert make.told(*Contact.objects.order_by("email")) == [True, False]


def test_it_tells_the_offer_and_whether_the_contact_is_new() -> None:
    contacts.contact(email="known@example.org")
    offer = make.offer(make.course(), open=True)

    sign_up(offer.key)
    new = last_event(KEY).data
    sign_up(offer.key, "known@example.org")

    assert (new["offer_id"], new["offer"], new["is_new"]) == (offer.pk, "All of it", True)
    assert last_event(KEY).data["is_new"] is False


def test_whoever_has_it_already_does_not_sign_up_again() -> None:
    offer = make.offer(make.course(), open=True)

    sign_up(offer.key)
    sign_up(offer.key)

    assert make.types().count("signup") == make.types().count("offer_access_granted") == 1
