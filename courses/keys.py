"""How courses, their parts, offers and templates are named in workflow documents: by key in files, by number here."""

from typing import Annotated, Final

from django.utils.translation import gettext_lazy as _

from triggers import references
from triggers.references import Reference

ProductNumber = Annotated[int, Reference("courses.product")]
CategoryNumber = Annotated[int, Reference("courses.category")]
LessonNumber = Annotated[int, Reference("courses.lesson")]
OfferNumber = Annotated[int, Reference("courses.offer")]
TemplateNumber = Annotated[int, Reference("courses.certificatetemplate")]

# model label → the columns that its key is put together from, and what is said where there is none
COLUMNS: Final[dict[str, tuple[tuple[str, ...], object]]] = {
    "courses.product": (("key",), _("There is no course “%(key)s”. It may have been deleted; choose another.")),
    "courses.category": (
        ("product__key", "key"), _("There is no category “%(key)s”. It may have been deleted; choose another."),
    ),
    "courses.lesson": (
        ("category__product__key", "category__key", "key"),
        _("There is no lesson “%(key)s”. It may have been deleted; choose another."),
    ),
    "courses.offer": (("key",), _("There is no course offer “%(key)s”. It may have been deleted; choose another.")),
    "courses.certificatetemplate": (
        ("key",), _("There is no certificate template “%(key)s”. It may have been deleted; choose another."),
    ),
}  # fmt: skip


def register() -> None:
    for label, (columns, missing) in COLUMNS.items():
        references.keyed_by(label, columns, missing)
