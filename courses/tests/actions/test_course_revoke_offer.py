"""`course.revoke_offer`: what it does, what it says, and when there is nothing to do."""

import pytest

from contacts.tests import make as contacts
from contacts.tests.actions import play
from courses import granting
from courses.models import Access
from courses.tests import make
from triggers.action_types import Done
from triggers.tests.make import last_event

KEY = "course.revoke_offer"
pytestmark = pytest.mark.django_db


def test_it_is_done_and_told_with_its_reason() -> None:
    mia, offer = contacts.contact(), make.offer(make.course())
    granting.grant(mia, offer)

    done = play.perform(KEY, mia, course_offers=[offer.pk], reason="Order {{ event.body }}")

    assert (done.summary, done.result) == ("Took “All of it”.", {"offers": ["All of it"]})
    assert last_event("course.product_access_removed").data["reason"] == "Order Called back"
    assert Access.objects.get().removed_at is not None


def test_who_never_had_it_loses_nothing() -> None:
    done = play.perform(KEY, contacts.contact(), course_offers=[make.offer().pk])

    assert (done.status, done.summary, done.result) == ("done", "Never had any of them.", {"offers": []})
    assert make.types() == []


def test_a_preview_writes_nothing() -> None:
    mia, offer = contacts.contact(), make.offer()
    granting.grant(mia, offer)

    assert play.simulate(KEY, mia, course_offers=[offer.pk])[0] == Done("Takes “All of it” from the contact.")
    assert Access.objects.get().removed_at is None
