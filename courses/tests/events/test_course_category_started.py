"""`course.category_started`: told with the first lesson of a category."""

import pytest

from courses.events.course_category_started import CourseCategoryStarted
from courses.tests import make
from triggers import registry
from triggers.tests.make import last_event

KEY = "course.category_started"
pytestmark = pytest.mark.django_db


def test_it_is_in_the_registry() -> None:
    assert registry.events[KEY] is CourseCategoryStarted


def test_its_first_lesson_starts_a_workflow_for_that_category_alone() -> None:
    product = make.course(categories=2)
    first, _second, third, _fourth = make.lessons_of(product)
    anna, ben = make.learner(product), make.learner(product, email="ben@example.org")
    make.workflow(KEY, course_categories=[third.category_id])

    make.browser(anna).get(make.page_of(third))
    make.browser(ben).get(make.page_of(first))

    assert make.told(anna, ben) == [True, False]


def test_a_second_lesson_does_not_tell_it_again() -> None:
    product = make.course()
    anna = make.learner(product)
    for lesson in make.lessons_of(product):
        make.browser(anna).get(make.page_of(lesson))

    assert make.types().count("category_started") == 1
    assert (last_event(KEY).data["category"], last_event(KEY).subject_type) == ("Part 1", "courses.categoryprogress")
