"""The demo's course: six lessons, an open offer, and a learner halfway."""

import pytest

from concours import demonstration_courses
from contacts.tests import make as contacts
from courses import standing
from courses.models import Enrolment, Lesson, LessonProgress, Offer
from triggers.models import Event

pytestmark = pytest.mark.django_db


def test_it_is_made_once_with_a_learner_halfway_and_starts_nothing() -> None:
    contacts.contact(first_name="Jonas", source="demo")

    for _time in range(2):
        demonstration_courses.ensure()

    row = Enrolment.objects.get()
    assert (Lesson.objects.count(), Offer.objects.get().open) == (6, True)
    assert (standing.of(row).percent, row.completed_at) == (50, None)
    assert LessonProgress.objects.filter(completed_at=None).count() == 1
    assert not Event.objects.filter(type__startswith="course.", muted=False).exists()


def test_without_its_contacts_there_is_the_course_alone() -> None:
    demonstration_courses.ensure()

    assert Offer.objects.get().products.get().published
    assert not Enrolment.objects.exists()
