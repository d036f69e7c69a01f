"""An invoice was sent, looked at, paid in part or in full, or voided."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import Field

from commerce import links
from commerce.telling import AmountOptions, Became, TagOptions, every, moved, of_amount, of_tags, one_of, plain
from triggers.event_types import Row, event

Status = Literal["draft", "sent", "viewed", "partly_paid", "paid", "void"]


class InvoiceOptions(AmountOptions, TagOptions):
    """Which invoices start it; what is left empty means any."""

    statuses: list[Status] = Field(
        default=[],
        title=gettext_noop("It is now"),
        json_schema_extra={
            "labels": {
                "draft": gettext_noop("Draft"), "sent": gettext_noop("Sent"), "viewed": gettext_noop("Viewed"),
                "partly_paid": gettext_noop("Partly paid"), "paid": gettext_noop("Paid"),
                "void": gettext_noop("Void"),
            }
        },
    )  # fmt: skip


@event("invoice.status_changed", label=_("Invoice status changed"), section="Payment Triggers")
class InvoiceStatusChanged(Became, model="commerce.Invoice", watch=("status",)):
    """An invoice was sent, looked at, paid in part or in full, or voided. That a draft was written is no event."""

    Options = InvoiceOptions

    invoice_id: int
    contact_id: int | None
    status: Status
    new_status: Status
    old_status: Status | None = None
    number: str = ""
    title: str = ""
    currency: str
    subtotal: Decimal
    discount: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    total: Decimal
    paid: Decimal = Decimal(0)
    issued_on: date | None = None
    due_on: date | None = None
    customer_name: str = ""
    customer_company: str = ""
    customer_email: str = ""
    order_id: int | None = None
    gateway: str = ""
    url: str = ""

    @classmethod
    def columns(cls) -> set[str]:
        return super().columns() | {"pay_url"}

    @classmethod
    def is_so(cls, values: dict[str, Any]) -> bool:
        return bool(values["status"] != "draft")

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        amounts = ("subtotal", "discount", "tax", "total", "paid")
        return {row.pk: {**plain(row, *amounts), **moved(row), "url": _url(row)} for row in rows}

    @classmethod
    def narrow(cls, options: InvoiceOptions) -> dict[str, Any] | None:
        return every([*one_of("new_status", options.statuses), *of_amount(options, "total"), *of_tags(options)])


def _url(row: Row) -> str:
    outside: str = row.after["pay_url"] if row.after["gateway"] else ""
    return outside or links.of_invoice(row.pk)
