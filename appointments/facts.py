"""What conditions and messages may ask about appointments, its signed links among it."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from appointments import links
from appointments.models import Appointment
from triggers import languages
from triggers.conditions.fields import Field, Kind
from triggers.facts import Facts, facts

PLAIN: Final[Mapping[str, Kind]] = {
    "title": Kind.TEXT, "status": Kind.CHOICE, "start_at": Kind.DATETIME, "end_at": Kind.DATETIME,
    "time_zone": Kind.TEXT, "location": Kind.TEXT, "notes": Kind.TEXT, "cancel_reason": Kind.TEXT,
    "source": Kind.CHOICE, "calendar": Kind.REF, "user": Kind.REF, "created_at": Kind.DATETIME,
}  # fmt: skip


@facts("appointment", label=_("Appointment"))
class AppointmentFacts(Facts):
    """An appointment as it stands now; its time in words is in the time zone of whoever booked it."""

    def fields(self) -> Mapping[str, Field]:
        declared = {name: _column(name, kind) for name, kind in PLAIN.items()}
        return declared | {
            "id": Field(Kind.REF, _("appointment"), column="pk"),
            "calendar_name": Field(Kind.TEXT, _("calendar's name"), column="calendar__name"),
            "group_name": Field(Kind.TEXT, _("group's name"), column="calendar__group__name"),
            "start_date": Field(Kind.TEXT, _("day, in words")),
            "start_time": Field(Kind.TEXT, _("time of day")),
            "end_time": Field(Kind.TEXT, _("time of its end")),
            "user_username": Field(Kind.TEXT, _("member's username")),
            "user_name": Field(Kind.TEXT, _("member's name")),
            "user_email": Field(Kind.TEXT, _("member's e-mail")),
            "guests": Field(Kind.SET, _("guests' e-mails")),
            "address": Field(Kind.TEXT, _("address of its page")),
            "cancel_url": Field(Kind.TEXT, _("address to cancel it")),
            "reschedule_url": Field(Kind.TEXT, _("address to move it")),
            "calendar_url": Field(Kind.TEXT, _("address to add it to a calendar")),
        }

    def load(self, ids: Collection[int]) -> dict[int, dict[str, Any]]:
        rows = Appointment.objects.filter(pk__in=ids).select_related("calendar__group", "user", "contact")
        return {row.pk: _values(row) for row in rows.prefetch_related("guests")}

    def existing(self, ids: Collection[int]) -> set[int]:
        return set(Appointment.objects.filter(pk__in=ids).values_list("pk", flat=True))

    def ids(self, rough: Q, after: int, limit: int) -> list[int]:
        rows = Appointment.objects.filter(rough, pk__gt=after).order_by("pk")
        return list(rows.values_list("pk", flat=True)[:limit])


def _column(name: str, kind: Kind) -> Field:
    column: Any = Appointment._meta.get_field(name)
    choices = tuple((str(value), str(label)) for value, label in column.flatchoices) if kind is Kind.CHOICE else ()
    refers_to = "" if column.related_model is None else column.related_model._meta.label_lower
    return Field(
        kind, column.verbose_name, choices=choices, column=name,
        refers_to=settings.AUTH_USER_MODEL if name == "user" else refers_to,
    )  # fmt: skip


def _values(row: Appointment) -> dict[str, Any]:
    plain = {name: getattr(row, Appointment._meta.get_field(name).attname) for name in PLAIN}  # type: ignore[union-attr]
    start, end, user = timezone.localtime(row.start_at, row.zone), timezone.localtime(row.end_at, row.zone), row.user
    with languages.of_mail_to(row.contact.language):
        words = {
            "start_date": f"{date_format(start, 'l')}, {date_format(start, 'DATE_FORMAT')}",
            "start_time": date_format(start, "TIME_FORMAT"), "end_time": date_format(end, "TIME_FORMAT"),
        }  # fmt: skip
    return {
        **{name: None if value == "" else value for name, value in plain.items()}, **words,
        "id": row.pk, "calendar_name": row.calendar.name,
        "group_name": row.calendar.group.name if row.calendar.group else None,
        "user_username": user.get_username() if user else None,
        "user_name": user.get_full_name() or user.get_username() if user else None,
        "user_email": user.email if user else None, "guests": {guest.email for guest in row.guests.all()},
        "address": links.address(row.pk), "cancel_url": links.address(row.pk) + "#cancel",
        "reschedule_url": links.address(row.pk, "move/"), "calendar_url": links.address(row.pk, "appointment.ics"),
    }  # fmt: skip
