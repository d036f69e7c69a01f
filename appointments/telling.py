"""What the events of appointments tell, to whom, and which appointments a trigger asks for."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal

from django.contrib.auth import get_user_model
from django.utils.translation import gettext_noop
from pydantic import Field

from appointments.keys import CalendarNumber, GroupNumber
from appointments.models import Appointment, Calendar, Guest
from triggers.context import acting
from triggers.event_types import EventType, Options, Row

Status = Literal["new", "confirmed", "rescheduled", "showed", "no_show", "cancelled", "invalid"]
By = Literal["customer", "user", "api", "workflow", "provider", "import", "system"]
Tree = dict[str, Any]
# Where visitors act: nobody is signed in there, and what they do is theirs.
BOOKING_PAGE: Final = "booking page"
STATUSES: Final = {str(value): str(label) for value, label in (
    ("new", gettext_noop("New")), ("confirmed", gettext_noop("Confirmed")),
    ("rescheduled", gettext_noop("Rescheduled")), ("showed", gettext_noop("Showed up")),
    ("no_show", gettext_noop("Did not come")), ("cancelled", gettext_noop("Cancelled")),
    ("invalid", gettext_noop("Invalid")),
)}  # fmt: skip
# The columns of an appointment that its events copy.
COLUMNS: Final = (
    "title", "status", "start_at", "end_at", "time_zone", "location", "notes", "source", "series", "contact", "calendar",
    "user",
)  # fmt: skip


class Told(EventType):
    """What every event tells of its appointment, as it was at that moment. `role`: to whom, the contact or a guest."""

    telling = ("title", "status")

    appointment_id: int
    contact_id: int
    role: Literal["contact", "guest"] = "contact"
    title: str = ""
    status: Status = "new"
    start_at: datetime
    end_at: datetime
    time_zone: str = ""
    location: str = ""
    notes: str = ""
    calendar_id: int
    calendar: str = ""
    group_id: int | None = None
    group: str = ""
    is_grouped: bool = False
    is_recurring: bool = False
    user_id: int | None = None
    user_username: str | None = None
    source: str = ""

    def subject(self) -> tuple[str, int | None]:
        return "appointments.appointment", self.appointment_id

    @classmethod
    def address(cls, options: Any) -> str | None:
        """Unless guests are asked for, only the contact's own events concern a trigger."""
        return {"contact": "contact", "guests": "guest"}.get(options.enrol)

    @classmethod
    def addresses(cls, facts: Mapping[str, Any]) -> Iterable[str]:
        return (str(facts["event.role"]),)


class Which(Options):
    """Which appointments start it; what is left empty means any. Guests are started for only where that is chosen."""

    calendars: list[CalendarNumber] = Field(default=[], title=gettext_noop("In which calendar"))
    calendar_groups: list[GroupNumber] = Field(default=[], title=gettext_noop("In which calendar group"))
    tags: list[str] = Field(default=[], title=gettext_noop("The contact has one of these tags"))
    enrol: Literal["contact", "both", "guests"] = Field(
        "contact", title=gettext_noop("Start it for"),
        json_schema_extra={"labels": {
            "contact": gettext_noop("The contact"), "both": gettext_noop("The contact and each guest"),
            "guests": gettext_noop("Each guest"),
        }},
    )  # fmt: skip


def narrow(options: Which) -> list[Tree]:
    found = []
    if options.calendars:
        found.append(leaf("event.calendar_id", "is_any_of", options.calendars))
    if options.calendar_groups:
        found.append(leaf("event.group_id", "is_any_of", options.calendar_groups))
    if options.tags:
        found.append(leaf("contact.tags", "has_any", options.tags))
    return found


def every(found: Sequence[Tree]) -> Tree | None:
    """All of the conditions; None where there is none."""
    return {"all": list(found)} if found else None


def leaf(field: str, op: str, value: Any) -> Tree:
    return {"field": field, "op": op, "value": value}


def texts_of(rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
    """What a payload tells that is no column, by the appointment's number."""
    calendars = Calendar.objects.select_related("group").in_bulk({row.after["calendar"] for row in rows})
    users = get_user_model()
    wanted = {row.after["user"] for row in rows if row.after["user"] is not None}
    names = dict(users._default_manager.filter(pk__in=wanted).values_list("pk", users.USERNAME_FIELD)) if wanted else {}
    return {row.pk: _texts(row.after, calendars[row.after["calendar"]], names) for row in rows}


def _texts(row: Mapping[str, Any], calendar: Calendar, names: Mapping[Any, str]) -> dict[str, Any]:
    plain = {name: row[name] for name in COLUMNS[:8]}
    return {
        **plain, "contact_id": row["contact"], "calendar_id": calendar.pk, "calendar": calendar.name,
        "group_id": calendar.group_id, "group": calendar.group.name if calendar.group else "",
        "is_grouped": calendar.group_id is not None, "is_recurring": row["series"] is not None,
        "user_id": row["user"], "user_username": names.get(row["user"]),
    }  # fmt: skip


def row_of(appointment: Appointment) -> Row:
    """An appointment as capture hands it over."""
    fields = appointment._meta
    return Row(appointment.pk, {name: getattr(appointment, fields.get_field(name).attname) for name in COLUMNS})  # type: ignore[union-attr]


def told_to(appointment: Appointment, contact_id: int) -> Any:
    """The status event of a guest who has just been added."""
    from appointments.events.appointment_status_changed import AppointmentStatusChanged

    told = texts_of([row_of(appointment)])[appointment.pk]
    return AppointmentStatusChanged(
        **{**told, "contact_id": contact_id, "role": "guest", "appointment_id": appointment.pk}, **modifier(),
        old_status=None, new_status=appointment.status, old_start_at=None,
    )  # fmt: skip


def guests_of(appointment_ids: Iterable[int]) -> dict[int, list[int]]:
    """The guests of each of these appointments, as contacts."""
    found: dict[int, list[int]] = {}
    rows = Guest.objects.filter(appointment__in=list(appointment_ids)).order_by("pk")
    for appointment, contact in rows.values_list("appointment", "contact"):
        found.setdefault(appointment, []).append(contact)
    return found


def modifier() -> dict[str, Any]:
    """Who acts, in the words of the filter: the customer on the booking page, a user by name, a workflow."""
    who = acting()
    if who.actor == "system" and who.origin == BOOKING_PAGE:
        return {"modified_by": "customer", "modified_by_user": None}
    known = ("user", "api", "workflow", "provider", "import")
    by = who.actor if who.actor in known else "system"
    name = None
    if by == "user" and who.actor_id.isdigit():
        users = get_user_model()
        name = users._default_manager.filter(pk=who.actor_id).values_list(users.USERNAME_FIELD, flat=True).first()
    return {"modified_by": by, "modified_by_user": name}
