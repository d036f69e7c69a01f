"""An unpaid invoice is due soon, due, or overdue."""

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext
from pydantic import Field, model_validator

from commerce import links
from commerce.dues import DueInvoice, due
from commerce.telling import AmountOptions, TagOptions, every, of_amount, of_tags
from contacts import money
from contacts.dates.timing import CLOCK
from triggers.event_types import Due, Occurrence, event


class DueOptions(AmountOptions, TagOptions):
    """How many days before and after the due day, and of which invoices.

    Nothing entered means on the day itself. Numbers of days, several where it is to be told several times.
    """

    days_before: list[int] = Field(default=[], max_length=10, title=gettext_noop("So many days before it is due"))
    on_the_day: bool = Field(default=True, title=gettext_noop("On the day it is due"))
    days_after: list[int] = Field(default=[], max_length=10, title=gettext_noop("So many days overdue"))
    at: str = Field(default="09:00", pattern=CLOCK, title=gettext_noop("At"))

    @model_validator(mode="after")
    def _says_when(self) -> "DueOptions":
        if not (self.days_before or self.days_after or self.on_the_day):
            raise ValueError(_("Enter days before or after, or choose the day itself."))
        if not all(1 <= each <= 365 for each in (*self.days_before, *self.days_after)):
            raise ValueError(_("Enter days from 1 to 365."))
        return self

    @property
    def offsets(self) -> list[int]:
        return sorted({*(-each for each in self.days_before), *([0] if self.on_the_day else []), *self.days_after})

    def in_words(self) -> str:
        """Such as: 3 days before it is due, on the day itself, at 09:00."""
        said = [_offset_in_words(each) for each in self.offsets]
        return ", ".join([*said, _("at %(time)s") % {"time": self.at}])


@event("invoice.due", label=gettext_lazy("Invoice due"), section="Payment Triggers")
class InvoiceDue(Due):
    """An unpaid invoice is due in so many days, today, or since so many days: once for each of them.

    What is paid or voided is left out; where the due day is moved, it counts anew.
    """

    Options = DueOptions

    invoice_id: int
    contact_id: int | None
    number: str = ""
    title: str = ""
    status: str = "sent"
    currency: str
    total: Decimal
    paid: Decimal = Decimal(0)
    issued_on: date | None = None
    due_on: date
    days_overdue: int
    is_overdue: bool
    customer_name: str = ""
    url: str = ""

    def subject(self) -> tuple[str, int | None]:
        return "commerce.invoice", self.invoice_id

    @classmethod
    def due(cls, options: DueOptions, since: datetime, until: datetime, zone: ZoneInfo) -> Iterator[Occurrence]:
        for each in due(options.offsets, time.fromisoformat(options.at), zone, since, until):
            yield Occurrence(cls.model_validate(_told(each)), each.moment, each.key)

    @classmethod
    def narrow(cls, options: DueOptions) -> dict[str, Any] | None:
        return every([*of_amount(options, "total"), *of_tags(options)])


def _told(each: DueInvoice) -> dict[str, Any]:
    row = each.row
    told = {name: row[name] for name in InvoiceDue.model_fields if name in row}
    amounts = {name: money.plain(row[name], row["currency"]) for name in ("total", "paid")}
    url = row["pay_url"] if row["gateway"] and row["pay_url"] else links.of_invoice(row["pk"])
    return {
        **told,
        **amounts,
        "invoice_id": row["pk"],
        "days_overdue": each.days,
        "is_overdue": each.days > 0,
        "url": url,
    }


def _offset_in_words(days: int) -> str:
    if days < 0:
        return ngettext("%(n)d day before it is due", "%(n)d days before it is due", -days) % {"n": -days}
    if days:
        return ngettext("%(n)d day overdue", "%(n)d days overdue", days) % {"n": days}
    return _("on the day it is due")
