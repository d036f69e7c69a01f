"""Whoever is forgotten leaves nothing in courses, and their certificates lead nowhere."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from contacts.privacy import forgetting
from contacts.tests import make as contacts
from courses import reporting
from courses.models import Access, CategoryProgress, Certificate, Enrolment, LessonProgress, LoginOutside, Member
from courses.tests import make
from triggers import sweeping
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
TABLES = (Access, CategoryProgress, Certificate, Enrolment, LessonProgress, LoginOutside, Member)


def test_all_of_it_goes_and_nothing_of_others() -> None:
    product = make.course(lessons=1)
    make.template(product, on_completion=True)
    anna, ben = contacts.contact(first_name="Zelmira"), make.learner(product, email="ben@example.org")
    offer = make.offer(product)
    visit.boss().post("/admin/courses/access/add/", {"contact": anna.pk, "offer": offer.pk, "reason": ""})
    for who in (anna, ben):
        make.browser(who).post(make.page_of(make.lessons_of(product)[0]))
        reporting.record_login(who, "S-1", None, timezone.now())
    number = Certificate.objects.get(contact=anna).number
    assert "Zelmira" in LogEntry.objects.get().object_repr

    forgetting.forget(anna)
    sweeping.drain()

    assert [model.objects.count() for model in TABLES] == [1] * len(TABLES)
    assert Certificate.objects.get().contact == ben
    assert Client().get(f"/certificate/{number}/").status_code == 404
    assert "Zelmira" not in LogEntry.objects.get().object_repr
