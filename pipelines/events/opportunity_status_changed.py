"""An opportunity was won, lost, abandoned, or opened again."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import Field

from pipelines.deals.telling import DealOptions, Status, Told, every, leaf, narrow, texts_of
from triggers.event_types import Changed, Row, event


class StatusOptions(DealOptions):
    """From which status to which; nothing named means any."""

    from_statuses: list[Status] = Field(default=[], title=gettext_noop("From status"))
    to_statuses: list[Status] = Field(default=[], title=gettext_noop("To status"))


@event("opportunity.status_changed", label=_("Opportunity status changed"), section="Opportunity Triggers")
class OpportunityStatusChanged(Told, Changed, model="pipelines.Opportunity", watch=("status",)):
    """An opportunity was won, lost, abandoned, or opened again."""

    Options = StatusOptions

    old_status: Status
    new_status: Status
    days_open: int = 0

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        texts = texts_of(rows)
        return {row.pk: texts[row.pk] | _moved(row) for row in rows}

    @classmethod
    def columns(cls) -> set[str]:
        return super().columns() | {"closed_at"}

    @classmethod
    def narrow(cls, options: StatusOptions) -> dict[str, Any] | None:
        # asked for as the payload tells it: the field itself is the change
        plain = options.model_copy(update={"statuses": []})
        found = narrow(plain)
        for name, wanted in (("old", options.from_statuses), ("new", options.to_statuses), ("new", options.statuses)):
            if wanted:
                found.append(leaf(f"event.{name}_status", "is_any_of", wanted))
        return every(found)


def _moved(row: Row) -> dict[str, Any]:
    closed = row.after["closed_at"] or (row.before or {}).get("closed_at")
    days = (closed - row.after["created_at"]).days if closed else 0
    return {"old_status": (row.before or {})["status"], "new_status": row.after["status"], "days_open": max(days, 0)}
