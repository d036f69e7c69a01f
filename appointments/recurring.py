"""Series: the same time of day every so often, each an appointment of its own. All are booked, or none."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from uuid import uuid4
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from appointments import services
from appointments.models import Appointment
from appointments.services import Asked

MOST: Final = 52
Every = Literal["day", "week", "two_weeks", "month"]
STEPS: Final = {
    "day": timedelta(days=1), "week": timedelta(weeks=1), "two_weeks": timedelta(weeks=2), "month": None,
}  # fmt: skip


@dataclass(frozen=True)
class Repeat:
    """How often, and how many appointments in all."""

    every: Every
    times: int


@transaction.atomic
def book(asked: Asked, repeat: Repeat, now: datetime) -> list[Appointment]:
    """The appointments of a series. Raises ValidationError at `start` that names the first day that cannot be."""
    if not 2 <= repeat.times <= MOST:
        raise ValidationError({"times": _("A series has 2 to %(n)d appointments.") % {"n": MOST}})
    series, made = uuid4(), []
    for start in _starts(asked.start, repeat, asked.calendar.zone):
        try:
            made.append(services.book(replace(asked, start=start, series=series), now))
        except ValidationError as error:
            local = start.astimezone(asked.calendar.zone)
            words = {"day": date_format(local, "DATE_FORMAT"), "why": " ".join(error.messages)}
            raise ValidationError({"start": _("%(day)s: %(why)s Nothing was booked.") % words}) from None
    return made


def _starts(start: datetime, repeat: Repeat, zone: ZoneInfo) -> Iterator[datetime]:
    """The moments, at the same local time of day. Raises ValidationError for one that the clocks leave out."""
    first = start.astimezone(zone).replace(tzinfo=None)
    for number in range(repeat.times):
        step = STEPS[repeat.every]
        naive = first + number * step if step is not None else first + relativedelta(months=number)
        yield made_aware(naive, zone, "start") if number else start


def made_aware(naive: datetime, zone: ZoneInfo, at: str) -> datetime:
    """The moment of a local time; the first where it comes twice. Raises ValidationError where it never comes."""
    moment = naive.replace(tzinfo=zone)
    if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != naive:
        words = {"time": f"{naive:%H:%M}", "day": date_format(naive, "DATE_FORMAT"), "zone": zone.key}
        told = _("There is no %(time)s on %(day)s in %(zone)s: the clocks go forward then.")
        raise ValidationError({at: told % words})
    return moment.astimezone(UTC)
