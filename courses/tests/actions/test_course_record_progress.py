"""`course.record_progress`: what a learning system outside posts becomes progress."""

import json
from typing import Any

import pytest
from django.test import Client

from capture import services as capture
from contacts.tests import make as contacts
from contacts.tests.actions import play
from courses.models import Enrolment, LessonProgress
from courses.tests import make
from triggers import services, sweeping

KEY = "course.record_progress"
pytestmark = pytest.mark.django_db


def outside() -> Any:
    """A lesson of a course that is taught outside."""
    lesson = make.lessons_of(make.course(lessons=1, external_id="C-1"))[0]
    lesson.external_id = "L-17"
    lesson.save()
    return lesson


def test_an_inbound_webhook_completes_a_lesson() -> None:
    lesson, anna = outside(), contacts.contact(email="anna@example.org")
    hook, token = capture.create("Academy", mapping={"email": "student"})
    config = {
        "number": "{{ event.body.lesson }}",
        "state": "{{ event.body.state }}",
        "occurred_at": "{{ event.body.at }}",
    }
    document = {
        "triggers": [{"uid": "t1", "event": "webhook.received", "config": {"webhooks": [hook.pk]}, "conditions": None}],
        "actions": [{"uid": "a1", "action": KEY, "config": config}],
        "settings": {},
    }
    services.publish(services.create("Academy", document))

    body = {"student": "anna@example.org", "lesson": "L-17", "state": "Completed", "at": "2026-03-04T10:00:00+01:00"}
    Client().post(f"/in/{token}/", json.dumps(body), content_type="application/json")
    sweeping.drain()

    row = LessonProgress.objects.get()
    assert (row.lesson, row.enrolment.contact) == (lesson, anna)
    assert row.completed_at.isoformat() == "2026-03-04T09:00:00+00:00"
    assert make.types().count("product_completed") == 1


def test_it_says_what_it_did() -> None:
    outside()

    done = play.perform(KEY, contacts.contact(), number="L-17", state="started")

    assert done.summary == "Began “Lesson 1.1” of “Oiling”."
    assert done.result == {"enrolment_id": Enrolment.objects.get().pk}


@pytest.mark.parametrize(
    ("config", "why"),
    [
        ({"number": "L-18"}, "Nothing here has the number “L-18” outside."),
        ({"number": "L-17", "state": "opened"}, "“opened” is neither started nor completed."),
        ({"number": "L-17", "occurred_at": "soon"}, "“soon” is no date and time"),
        ({"number": "L-17", "occurred_at": "2026-13-45T00:00:00Z"}, "is no date and time"),
        ({"number": "L-17", "occurred_at": "2999-01-01T00:00:00Z"}, "That has not happened yet."),
        ({"number": "{{ contact.company }}"}, "Name one of these by its number outside"),
    ],
)
def test_what_does_not_fit_fails_it_and_nothing_is_written(config: dict[str, str], why: str) -> None:
    outside()

    done = play.perform(KEY, contacts.contact(), **config)

    assert done.status == "failed"
    assert why in done.error
    assert not Enrolment.objects.exists()


def test_who_has_no_access_to_a_course_that_is_taught_here_is_refused() -> None:
    lesson = outside()
    type(lesson.category.product).objects.update(external_id=None)

    done = play.perform(KEY, contacts.contact(), number="L-17")

    assert "has no access to “Oiling”" in done.error


def test_a_preview_writes_nothing() -> None:
    outside()

    assert play.preview(KEY, contacts.contact(), number="L-17").startswith(
        "Records progress in what has the number “L-17”"
    )
    assert not Enrolment.objects.exists()
