"""Money was given back, or that failed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import Field

from commerce.models import Payment
from commerce.telling import (
    AmountOptions,
    Became,
    PaymentSource,
    TagOptions,
    every,
    leaf,
    moved,
    of_amount,
    of_tags,
    one_of,
    plain,
)
from contacts import money
from triggers.event_types import Row, event


class RefundOptions(AmountOptions, TagOptions):
    """Which refunds start it; what is left empty means any."""

    statuses: list[Literal["succeeded", "failed"]] = Field(
        default=[],
        title=gettext_noop("How it went"),
        json_schema_extra={"labels": {"succeeded": gettext_noop("Given back"), "failed": gettext_noop("Failed")}},
    )
    sources: list[PaymentSource] = Field(default=[], title=gettext_noop("From which source"))
    extent: Literal["full", "partial"] | None = Field(
        default=None,
        title=gettext_noop("How much of the payment"),
        json_schema_extra={"labels": {"full": gettext_noop("All of it"), "partial": gettext_noop("A part of it")}},
    )


@event("refund.processed", label=_("Refund processed"), section="Payment Triggers")
class RefundProcessed(Became, model="commerce.Refund", watch=("status",)):
    """Money was given back, or that failed. `extent` is full where the refund alone is all of the payment."""

    Options = RefundOptions

    refund_id: int
    payment_id: int
    contact_id: int | None
    status: Literal["succeeded", "failed"]
    new_status: Literal["succeeded", "failed"]
    old_status: str | None = None
    amount: Decimal
    currency: str
    extent: Literal["full", "partial"]
    reason: str = ""
    source: PaymentSource = "manual"
    order_id: int | None = None
    invoice_id: int | None = None
    gateway: str = ""
    payment_amount: Decimal

    @classmethod
    def is_so(cls, values: dict[str, Any]) -> bool:
        return values["status"] in ("succeeded", "failed")

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        payments = Payment.objects.in_bulk({row.after["payment_id"] for row in rows})
        return {
            row.pk: {**plain(row, "amount"), **moved(row), **_of(payments[row.after["payment_id"]], row)}
            for row in rows
        }

    @classmethod
    def narrow(cls, options: RefundOptions) -> dict[str, Any] | None:
        found = [*one_of("new_status", options.statuses), *one_of("source", options.sources)]
        if options.extent:
            found.append(leaf("extent", "is", options.extent))
        return every([*found, *of_amount(options, "amount"), *of_tags(options)])


def _of(payment: Payment, row: Row) -> dict[str, Any]:
    return {
        "contact_id": payment.contact_id, "source": payment.source, "order_id": payment.order_id,
        "invoice_id": payment.invoice_id, "extent": "full" if row.after["amount"] >= payment.amount else "partial",
        "payment_amount": money.plain(payment.amount, payment.currency),
    }  # fmt: skip
