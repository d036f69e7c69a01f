"""Progress: lessons, categories and courses are begun and completed, whoever tells it and in whichever order.

What is told twice changes nothing; of two moments the earlier counts; what was completed stays so. The progress of one
learner is written under a lock on the contact, so that of two last lessons one completes the course.
"""

from datetime import datetime
from typing import Any, Final, Literal

from django.db import models, transaction
from django.db.models import Max

from contacts.models import Contact
from courses import certifying
from courses.locking import lock
from courses.models import Category, CategoryProgress, Enrolment, Lesson, LessonProgress, Product
from courses.models.progress import Progress

State = Literal["started", "completed"]
STATES: Final[tuple[State, ...]] = ("started", "completed")
Part = Product | Category | Lesson


@transaction.atomic
def note(contact: Contact, part: Part, state: State, at: datetime) -> Enrolment:
    """The contact began or completed a course, a category or a lesson at that moment. Who may is not asked here."""
    lock([contact.pk])
    enrolment: Enrolment = Enrolment.objects.get_or_create(contact=contact, product=product_of(part))[0]
    _begin(enrolment, at)
    if isinstance(part, Product):
        if state == "completed":
            _complete(enrolment, at)
        return enrolment
    category = part.category if isinstance(part, Lesson) else part
    in_category, _made = CategoryProgress.objects.get_or_create(enrolment=enrolment, category=category)
    _begin(in_category, at)
    if isinstance(part, Lesson):
        in_lesson, _made = LessonProgress.objects.get_or_create(enrolment=enrolment, lesson=part)
        _reach(in_lesson, state, at)
    elif state == "completed":
        _complete(in_category, at)
    _complete(in_category, _category_done(enrolment, category))
    _complete(enrolment, _product_done(enrolment))
    return enrolment


def product_of(part: Part) -> Product:
    """The course that a part belongs to."""
    if isinstance(part, Product):
        return part
    return part.product if isinstance(part, Category) else part.category.product


def _reach(row: Progress, state: State, at: datetime) -> None:
    if state == "started":
        _begin(row, at)
    else:
        _complete(row, at)


def _begin(row: Progress, at: datetime) -> None:
    if row.started_at is None or at < row.started_at:
        row.started_at = at
        row.save()


def _complete(row: Progress, at: datetime | None) -> None:
    if at is None or (row.completed_at is not None and row.completed_at <= at):
        return
    is_new, row.completed_at = row.completed_at is None, at
    row.save()
    if is_new and isinstance(row, Enrolment):
        certifying.on_completion(row)


def _category_done(enrolment: Enrolment, category: Category) -> datetime | None:
    """When the last of the category's lessons was completed; None while one is missing, or where there is none."""
    wanted = Lesson.objects.filter(category=category, published=True).count()
    rows = enrolment.lesson_progress.filter(lesson__category=category, lesson__published=True)
    done = rows.filter(completed_at__isnull=False)
    return _latest(done) if wanted and done.count() == wanted else None


def _product_done(enrolment: Enrolment) -> datetime | None:
    """When the last category with lessons was completed; None while one is missing, or where there is none."""
    with_lessons = Category.objects.filter(product=enrolment.product_id, lessons__published=True).distinct()
    done = enrolment.category_progress.filter(category__in=with_lessons.values("pk"), completed_at__isnull=False)
    wanted = with_lessons.order_by().count()
    return _latest(done) if wanted and done.count() == wanted else None


def _latest(rows: "models.QuerySet[Any]") -> datetime | None:
    found: datetime | None = rows.aggregate(at=Max("completed_at"))["at"]
    return found
