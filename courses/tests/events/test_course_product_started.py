"""`course.product_started`: told with the first lesson of a course."""

import pytest

from courses.events.course_product_started import CourseProductStarted
from courses.tests import make
from triggers import registry
from triggers.tests.make import last_event

KEY = "course.product_started"
pytestmark = pytest.mark.django_db


def test_it_is_in_the_registry() -> None:
    assert registry.events[KEY] is CourseProductStarted


def test_its_first_lesson_starts_a_workflow_but_for_courses_left_out() -> None:
    mine, other = make.course(), make.course("Sanding")
    anna, ben = make.learner(mine), make.learner(other, email="ben@example.org")
    make.workflow(KEY, not_courses=[other.pk])

    make.browser(anna).get(make.page_of(make.lessons_of(mine)[0]))
    make.browser(ben).get(make.page_of(make.lessons_of(other)[0]))

    assert make.told(anna, ben) == [True, False]


def test_it_is_told_before_its_category_and_lesson_and_once() -> None:
    product = make.course(categories=2)
    anna = make.learner(product)
    for lesson in make.lessons_of(product):
        make.browser(anna).get(make.page_of(lesson))

    started = [name for name in make.types() if name.endswith("_started")]

    assert started[:3] == ["product_started", "category_started", "lesson_started"]
    assert started.count("product_started") == 1
    assert last_event(KEY).data["started_at"] is not None
