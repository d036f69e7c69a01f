"""How products, prices, order forms and templates are named in workflow documents: by key in files, by number here."""

from typing import Annotated, Final

from django.utils.translation import gettext_lazy as _

from triggers import references
from triggers.references import Reference

ProductNumber = Annotated[int, Reference("commerce.product")]
PriceNumber = Annotated[int, Reference("commerce.price")]
OrderFormNumber = Annotated[int, Reference("commerce.orderform")]
TemplateNumber = Annotated[int, Reference("commerce.documenttemplate")]
SeriesNumber = Annotated[int, Reference("commerce.invoiceseries")]

# model label → the columns that its key is put together from, and what is said where there is none
COLUMNS: Final = {
    "commerce.product": (("key",), _("There is no product “%(key)s”. It may have been deleted; choose another.")),
    "commerce.price": (
        ("product__key", "key"), _("There is no price “%(key)s”. It may have been deleted; choose another."),
    ),
    "commerce.orderform": (("key",), _("There is no order form “%(key)s”. It may have been deleted; choose another.")),
    "commerce.documenttemplate": (
        ("key",), _("There is no document template “%(key)s”. It may have been deleted; choose another."),
    ),
    "commerce.invoiceseries": (
        ("key",), _("There is no invoice series “%(key)s”. It may have been deleted; choose another."),
    ),
}  # fmt: skip


def register() -> None:
    for label, (columns, missing) in COLUMNS.items():
        references.keyed_by(label, columns, missing)
