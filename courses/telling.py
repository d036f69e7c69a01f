"""What the events of courses share: moments that are reached once, what they tell, and which ones a trigger asks for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext_noop
from pydantic import Field

from courses import standing
from courses.keys import CategoryNumber, LessonNumber, OfferNumber, ProductNumber
from courses.models import Category, Enrolment, Lesson, Offer, Product
from triggers.context import by_whom
from triggers.event_types import Changed, Created, EventType, Options, Row
from triggers.narrowing import together

Tree = dict[str, Any]


class Reached(Created, Changed):
    """The watched moment was empty and is filled: by storing the row, or by a change."""

    @classmethod
    def fires(cls, row: Row, changes: dict[str, dict[str, Any]]) -> bool:
        [moment] = cls.watch
        return row.after[moment] is not None and (row.before or {}).get(moment) is None


class Begun(Reached):
    """Something was begun; what is told of it after it was completed is no news."""

    @classmethod
    def fires(cls, row: Row, changes: dict[str, dict[str, Any]]) -> bool:
        return row.after["completed_at"] is None and super().fires(row, changes)


class OfProduct(Options):
    """Which courses start it; none named means any."""

    courses: list[ProductNumber] = Field(
        default=[], title=gettext_noop("Which course"), json_schema_extra={"source": "course"}
    )
    not_courses: list[ProductNumber] = Field(
        default=[], title=gettext_noop("None of these courses"), json_schema_extra={"source": "course"}
    )


class OfCategory(OfProduct):
    """Which courses and categories start it; what is left empty means any."""

    course_categories: list[CategoryNumber] = Field(
        default=[], title=gettext_noop("Which category"), json_schema_extra={"source": "course category"}
    )


class OfLesson(OfCategory):
    """Which courses, categories and lessons start it; what is left empty means any."""

    lessons: list[LessonNumber] = Field(
        default=[], title=gettext_noop("Which lesson"), json_schema_extra={"source": "course lesson"}
    )


class OfOffer(Options):
    """Which offers start it; none named means any."""

    course_offers: list[OfferNumber] = Field(
        default=[], title=gettext_noop("Which offer"), json_schema_extra={"source": "course offer"}
    )


class Narrowed(EventType):
    """An event that a trigger asks for by what it is about: setting, field of the payload, operator."""

    asked: ClassVar[tuple[tuple[str, str, str], ...]] = (
        ("courses", "product_id", "is_any_of"), ("not_courses", "product_id", "is_none_of"),
        ("course_categories", "category_id", "is_any_of"), ("lessons", "lesson_id", "is_any_of"),
        ("course_offers", "offer_id", "is_any_of"),
    )  # fmt: skip

    @classmethod
    def narrow(cls, options: Any) -> Tree | None:
        return together(*((name, op, getattr(options, setting, None)) for setting, name, op in cls.asked))


class ProductTold(Narrowed):
    """What an event tells of a learner in a course: which course, and how far they are."""

    Options = OfProduct

    enrolment_id: int
    contact_id: int
    product_id: int
    product: str
    progress_pct: int
    started_at: datetime | None = None
    completed_at: datetime | None = None

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        found = _of_enrolments({row.pk for row in rows})
        return {row.pk: found[row.pk] for row in rows}


class CategoryTold(ProductTold):
    """The same, of a category."""

    Options = OfCategory

    category_id: int
    category: str

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        found = _of_enrolments({row.after["enrolment_id"] for row in rows})
        titles = dict(
            Category.objects.filter(pk__in={row.after["category_id"] for row in rows}).values_list("pk", "title")
        )
        return {
            row.pk: {**found[row.after["enrolment_id"]], "category": titles[row.after["category_id"]]} for row in rows
        }


class LessonTold(CategoryTold):
    """The same, of a lesson."""

    Options = OfLesson

    lesson_id: int
    lesson: str

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        found = _of_enrolments({row.after["enrolment_id"] for row in rows})
        lessons = Lesson.objects.select_related("category").in_bulk({row.after["lesson_id"] for row in rows})
        told = {}
        for row in rows:
            lesson = lessons[row.after["lesson_id"]]
            place = {"category_id": lesson.category_id, "category": lesson.category.title, "lesson": lesson.title}
            told[row.pk] = {**found[row.after["enrolment_id"]], **place}
        return told


class OfferTold(Narrowed):
    """What an event tells of an offer that was given or taken: who did it, why, and until when it holds."""

    Options = OfOffer

    access_id: int
    contact_id: int
    offer_id: int
    offer: str
    by: str
    granted_by: str
    granted_at: datetime
    reason: str = ""
    expires_at: datetime | None = None

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        titles = dict(Offer.objects.filter(pk__in={row.after["offer_id"] for row in rows}).values_list("pk", "title"))
        who = by_whom()
        return {row.pk: {"offer": titles[row.after["offer_id"]], "by": who} for row in rows}


class OpeningTold(Narrowed):
    """What an event tells of a course that opened or closed for a contact."""

    Options = OfProduct

    enrolment_id: int
    contact_id: int
    product_id: int
    product: str
    by: str
    reason: str = ""
    expires_at: datetime | None = None


def titles_of(rows: Sequence[Row]) -> dict[int, str]:
    """What the courses of these enrolments are called."""
    wanted = {row.after["product_id"] for row in rows}
    return dict(Product.objects.filter(pk__in=wanted).values_list("pk", "title"))


def _of_enrolments(numbers: set[int]) -> dict[int, dict[str, Any]]:
    stands = standing.standings(numbers)
    rows = Enrolment.objects.filter(pk__in=numbers).values_list("pk", "contact_id", "product_id", "product__title")
    return {
        pk: {"contact_id": contact, "product_id": product, "product": title, "progress_pct": stands[pk].percent}
        for pk, contact, product, title in rows
    }
