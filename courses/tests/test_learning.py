"""Progress, in whichever order and however often it is told."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.models import Contact
from contacts.tests import make as contacts
from courses import learning, standing
from courses.models import CategoryProgress, Enrolment, Lesson, LessonProgress, Product
from courses.tests import make
from triggers.models import Event

pytestmark = pytest.mark.django_db
SHAPE = (2, 2)
# What one learner does in order: each lesson is begun and completed, one after the other.
ORDERED = [
    (lesson, state, 2 * lesson + (state == "completed")) for lesson in range(4) for state in ("started", "completed")
]


def report(who: Contact, product: Product, reports: Any) -> dict[str, Any]:
    """Tells each of (lesson, state, hour), and how the learner then stands."""
    lessons = make.lessons_of(product)
    for lesson, state, hour in reports:
        learning.note(who, lessons[lesson], state, make.at(8 + hour))
    return stands(who, product)


def stands(who: Contact, product: Product) -> dict[str, Any]:
    def moments(rows: Any, name: str) -> list[tuple[str, datetime | None, datetime | None]]:
        return sorted(rows.values_list(f"{name}__title", "started_at", "completed_at"), key=str)

    enrolment = Enrolment.objects.get(contact=who, product=product)
    return {
        "course": (enrolment.started_at, enrolment.completed_at),
        "categories": moments(CategoryProgress.objects.filter(enrolment=enrolment), "category"),
        "lessons": moments(LessonProgress.objects.filter(enrolment=enrolment), "lesson"),
        "percent": standing.of(enrolment).percent,
    }


def completed(who: Contact) -> dict[str, int]:
    kinds = Event.objects.filter(contact_id=who.pk, type__endswith="_completed").values_list("type", flat=True)
    return {kind: list(kinds).count(kind) for kind in set(kinds)}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(ORDERED),
    doubled=st.lists(st.tuples(st.sampled_from(ORDERED), st.integers(0, len(ORDERED)))),
)
def test_any_order_with_any_doubles_ends_as_the_ordered_single_one(order: Any, doubled: Any) -> None:
    product = make.course(f"Course {Product.objects.count()}", categories=2, lessons=2)
    anna, ben = contacts.contact(email=""), contacts.contact(email="")
    shuffled = list(order)
    for each, place in doubled:
        shuffled.insert(place, each)

    assert report(anna, product, shuffled) == report(ben, product, ORDERED)
    assert completed(anna) == completed(ben) == {
        "course.product_completed": 1, "course.category_completed": 2, "course.lesson_completed": 4,
    }  # fmt: skip
    started = Event.objects.filter(contact_id=anna.pk, type__in=["course.product_started", "course.category_started"])
    assert started.count() == 3


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reports=st.lists(st.tuples(st.integers(0, 3), st.sampled_from(learning.STATES), st.integers(0, 12)), max_size=12),
       data=st.data())  # fmt: skip
def test_any_reports_end_the_same_in_any_order(reports: Any, data: Any) -> None:
    product = make.course(f"Course {Product.objects.count()}", categories=2, lessons=2)
    anna, ben = contacts.contact(email=""), contacts.contact(email="")
    for who in (anna, ben):
        Enrolment.objects.create(contact=who, product=product)

    assert report(anna, product, data.draw(st.permutations(reports))) == report(ben, product, reports)
    assert completed(anna) == completed(ben)


def test_a_whole_course_and_a_category_may_be_told_by_themselves() -> None:
    anna, product = contacts.contact(), make.course(categories=2)
    first = make.lessons_of(product)[0].category

    learning.note(anna, first, "completed", make.at(9))
    learning.note(anna, product, "completed", make.at(10))
    learning.note(anna, product, "started", make.at(8))

    assert make.types() == ["product_started", "category_started", "category_completed", "product_completed"]
    assert stands(anna, product)["course"] == (make.at(8), make.at(10))
    assert stands(anna, product)["percent"] == 100


def test_a_category_without_published_lessons_holds_nobody_up() -> None:
    anna, product = contacts.contact(), make.course(categories=2, lessons=1)
    first, second = make.lessons_of(product)
    Lesson.objects.filter(pk=second.pk).update(published=False)

    learning.note(anna, first, "completed", make.at(9))

    assert stands(anna, product)["course"] == (make.at(9), make.at(9))


def test_a_course_without_lessons_is_not_complete_by_itself() -> None:
    anna, product = contacts.contact(), make.course(lessons=0)

    learning.note(anna, product, "started", make.at(9))

    assert stands(anna, product)["course"] == (make.at(9), None)


def test_what_is_begun_when_nobody_told_of_it_is_told_before_it_is_completed() -> None:
    anna, product = contacts.contact(), make.course(lessons=1)

    learning.note(anna, make.lessons_of(product)[0], "completed", make.at(9))

    assert make.types() == [
        "product_started", "category_started", "lesson_completed", "category_completed", "product_completed",
    ]  # fmt: skip
