"""What settings and conditions may choose from: courses, categories, lessons, offers and certificate templates."""

from functools import partial
from typing import Any

from courses.models import Category, CertificateTemplate, Lesson, Offer, Product
from triggers import choices


def register() -> None:
    named: tuple[tuple[str, Any], ...] = (
        ("course", Product), ("course offer", Offer), ("certificate template", CertificateTemplate),
    )  # fmt: skip
    for name, model in named:
        choices.register(name, partial(_titles, model), model=model._meta.label_lower)
    choices.register("course category", _categories, model="courses.category")
    choices.register("course lesson", _lessons, model="courses.lesson")
    for name, model in (("course title", Product), ("course offer title", Offer)):
        choices.register(name, partial(_titles, model, "title"))


def _titles(model: Any, value: str = "pk") -> list[choices.Choice]:
    return choices.of_records(model._default_manager.order_by("title"), value, "title")


def _categories() -> list[choices.Choice]:
    """Categories after their course: Care of worktops: Oiling."""
    rows = Category.objects.select_related("product")[: choices.MOST]
    return [(row.pk, f"{row.product}: {row}") for row in rows]


def _lessons() -> list[choices.Choice]:
    rows = Lesson.objects.select_related("category__product")[: choices.MOST]
    return [(row.pk, f"{row.category.product}: {row}") for row in rows]
