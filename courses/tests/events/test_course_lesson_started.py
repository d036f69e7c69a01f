"""`course.lesson_started`: told when a learner opens a lesson for the first time."""

import pytest
from django.utils import timezone

from courses import learning
from courses.events.course_lesson_started import CourseLessonStarted
from courses.telling import OfLesson
from courses.tests import make
from triggers import registry
from triggers.tests.make import last_event

KEY = "course.lesson_started"
pytestmark = pytest.mark.django_db


def test_it_is_in_the_registry() -> None:
    assert registry.events[KEY] is CourseLessonStarted
    assert CourseLessonStarted.section == "Course Triggers"


def test_opening_its_page_starts_a_workflow_for_that_lesson_alone() -> None:
    product = make.course()
    first, second = make.lessons_of(product)
    anna, ben = make.learner(product, first_name="Anna"), make.learner(product, email="ben@example.org")
    make.workflow(KEY, courses=[product.pk], lessons=[first.pk])

    make.browser(anna).get(make.page_of(first))
    make.browser(ben).get(make.page_of(second))

    assert make.told(anna, ben) == [True, False]


def test_it_is_told_once_with_where_and_how_far() -> None:
    product = make.course()
    lesson = make.lessons_of(product)[0]
    anna = make.learner(product)
    for _time in range(2):
        make.browser(anna).get(make.page_of(lesson))

    told = last_event(KEY)

    assert make.types().count("lesson_started") == 1
    assert (told.contact_id, told.subject_type, told.origin) == (anna.pk, "courses.lessonprogress", "member area")
    assert {name: told.data[name] for name in ("product", "category", "lesson", "progress_pct", "completed_at")} == {
        "product": "Oiling", "category": "Part 1", "lesson": "Lesson 1.1", "progress_pct": 0, "completed_at": None,
    }  # fmt: skip
    assert (told.data["lesson_id"], told.data["product_id"]) == (lesson.pk, product.pk)


def test_after_it_was_completed_it_is_no_news() -> None:
    product = make.course()
    lesson, anna, now = make.lessons_of(product)[0], make.learner(product), timezone.now()

    learning.note(anna, lesson, "completed", now)
    learning.note(anna, lesson, "started", now)

    assert "lesson_started" not in make.types()
    assert learning.LessonProgress.objects.get().started_at == now


def test_settings_narrow_it() -> None:
    assert CourseLessonStarted.narrow(OfLesson()) is None
    assert CourseLessonStarted.narrow(OfLesson(not_courses=[3])) == {
        "field": "event.product_id", "op": "is_none_of", "value": [3],
    }  # fmt: skip
    assert CourseLessonStarted.narrow(OfLesson(course_categories=[4], lessons=[5])) == {
        "all": [
            {"field": "event.category_id", "op": "is_any_of", "value": [4]},
            {"field": "event.lesson_id", "op": "is_any_of", "value": [5]},
        ]
    }
