"""`course.user_login`: told when a member signs in; every time, the first time, or after days away."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from contacts.tests import make as contacts
from courses import members
from courses.events.course_user_login import CourseUserLogin, LoginOptions
from courses.models import Member
from courses.tests import make
from triggers import registry
from triggers.tests.make import last_event

KEY = "course.user_login"
pytestmark = pytest.mark.django_db


def sign_in(who: object) -> None:
    number = Member.objects.filter(contact=who).values_list("link_number", flat=True).first() or 0
    address = members.link(who.pk, number, timezone.now())
    assert Client().post("/learn/in/" + address.rpartition("/in/")[2]).status_code == 302


def test_it_is_in_the_registry() -> None:
    assert registry.events[KEY] is CourseUserLogin


def test_the_first_time_starts_a_workflow_that_asks_for_it() -> None:
    anna, ben = contacts.contact(), contacts.contact(email="ben@example.org")
    Member.objects.create(contact=ben, logins=3, last_login_at=timezone.now())
    make.workflow(KEY, which="first")

    for who in (anna, ben):
        sign_in(who)

    assert make.told(anna, ben) == [True, False]


def test_after_days_away_starts_a_workflow_that_asks_for_them() -> None:
    anna, ben, now = contacts.contact(), contacts.contact(email="ben@example.org"), timezone.now()
    for who, days in ((anna, 31), (ben, 29)):
        Member.objects.create(contact=who, logins=1, last_login_at=now - timedelta(days=days))
    make.workflow(KEY, which="after_days", days_away=30)

    for who in (anna, ben):
        sign_in(who)

    assert make.told(anna, ben) == [True, False]


def test_it_tells_how_often_and_when_before() -> None:
    anna, now = contacts.contact(), timezone.now()
    Member.objects.create(contact=anna, logins=1, last_login_at=now - timedelta(days=4))

    sign_in(anna)

    told = last_event(KEY).data
    assert (told["logins"], told["is_first"], told["days_away"]) == (2, False, 4)
    assert told["last_login_at_before"] < told["last_login_at"]
    assert "/learn/in/" not in str(told)


def test_settings_narrow_it() -> None:
    assert CourseUserLogin.narrow(LoginOptions()) is None
    assert CourseUserLogin.narrow(LoginOptions(which="first")) == {"field": "event.is_first", "op": "is", "value": True}


def test_signing_out_tells_nothing() -> None:
    anna = contacts.contact()

    make.browser(anna).post("/learn/out/")

    assert make.types() == []
