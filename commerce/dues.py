"""Which unpaid invoices reach a moment before, on or after their due day, within a window of time."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from commerce.models import Invoice
from commerce.models.invoice import UNSETTLED

READ: Final = (
    "pk", "contact_id", "number", "title", "status", "currency", "total", "paid", "issued_on", "due_on",
    "customer_name", "gateway", "pay_url",
)  # fmt: skip


class DueInvoice(NamedTuple):
    """An invoice whose moment has come; `days` are negative before the due day."""

    row: dict[str, Any]
    days: int
    moment: datetime

    @property
    def key(self) -> str:
        """The same however often it is found; another where the due day was moved."""
        return f"{self.row['pk']}:{self.row['due_on']}:{self.days}"


def due(offsets: list[int], at: time, zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[DueInvoice]:
    """Every unpaid invoice with `since` < moment <= `until`: so many days from its due day, at this time of day."""
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    days: set[date] = set()
    for offset in offsets:
        day = first - timedelta(days=1)
        while day <= last:
            days.add(day - timedelta(days=offset))
            day += timedelta(days=1)
    for row in Invoice.objects.filter(UNSETTLED, due_on__in=days).order_by().values(*READ):
        for offset in offsets:
            moment = datetime.combine(row["due_on"] + timedelta(days=offset), at, zone)
            if since < moment <= until:
                yield DueInvoice(row, offset, moment)
