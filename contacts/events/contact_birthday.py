"""A contact's birthday is near, is today, or has been."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from contacts.dates.dated import YEARLESS
from contacts.dates.due import dates_due
from contacts.dates.timing import DayOptions
from triggers.event_types import Due, Occurrence, event


@event("contact.birthday", label=_("Birthday reminder"), section="Contact Events")
class ContactBirthday(Due):
    """So many days before, on or after a contact's birthday, every year. Whoever has no birth date is left out.

    `days_offset` is negative before the birthday. `turning_age` is None where the year of birth is not known.
    """

    Options = DayOptions

    contact_id: int
    birthday_date: date
    turning_age: int | None
    days_offset: int
    occurrence_year: int

    @classmethod
    def due(cls, options: DayOptions, since: datetime, until: datetime, zone: ZoneInfo) -> Iterator[Occurrence]:
        for each in dates_due("birth_date", "yearly", options, since, until, zone):
            age = each.target.year - each.on.year if each.on.year != YEARLESS else None
            payload = cls(
                contact_id=each.contact_id, birthday_date=each.target, turning_age=age,
                days_offset=each.offset, occurrence_year=each.target.year,
            )  # fmt: skip
            yield Occurrence(payload, each.moment, each.key)
