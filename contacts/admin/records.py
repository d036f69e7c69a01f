"""What the pages of records that services write share: one sentence, what they are, what belongs to them, what happened."""

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts import money, timeline
from contacts.custom.numbers import exact
from triggers.admin.buttons import Buttons
from triggers.admin.pages import Page, ReadOnly, link, page_of
from triggers.problems import Invalid, Problem
from triggers.wording.look import pill

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = object

# More than this a list does not show of a text.
LONG: Final = 60

# By status, the pill whose look it has.
LOOKS = {
    "draft": "draft", "sent": "sent", "viewed": "viewed", "partly_paid": "waiting", "paid": "done", "void": "cancelled",
    "pending": "pending", "failed": "failed", "cancelled": "cancelled", "refunded": "again", "succeeded": "done",
    "incomplete": "pending", "incomplete_expired": "cancelled", "scheduled": "pending", "trial": "new",
    "active": "live", "overdue": "waiting", "unpaid": "failed", "canceled": "cancelled", "expired": "cancelled",
    "signed": "new", "completed": "done", "declined": "failed", "voided": "cancelled", "counted": "done",
    "approved": "approved", "open": "open", "paused": "paused", "rejected": "failed",
}  # fmt: skip


class Table(NamedTuple):
    """Rows under a heading, each of cells. So many of the last columns are `numbers`, which stand right."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    numbers: int = 1

    @property
    def first_number(self) -> int:
        """The place of the first column of numbers, counted from one."""
        return len(self.columns) - self.numbers + 1


class Listed(_Admin):
    """The columns that lists of records have."""

    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    view_on_site = False

    @admin.display(description=gettext_lazy("contact"))
    def contact_link(self, row: Any) -> SafeString:
        return link(page_of(row.contact), row.contact) if row.contact else link("", "–")

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def state(self, row: Any) -> SafeString:
        return state_of(row)


class Record(Buttons, Listed, ReadOnly, Page):
    """A record that services write: its page tells how it stands, and what can be done."""

    page_template = "admin/contacts/record.html"

    def page(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        label = obj._meta.label_lower
        days = timeline.of_record(label, obj.pk) if request.user.has_perm("triggers.view_event") else []
        return {
            "pill": state_of(obj), "buttons": self.offered(request, obj), "sentence": self.sentence(obj), "days": days,
            "facts": [(name, value) for name, value in self.facts(obj) if value not in ("", None)],
            "tables": [table for table in self.tables(obj) if table.rows],
            "contact": obj.contact if hasattr(obj, "contact") else None,
        }  # fmt: skip

    def sentence(self, row: Any) -> str:
        """How it stands, for whoever opens the page."""
        raise NotImplementedError

    def facts(self, row: Any) -> Iterable[tuple[Any, Any]]:
        raise NotImplementedError

    def tables(self, row: Any) -> Iterable[Table]:
        return ()


def state_of(row: Any) -> SafeString:
    return pill(LOOKS.get(row.status, "pending"), row.get_status_display())


def two_lines(row: Any, said: Any) -> SafeString:
    """The row's name as a link to it, and below what belongs to it; both cut where they are long."""
    named = link(page_of(row), Truncator(row).chars(LONG))
    return format_html('{}<span class="said">{}</span>', named, Truncator(said).chars(LONG))


def shown(value: Decimal | None, code: str) -> str:
    return money.shown(value, code)


def items_of(row: Any) -> Table:
    """The items of an order or a checkout."""
    rows = [
        (each.get("name", ""), each.get("quantity", 1), shown(_decimal(each.get("amount")), row.currency))
        for each in row.items
    ]
    return Table(_("Lines"), (_("What"), _("Quantity"), _("Amount")), rows, numbers=2)


def linked(rows: Iterable[Any], *cells: Any) -> list[list[Any]]:
    """Rows of other records, the first cell a link to each."""
    return [[link(page_of(row), row), *(cell(row) for cell in cells)] for row in rows]


def asked_amount(text: str) -> Decimal | None:
    """An amount that was typed; None where nothing was. Raises Invalid."""
    if not text.strip():
        return None
    try:
        return exact(text.strip(), _("Enter an amount, for example 49.90."))
    except ValidationError as error:
        raise Invalid([Problem(("amount",), " ".join(error.messages))]) from None


def _decimal(text: Any) -> Decimal | None:
    try:
        return Decimal(str(text)) if text not in (None, "") else None
    except InvalidOperation:
        return None
