"""An appointment was made, moved, or its status changed, by whomever."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import Field

from appointments.telling import (
    COLUMNS,
    STATUSES,
    By,
    Status,
    Told,
    Which,
    every,
    guests_of,
    leaf,
    modifier,
    narrow,
    texts_of,
)
from triggers.event_types import Changed, Created, Row, event
from triggers.event_types import Told as RowTold

WHO = {
    "customer": gettext_noop("The customer"), "user": gettext_noop("A user"), "api": gettext_noop("The API"),
    "workflow": gettext_noop("A workflow"), "provider": gettext_noop("A booking system outside"),
    "import": gettext_noop("An import"), "system": gettext_noop("The system"),
}  # fmt: skip


class StatusOptions(Which):
    """Which appointments start it, with which status, and by whom it was changed; what is left empty means any."""

    kinds: Literal["normal", "recurring"] | None = Field(
        default=None, title=gettext_noop("Kind of appointment"),
        json_schema_extra={"labels": {"normal": gettext_noop("Single"), "recurring": gettext_noop("Of a series")}},
    )  # fmt: skip
    statuses: list[Status] = Field(
        default=[], title=gettext_noop("With which status"), json_schema_extra={"labels": {**STATUSES}}
    )
    grouped: Literal["yes", "no"] | None = Field(
        default=None, title=gettext_noop("In a calendar of a group"),
        json_schema_extra={"labels": {"yes": gettext_noop("Yes"), "no": gettext_noop("No")}},
    )  # fmt: skip
    modified_by: list[By] = Field(default=[], title=gettext_noop("Changed by"), json_schema_extra={"labels": {**WHO}})
    modified_by_users: list[str] = Field(
        default=[], title=gettext_noop("Changed by which user"), json_schema_extra={"source": "username"}
    )
    users: list[str] = Field(default=[], title=gettext_noop("Kept by which member"))


@event("appointment.status_changed", label=_("Appointment status changed"), section="Appointment Triggers")
class AppointmentStatusChanged(Told, Created, Changed, model="appointments.Appointment", watch=("status", "start_at")):
    """An appointment was made, moved to another time, or its status changed, by whomever.

    `cancel_reason` is what was said when it was cancelled; empty where nothing was.
    Guests have events of their own, which start workflows only where a trigger asks for guests. Each starts its
    workflow whatever that says of starting again.
    """

    reenters = True
    Options = StatusOptions

    old_status: Status | None = None
    new_status: Status = "new"
    old_start_at: datetime | None = None
    modified_by: By = "system"
    modified_by_user: str | None = None
    cancel_reason: str = ""

    @classmethod
    def columns(cls) -> set[str]:
        return {*COLUMNS, "cancel_reason"}

    @classmethod
    def fires(cls, row: Row, changes: dict[str, dict[str, Any]]) -> bool:
        return row.before is None or bool(changes)

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        texts, who = texts_of(rows), modifier()
        return {
            row.pk: {**texts[row.pk], **who, **_before(row), "cancel_reason": row.after["cancel_reason"]}
            for row in rows
        }

    @classmethod
    def told(cls, rows: Sequence[Row]) -> Iterator[RowTold]:
        """To the contact, and to each guest."""
        guests = guests_of([row.pk for row in rows])
        for each in super().told(rows):
            yield each
            for contact in guests.get(each.row.pk, ()):
                payload = each.payload.model_copy(update={"contact_id": contact, "role": "guest"})
                yield each._replace(payload=payload)

    @classmethod
    def narrow(cls, options: StatusOptions) -> dict[str, Any] | None:
        found = narrow(options)
        if options.kinds:
            found.append(leaf("event.is_recurring", "is", options.kinds == "recurring"))
        if options.grouped:
            found.append(leaf("event.is_grouped", "is", options.grouped == "yes"))
        for name, wanted in (
            ("new_status", options.statuses), ("modified_by", options.modified_by),
            ("modified_by_user", options.modified_by_users), ("user_username", options.users),
        ):  # fmt: skip
            if wanted:
                found.append(leaf(f"event.{name}", "is_any_of", wanted))
        return every(found)


def _before(row: Row) -> dict[str, Any]:
    """The status and time that it had, as far as they are others."""
    before, status = row.before, row.after["status"]
    if before is None:
        return {"old_status": None, "new_status": status}
    moved = before.get("start_at") not in (None, row.after["start_at"])
    return {
        "old_status": before.get("status", status), "new_status": status,
        "old_start_at": before["start_at"] if moved else None,
    }  # fmt: skip
