"""Moments and spans as staff read them: short where the day is plain, exact where one points at them."""

from datetime import date, datetime, timedelta
from typing import Final

from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

WEEK: Final = timedelta(days=6)


def short(moment: datetime | None, now: datetime | None = None) -> str:
    """10:14 today, Mon 19:06 within the week, 9 June 19:06 this year, else with the year; local time."""
    if moment is None:
        return ""
    local, today = timezone.localtime(moment), timezone.localtime(now or timezone.now())
    clock = formats.date_format(local, "TIME_FORMAT")
    if local.date() == today.date():
        return clock
    if abs(local - today) < WEEK:
        return f"{formats.date_format(local, 'D')} {clock}"
    return f"{_of_year(local, today)} {clock}"


def exact(moment: datetime | None) -> str:
    """Monday, 9 June 2026, 19:06:12."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{formats.date_format(local, 'l')}, {formats.date_format(local, 'DATE_FORMAT')}, {local:%H:%M:%S}"


def shown(moment: datetime | None, now: datetime | None = None) -> SafeString | str:
    """The short form, with the exact one to point at."""
    if moment is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', moment.isoformat(), exact(moment), short(moment, now)
    )


def short_day(day: date, now: datetime | None = None) -> str:
    """Today, tomorrow, Mon within the week, 9 June this year, else with the year."""
    today = timezone.localtime(now or timezone.now()).date()
    if day == today:
        return _("today")
    if day == today + timedelta(days=1):
        return _("tomorrow")
    if abs(day - today) < WEEK:
        return formats.date_format(day, "D")
    return _of_year(day, today)


def shown_day(day: date, now: datetime | None = None) -> SafeString:
    """The short form of a day, with the exact one to point at."""
    exactly = f"{formats.date_format(day, 'l')}, {formats.date_format(day, 'DATE_FORMAT')}"
    return format_html('<time datetime="{}" title="{}">{}</time>', day.isoformat(), exactly, short_day(day, now))


def day(moment: datetime, now: datetime | None = None) -> str:
    """The heading over a day's rows: Today, 9 June."""
    local, today = timezone.localtime(moment).date(), timezone.localtime(now or timezone.now()).date()
    date = _of_year(local, today)
    if local == today:
        return _("Today, %(date)s") % {"date": date}
    if local == today - timedelta(days=1):
        return _("Yesterday, %(date)s") % {"date": date}
    return f"{formats.date_format(local, 'l')}, {date}"


def _of_year(day: date, today: date) -> str:
    """A day; its year only where that is another one."""
    return formats.date_format(day, "MONTH_DAY_FORMAT" if day.year == today.year else "DATE_FORMAT")


def lasted(seconds: float) -> str:
    """40 ms, 1.2 s, 31 s, 14 h 23 min, 2 d 3 h."""
    if seconds < 1:
        return _("%(n)d ms") % {"n": round(seconds * 1000)}
    if seconds < 10:
        return _("%(n)s s") % {"n": formats.number_format(seconds, 1)}
    whole = round(seconds)
    days, hours, minutes = whole // 86400, whole // 3600 % 24, whole // 60 % 60
    if days:
        return _("%(d)d d %(h)d h") % {"d": days, "h": hours}
    if hours:
        return _("%(h)d h %(m)d min") % {"h": hours, "m": minutes}
    return _("%(m)d min") % {"m": minutes} if whole >= 120 else _("%(n)d s") % {"n": whole}
