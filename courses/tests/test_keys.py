"""Courses, their parts, offers and templates in exported workflows go by their keys."""

from typing import Any

import pytest

from courses.tests import make
from triggers import references
from triggers.workflows import checking

pytestmark = pytest.mark.django_db


def document(event: str, **config: Any) -> dict[str, Any]:
    return {
        "triggers": [{"uid": "t1", "event": event, "config": config, "conditions": None}],
        "actions": [{"uid": "a1", "action": "data.set", "config": {"values": {"x": "1"}}}], "settings": {},
    }  # fmt: skip


def test_a_document_goes_out_by_key_and_comes_back_by_number() -> None:
    product = make.course("Care of oak")
    lesson = make.lessons_of(product)[1]
    whole = document("course.lesson_completed", courses=[product.pk], course_categories=[lesson.category_id],
                     lessons=[lesson.pk])  # fmt: skip

    out = references.keyed(whole)

    assert out["triggers"][0]["config"] == {
        "courses": ["care_of_oak"], "course_categories": ["care_of_oak.part_1"],
        "lessons": ["care_of_oak.part_1.lesson_12"],
    }  # fmt: skip
    assert references.numbered(out) == whole


@pytest.mark.parametrize(
    ("event", "setting", "said"),
    [
        ("course.product_started", "courses", "There is no course “999”."),
        ("course.category_started", "course_categories", "There is no category “999”."),
        ("course.lesson_started", "lessons", "There is no lesson “999”."),
        ("course.signup", "course_offers", "There is no course offer “999”."),
        ("course.certificate_issued", "certificate_templates", "There is no certificate template “999”."),
    ],
)
def test_what_is_not_there_is_told(event: str, setting: str, said: str) -> None:
    found = [problem.message for problem in checking.check(document(event, **{setting: [999]}))]

    assert any(message.startswith(said) for message in found)


def test_keys_of_parts_are_their_own_within_what_they_belong_to() -> None:
    one, other = make.course(), make.course("Sanding")

    assert {each.key for each in make.lessons_of(one)} == {each.key for each in make.lessons_of(other)}
    assert make.course().key == "oiling_2"
