"""`course.product_completed`: told with the last lesson of a course."""

import pytest

from courses.events.course_product_completed import CourseProductCompleted
from courses.models import Lesson
from courses.tests import make
from triggers import registry
from triggers.tests.make import last_event

KEY = "course.product_completed"
pytestmark = pytest.mark.django_db


def test_it_is_in_the_registry() -> None:
    assert registry.events[KEY] is CourseProductCompleted


def test_its_last_lesson_starts_a_workflow() -> None:
    product = make.course(categories=2)
    lessons = make.lessons_of(product)
    anna, ben = make.learner(product), make.learner(product, email="ben@example.org")
    make.workflow(KEY, courses=[product.pk])

    for who, mine in ((anna, lessons), (ben, lessons[:-1])):
        for lesson in mine:
            make.browser(who).post(make.page_of(lesson))

    assert make.told(anna, ben) == [True, False]
    assert (last_event(KEY).data["product"], last_event(KEY).data["progress_pct"]) == ("Oiling", 100)
    assert make.types().count("product_completed") == 1


def test_a_lesson_that_is_added_later_takes_nothing_back_and_tells_nothing_again() -> None:
    product = make.course(lessons=1)
    [lesson] = make.lessons_of(product)
    anna = make.learner(product)
    make.browser(anna).post(make.page_of(lesson))

    further = Lesson.objects.create(category=lesson.category, title="One more", position=9)
    make.browser(anna).post(make.page_of(further))

    assert make.types().count("product_completed") == 1
    assert make.types().count("category_completed") == 1
