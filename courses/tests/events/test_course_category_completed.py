"""`course.category_completed`: told with the last lesson of a category."""

import pytest

from courses.events.course_category_completed import CourseCategoryCompleted
from courses.models import Lesson
from courses.tests import make
from triggers import registry
from triggers.tests.make import last_event

KEY = "course.category_completed"
pytestmark = pytest.mark.django_db


def test_it_is_in_the_registry() -> None:
    assert registry.events[KEY] is CourseCategoryCompleted


def test_its_last_lesson_starts_a_workflow() -> None:
    product = make.course(categories=2)
    lessons = make.lessons_of(product)
    anna, ben = make.learner(product), make.learner(product, email="ben@example.org")
    make.workflow(KEY, courses=[product.pk])

    for who, count in ((anna, 2), (ben, 1)):
        for lesson in lessons[:count]:
            make.browser(who).post(make.page_of(lesson))

    assert make.told(anna, ben) == [True, False]
    assert (last_event(KEY).data["category"], last_event(KEY).data["progress_pct"]) == ("Part 1", 50)


def test_lessons_that_are_not_published_do_not_count() -> None:
    product = make.course()
    first, second = make.lessons_of(product)
    Lesson.objects.filter(pk=second.pk).update(published=False)
    anna = make.learner(product)

    make.browser(anna).post(make.page_of(first))

    assert make.types().count("category_completed") == 1
