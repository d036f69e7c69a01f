"""Two contacts become one: the survivor keeps the better of both, and no event tells of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.dedupe import merging
from contacts.tests import make as contacts
from courses import granting, learning
from courses.models import Access, Enrolment, LessonProgress, Member
from courses.tests import make

pytestmark = pytest.mark.django_db


def test_progress_of_both_is_put_together() -> None:
    product = make.course(lessons=2)
    anna, other = contacts.contact(), contacts.contact(email="a@example.org")
    first, second = make.lessons_of(product)
    learning.note(anna, first, "completed", make.at(12))
    learning.note(other, first, "completed", make.at(10))
    learning.note(other, second, "started", make.at(9))
    before = make.types()

    merging.merge(anna.pk, other.pk)

    row = Enrolment.objects.get()
    assert (row.contact, row.started_at) == (anna, make.at(9))
    assert dict(LessonProgress.objects.values_list("lesson", "completed_at")) == {
        first.pk: make.at(10),
        second.pk: None,
    }
    assert make.types() == before


def test_access_that_holds_longer_survives() -> None:
    product, now = make.course(), timezone.now()
    offer = make.offer(product, access_days=10)
    anna, other = contacts.contact(), contacts.contact(email="a@example.org")
    granting.grant(anna, offer, "", now)
    granting.revoke(anna, offer, "", now)
    held = granting.grant(other, offer, "", now)
    before = make.types()

    merging.merge(anna.pk, other.pk)

    access = Access.objects.get()
    assert (access.contact, access.removed_at, access.expires_at) == (anna, None, held.expires_at)
    assert granting.holds(anna.pk, product, now + timedelta(days=9))
    assert Enrolment.objects.get().access_since is not None
    assert make.types() == before


def test_what_only_the_other_has_moves() -> None:
    product = make.course()
    anna, other = contacts.contact(), make.learner(product, email="a@example.org")
    Member.objects.create(contact=other, logins=3, last_login_at=make.at(9))

    merging.merge(anna.pk, other.pk)

    assert granting.holds(anna.pk, product, timezone.now())
    assert Member.objects.get().contact == anna


def test_sign_ins_are_added() -> None:
    anna, other = contacts.contact(), contacts.contact(email="a@example.org")
    Member.objects.create(contact=anna, logins=1, last_login_at=make.at(9))
    Member.objects.create(contact=other, logins=2, last_login_at=make.at(8))

    merging.merge(anna.pk, other.pk)

    assert (Member.objects.get().logins, Member.objects.get().last_login_at) == (3, make.at(9))
