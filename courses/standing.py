"""How far learners are: lessons done of those there are, for many at once and in a constant number of queries."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery

from courses.models import Category, Enrolment, Lesson, LessonProgress, Product


@dataclass(frozen=True)
class Standing:
    """Lessons completed of those that are published. Who completed the course is at 100 also when lessons are added."""

    done: int = 0
    total: int = 0
    is_complete: bool = False

    @property
    def percent(self) -> int:
        if self.is_complete:
            return 100
        return 100 * self.done // self.total if self.total else 0


@dataclass(frozen=True)
class Shown:
    """A lesson as a learner sees it."""

    lesson: Lesson
    is_started: bool
    is_done: bool


def standings(enrolment_ids: Collection[int]) -> dict[int, Standing]:
    """How each of these enrolments stands."""
    rows = Enrolment.objects.filter(pk__in=enrolment_ids).order_by()
    found = list(rows.values_list("pk", "product_id", "completed_at"))
    lessons = Lesson.objects.filter(published=True, category__product__in={product for _pk, product, _at in found})
    totals = _counted(lessons, "category__product")
    done = _counted(
        LessonProgress.objects.filter(enrolment__in=enrolment_ids, completed_at__isnull=False, lesson__published=True),
        "enrolment",
    )
    return {pk: Standing(done.get(pk, 0), totals.get(product, 0), at is not None) for pk, product, at in found}


def of(enrolment: Enrolment) -> Standing:
    return standings([enrolment.pk])[enrolment.pk]


def plan(product: Product, enrolment: Enrolment | None) -> list[tuple[Category, list[Shown]]]:
    """The categories of a course with their published lessons in order, as this learner sees them."""
    lessons = Lesson.objects.filter(category__product=product, published=True).select_related("category")
    progress = {row.lesson_id: row for row in enrolment.lesson_progress.all()} if enrolment else {}
    found: dict[int, tuple[Category, list[Shown]]] = {}
    for lesson in lessons.order_by("category__position", "category_id", "position", "pk"):
        row = progress.get(lesson.pk)
        is_done = row is not None and row.completed_at is not None
        found.setdefault(lesson.category_id, (lesson.category, []))[1].append(Shown(lesson, row is not None, is_done))
    return list(found.values())


def next_of(shown: Iterable[tuple[Category, list[Shown]]]) -> Lesson | None:
    """The first lesson that is not done; None where all are."""
    return next((each.lesson for _category, lessons in shown for each in lessons if not each.is_done), None)


def _counted(rows: Any, by: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(by).annotate(n=Count("pk")))


def counted(rows: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """The enrolments with `n_done` and `n_lessons`, None for none: for lists, within their own query."""
    lessons = Lesson.objects.filter(published=True, category__product=OuterRef("product"))
    done = LessonProgress.objects.filter(
        enrolment=OuterRef("pk"), completed_at__isnull=False, lesson__published=True
    )  # fmt: skip
    return rows.annotate(
        n_lessons=Subquery(lessons.order_by().values("category__product").annotate(n=Count("pk")).values("n")),
        n_done=Subquery(done.order_by().values("enrolment").annotate(n=Count("pk")).values("n")),
    )
