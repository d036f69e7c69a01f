"""Notices in the admin: one's own, opened and marked as read."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from triggers.models import Notice
from triggers.tests import make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
LIST = "/admin/triggers/notice/"


@pytest.fixture
def clara() -> Client:
    return visit.staff(name="clara")


def notice(text: str = "A workflow was paused.", of: str = "clara", **values: Any) -> Notice:
    return Notice.objects.create(user=get_user_model().objects.get(username=of), text=text, **values)


def test_everybody_on_the_staff_sees_their_own_and_nobody_elses(clara: Client) -> None:
    notice("For Clara")
    make.user("ben", is_staff=True)
    others = notice("For Ben", of="ben")

    said = visit.text(clara, LIST)

    assert "For Clara" in said
    assert "For Ben" not in said
    clara.get(f"{LIST}{others.pk}/change/")
    others.refresh_from_db()
    assert others.read_at is None


@pytest.mark.parametrize(
    ("link", "leads_to"),
    [("/admin/triggers/workflow/", "/admin/triggers/workflow/"), ("", LIST), ("https://evil.example/", LIST)],
)
def test_opening_one_marks_it_and_leads_to_what_it_is_about(clara: Client, link: str, leads_to: str) -> None:
    made = notice(link=link)

    answer = clara.get(f"{LIST}{made.pk}/change/")

    made.refresh_from_db()
    assert answer["Location"] == leads_to
    assert made.read_at is not None


def test_those_chosen_are_marked_as_read_and_the_others_not(clara: Client) -> None:
    first, second = notice("First"), notice("Second")

    told = visit.pressed(clara, LIST, action="mark_read", _selected_action=[first.pk])

    assert told == "1 notice read."
    assert list(Notice.objects.filter(read_at=None)) == [second]
    assert "First" not in visit.text(clara, f"{LIST}?read=no")


def test_notices_are_never_written_or_deleted_by_hand(clara: Client) -> None:
    made = notice()

    assert clara.get(f"{LIST}add/").status_code == 403
    assert clara.post(f"{LIST}{made.pk}/delete/", {"post": "yes"}).status_code == 403
