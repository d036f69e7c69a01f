"""A visitor sent an order form."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import Field

from commerce.keys import OrderFormNumber
from commerce.order_events import ProductOptions, of_products
from commerce.telling import every, one_of
from triggers.event_types import Happened, event

Kind = Literal["opt_in", "sale", "bump", "upsell"]


class FormOptions(ProductOptions):
    """Which order forms start it, and how far the visitor came; what is left empty means any."""

    forms: list[OrderFormNumber] = Field(
        default=[], title=gettext_noop("Which order form"), json_schema_extra={"source": "order form"}
    )
    kinds: list[Kind] = Field(
        default=[],
        title=gettext_noop("What was sent"),
        json_schema_extra={
            "labels": {
                "opt_in": gettext_noop("Only who it is"),
                "sale": gettext_noop("An order"),
                "bump": gettext_noop("An order with an addition"),
                "upsell": gettext_noop("What was offered afterwards"),
            }
        },
    )


@event("order.form_submitted", label=_("Order form submitted"), section="Payment Triggers")
class OrderFormSubmitted(Happened):
    """A visitor sent an order form, paid or not. Once for each sending; `opt_in` is the first page of two, with the
    name and address alone.
    """

    Options = FormOptions

    form_id: int
    form: str
    contact_id: int | None
    order_id: int | None = None
    submission_type: Kind
    total: Decimal = Decimal(0)
    currency: str = ""
    product_ids: list[str] = []
    price_ids: list[str] = []
    product_names: list[str] = []
    items: list[dict[str, Any]] = []
    page_url: str = ""
    utm: dict[str, str] = {}
    submitted_at: datetime

    @classmethod
    def narrow(cls, options: FormOptions) -> dict[str, Any] | None:
        found = [*one_of("form_id", options.forms), *one_of("submission_type", options.kinds)]
        return every([*found, *of_products(options)])

    def subject(self) -> tuple[str, int | None]:
        return "commerce.orderform", self.form_id
