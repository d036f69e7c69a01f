"""`course.lesson_completed`: told when a learner marks a lesson as done."""

import pytest

from courses.events.course_lesson_completed import CourseLessonCompleted
from courses.tests import make
from triggers import registry
from triggers.tests.make import last_event

KEY = "course.lesson_completed"
pytestmark = pytest.mark.django_db


def test_it_is_in_the_registry() -> None:
    assert registry.events[KEY] is CourseLessonCompleted


def test_marking_it_as_done_starts_a_workflow_for_its_category_alone() -> None:
    product = make.course(categories=2, lessons=1)
    first, second = make.lessons_of(product)
    anna, ben = make.learner(product), make.learner(product, email="ben@example.org")
    make.workflow(KEY, course_categories=[second.category_id])

    make.browser(anna).post(make.page_of(second))
    make.browser(ben).post(make.page_of(first))

    assert make.told(anna, ben) == [True, False]


def test_it_is_told_once_with_the_progress_that_it_made() -> None:
    product = make.course(lessons=4)
    lesson = make.lessons_of(product)[0]
    anna = make.learner(product)
    for _time in range(2):
        make.browser(anna).post(make.page_of(lesson))

    assert make.types().count("lesson_completed") == 1
    assert (last_event(KEY).data["lesson"], last_event(KEY).data["progress_pct"]) == ("Lesson 1.1", 25)
