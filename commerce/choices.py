"""What settings of workflows may choose from: products, prices, order forms, templates, invoice series, and who charges."""

from functools import partial
from typing import Any

from commerce import charging
from commerce.models import DocumentTemplate, InvoiceSeries, OrderForm, Price, Product
from contacts import money
from triggers import choices


def register() -> None:
    kinds: tuple[tuple[str, Any], ...] = (
        ("product", Product), ("order form", OrderForm), ("document template", DocumentTemplate),
        ("invoice series", InvoiceSeries),
    )  # fmt: skip
    for name, model in kinds:
        rows = model._default_manager.order_by("name")
        choices.register(name, partial(_named, rows), model=model._meta.label_lower)
    choices.register("price", _prices, model="commerce.price")
    choices.register("charger", lambda: [(name, name.capitalize()) for name in sorted(charging.chargers)])


def _named(rows: Any) -> list[choices.Choice]:
    return choices.of_records(rows.all(), "pk", "name")


def _prices() -> list[choices.Choice]:
    """Prices with what they cost: Oak worktop: large, € 1,200."""
    rows = Price.objects.select_related("product").order_by("product__name", "amount")[: choices.MOST]
    return [(row.pk, f"{row}, {money.shown(row.amount, row.currency)}") for row in rows]
