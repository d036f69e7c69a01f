"""`course.…` in conditions and messages."""

from typing import Any

import pytest
from django.utils import timezone

from contacts.tests import make as contacts
from contacts.tests.actions import play
from courses import granting, learning
from courses.facts import CourseFacts
from courses.models import Member
from courses.tests import make
from triggers.conditions.fields import Kind
from triggers.facts import sources

pytestmark = pytest.mark.django_db


def test_it_tells_offers_courses_and_progress() -> None:
    product, other = make.course(lessons=1), make.course("Sanding", lessons=4)
    anna = contacts.contact()
    granting.grant(anna, make.offer(product, other))
    learning.note(anna, make.lessons_of(product)[0], "completed", make.at(9))
    learning.note(anna, make.lessons_of(other)[0], "completed", make.at(9))
    Member.objects.create(contact=anna, logins=2, last_login_at=make.at(8))

    found = CourseFacts().load([anna.pk])[anna.pk]

    link = found.pop("login_url")
    assert "/learn/in/" in link
    assert found == {
        "offers": {"All of it"}, "titles": {"Oiling", "Sanding"}, "started": {"Oiling", "Sanding"},
        "completed": {"Oiling"}, "logins": 2, "last_login_at": make.at(8), "progress.oiling": 100, "progress.sanding": 25,
    }  # fmt: skip


def test_each_course_has_a_field_of_its_own() -> None:
    make.course("Sanding of oak")

    field = sources["course"].field("progress.sanding_of_oak")

    assert field is not None
    assert field.kind is Kind.NUMBER
    assert str(field.label) == "progress in percent: Sanding of oak"
    assert sources["course"].field("progress.none") is None


def test_access_that_is_over_is_none() -> None:
    anna, offer = contacts.contact(), make.offer(make.course(), access_days=1)
    granting.grant(anna, offer, "", make.at(9))

    assert CourseFacts().load([anna.pk])[anna.pk]["offers"] == set()


def test_many_take_as_many_queries_as_one(django_assert_num_queries: Any) -> None:
    product = make.course()
    people = [make.learner(product, email=f"p{number}@example.org") for number in range(5)]

    with django_assert_num_queries(7):
        found = CourseFacts().load([*(each.pk for each in people), 9999])

    assert set(found) == {each.pk for each in people}


def test_a_message_holds_a_link_that_works_and_its_event_holds_none() -> None:
    mia = make.learner(make.course())

    done = play.perform("data.set", mia, values={"link": "{{ course.login_url }}"})

    link = done.run.vars["link"]
    assert CourseFacts().fields()["login_url"].sensitive
    assert "/learn/in/" in link
    from courses import members

    assert members.read(link.rstrip("/").rpartition("/")[2], timezone.now()) == (mia, 0)
    from triggers.models import Event

    assert not [row for row in Event.objects.all() if "/learn/in/" in str(row.data)]
