"""What the events of commerce share: becoming something, amounts as texts, and which records a trigger asks for."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Literal, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pydantic import Field, model_validator

from contacts import money
from triggers.event_types import Changed, Created, Options, Row

Tree = dict[str, Any]


class Became(Created, Changed):
    """A row came to be as the event says: by being stored so, or by a change. Refine `is_so`."""

    @classmethod
    def fires(cls, row: Row, changes: dict[str, dict[str, Any]]) -> bool:
        return cls.is_so(row.after) and (row.before is None or bool(changes))

    @classmethod
    def is_so(cls, values: dict[str, Any]) -> bool:
        """Whether a row with these values is one that the event tells of."""
        return True


class AmountOptions(Options):
    """From which amount to which. Amounts are compared as numbers: name the currency too."""

    amount_min: Decimal | None = Field(default=None, ge=0, title=gettext_noop("Amount at least"))
    amount_max: Decimal | None = Field(default=None, ge=0, title=gettext_noop("Amount at most"))
    currency: str = Field(default="", pattern="^([A-Z]{3})?$", title=gettext_noop("In which currency"))

    @model_validator(mode="after")
    def _from_low_to_high(self) -> Self:
        if self.amount_min is not None and self.amount_max is not None and self.amount_min > self.amount_max:
            raise ValueError(_("The smallest amount is above the largest; nothing would fit."))
        return self


class TagOptions(Options):
    """Of which contacts it starts."""

    tags: list[str] = Field(default=[], title=gettext_noop("The contact has one of these tags"))


def of_amount(options: AmountOptions, field: str) -> list[Tree]:
    """The conditions of an amount; `field` is its name in the payload."""
    found = [leaf("currency", "is", options.currency)] if options.currency else []
    if options.amount_min is not None:
        found.append(leaf(field, "gte", str(options.amount_min)))
    if options.amount_max is not None:
        found.append(leaf(field, "lte", str(options.amount_max)))
    return found


def of_tags(options: TagOptions) -> list[Tree]:
    return [{"field": "contact.tags", "op": "has_any", "value": options.tags}] if options.tags else []


def one_of(field: str, wanted: Sequence[Any]) -> list[Tree]:
    return [leaf(field, "is_any_of", list(wanted))] if wanted else []


def leaf(name: str, op: str, value: Any) -> Tree:
    """A condition on the event's own field."""
    return {"field": f"event.{name}", "op": op, "value": value}


def every(found: Iterable[Tree]) -> Tree | None:
    """All of the conditions; None where there is none."""
    leaves = list(found)
    return {"all": leaves} if leaves else None


def plain(row: Row, *names: str) -> dict[str, str | None]:
    """Amounts of a row in the decimals of its currency."""
    return {name: money.plain(row.after[name], row.after["currency"]) for name in names}


def moved(row: Row) -> dict[str, str | None]:
    """From which status to which: conditions on the field itself ask about the change."""
    return {"old_status": (row.before or {}).get("status"), "new_status": row.after["status"]}


PaymentSource = Literal[
    "invoice", "funnel", "website", "calendar", "form", "membership", "community", "payment_link", "subscription",
    "store", "external", "manual",
]  # fmt: skip
