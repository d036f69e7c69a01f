"""A date of a contact, its birth date or a custom field, is near, is today, or has been."""

from collections.abc import Iterator
from datetime import date as Day
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field, field_validator

from contacts.dates import wording
from contacts.dates.dated import sources
from contacts.dates.due import Repeat, dates_due
from contacts.dates.timing import DayOptions
from triggers.event_types import Due, Occurrence, event


class DateOptions(DayOptions):
    """Which date, and whether it returns. Monthly, the 31st falls on the last day of shorter months."""

    field: str = Field(default="birth_date", json_schema_extra={"source": "contact date"}, title=gettext_noop("Date"))
    repeat: Repeat = Field(
        "once",
        title=gettext_noop("How often"),
        json_schema_extra={
            "labels": {
                "once": gettext_noop("Once"),
                "monthly": gettext_noop("Every month"),
                "yearly": gettext_noop("Every year"),
            }
        },
    )

    @field_validator("field")
    @classmethod
    def _is_a_date(cls, field: str) -> str:
        known = sources()
        if field not in known:
            raise ValueError(_("Choose one of the date fields: %(fields)s.") % {"fields": ", ".join(known)})
        return field

    def in_words(self) -> str:
        returns = {"monthly": _("every month"), "yearly": _("every year")}.get(self.repeat, "")
        leap_day = wording.leap_day(self) if self.repeat == "yearly" else ""
        return ", ".join(filter(None, (sources()[self.field], returns, wording.days_and_time(self), leap_day)))


@event("contact.custom_date_reached", label=gettext_lazy("Custom date reminder"), section="Contact Events")
class ContactCustomDateReached(Due):
    """So many days before, on or after a date of a contact: once, every month or every year.

    `date` is the day that is reached: the stored one, or its return in this month or year.
    """

    Options = DateOptions

    contact_id: int
    field: str
    date: Day
    days_offset: int
    stored_date: Day

    @classmethod
    def due(cls, options: DateOptions, since: datetime, until: datetime, zone: ZoneInfo) -> Iterator[Occurrence]:
        for each in dates_due(options.field, options.repeat, options, since, until, zone):
            payload = cls(
                contact_id=each.contact_id, field=options.field, date=each.target,
                days_offset=each.offset, stored_date=each.on,
            )  # fmt: skip
            yield Occurrence(payload, each.moment, f"{options.field}:{each.key}")
