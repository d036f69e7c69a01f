"""`course.record_login`: what a learning system outside posts becomes a sign-in, once."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from capture import services as capture
from contacts.tests import make as contacts
from contacts.tests.actions import play
from courses.models import Member
from courses.tests import make
from triggers import services, sweeping

KEY = "course.record_login"
pytestmark = pytest.mark.django_db


def academy(*actions: dict[str, Any]) -> str:
    """The address that a learning system outside posts to; a live workflow does these actions with each body."""
    hook, token = capture.create("Academy", mapping={"email": "student"})
    document = {
        "triggers": [{"uid": "t1", "event": "webhook.received", "config": {"webhooks": [hook.pk]}, "conditions": None}],
        "actions": [{"uid": f"a{at}", **each} for at, each in enumerate(actions)],
        "settings": {},
    }
    services.publish(services.create("Academy", document))
    return f"/in/{token}/"


def post(address: str, **body: Any) -> int:
    answer = Client().post(address, json.dumps(body), content_type="application/json")
    sweeping.drain()
    return answer.status_code


def test_inbound_webhooks_count_each_sign_in_once() -> None:
    contacts.contact(email="anna@example.org")
    config = {"number": "{{ event.body.login }}", "occurred_at": "{{ event.body.at }}"}
    address = academy({"action": KEY, "config": config})
    at = timezone.now() - timedelta(days=2)

    for attempt, (number, hours) in enumerate([("S-1", 0), ("S-2", 5), ("S-1", 0), ("S-3", 1)]):
        moment = (at + timedelta(hours=hours)).isoformat()
        assert post(address, student="anna@example.org", login=number, at=moment, attempt=attempt) == 202

    member = Member.objects.get()
    assert (member.contact.email, member.logins) == ("anna@example.org", 3)
    assert member.last_login_at == at + timedelta(hours=5)
    assert make.types().count("user_login") == 3


def test_a_whole_course_outside_is_followed_by_inbound_webhooks() -> None:
    product = make.course(lessons=1, external_id="C-1")
    lesson = make.lessons_of(product)[0]
    lesson.external_id = "L-1"
    lesson.save()
    offer, says = make.offer(product), "{{ event.body.says }}"
    number = "{{ event.body.number }}"

    def when(said: str, key: str, **config: Any) -> dict[str, Any]:
        judged = {"field": "event.body.what", "op": "is", "value": said}
        return {"action": key, "config": config, "only_if": judged}

    address = academy(
        when("enrolment", "course.grant_offer", course_offers=[offer.pk]),
        when("lesson", "course.record_progress", number=number, state=says),
        when("login", KEY, number=number),
        when("withdrawal", "course.revoke_offer", course_offers=[offer.pk]),
    )
    for what, number_, said in (
        ("enrolment", "E-1", ""), ("login", "S-1", ""), ("lesson", "L-1", "started"), ("lesson", "L-1", "completed"),
        ("withdrawal", "E-1", ""),
    ):  # fmt: skip
        post(address, student="anna@example.org", what=what, number=number_, says=said)

    assert make.types() == [
        "offer_access_granted", "product_access_granted", "user_login", "product_started", "category_started",
        "lesson_started", "lesson_completed", "category_completed", "product_completed", "offer_access_removed",
        "product_access_removed",
    ]  # fmt: skip


def test_whoever_nothing_that_was_sent_names_has_no_sign_in() -> None:
    address = academy({"action": KEY, "config": {}})

    assert post(address, login="S-1") == 202

    assert not Member.objects.exists()


def test_it_says_what_it_did() -> None:
    done = play.perform(KEY, contacts.contact(), number="S-1")

    assert done.summary == "Recorded the sign-in; sign-ins in all: 1."
    assert done.result == {"member_id": Member.objects.get().pk, "logins": 1}


@pytest.mark.parametrize(
    ("config", "why"),
    [
        ({"occurred_at": "soon"}, "“soon” is no date and time"),
        ({"occurred_at": "2999-01-01T00:00:00Z"}, "That has not happened yet."),
        ({"occurred_at": "2025-01-01T00:00:00Z"}, "That is more than 90 days ago."),
        ({"number": "x" * 161}, "A number outside has at most 160 characters."),
    ],
)
def test_what_does_not_fit_fails_it_and_nothing_is_written(config: dict[str, str], why: str) -> None:
    done = play.perform(KEY, contacts.contact(), **config)

    assert done.status == "failed"
    assert why in done.error
    assert not Member.objects.exists()


def test_a_preview_writes_nothing() -> None:
    assert play.preview(KEY, contacts.contact()) == "Records that the contact signed in outside."
    assert not Member.objects.exists()
