"""When a date of a contact is told of, as a person would say it."""

from typing import TYPE_CHECKING

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from contacts.dates.timing import DayOptions


def days_and_time(options: "DayOptions") -> str:
    """Such as: 7 and 3 days before and on the day at 09:00, in the contact's time zone."""
    said = _("%(days)s at %(time)s") % {"days": _days(options), "time": options.at}
    return _("%(when)s, in the contact's time zone") % {"when": said} if options.timezone == "contact" else said


def leap_day(options: "DayOptions") -> str:
    """What 29 February means in other years, where it is not the day before."""
    if options.leap_day == "1 March":
        return _("29 February counts as 1 March")
    return _("29 February in leap years only") if options.leap_day == "leap years only" else ""


def _days(options: "DayOptions") -> str:
    before, after = sorted(set(options.days_before), reverse=True), sorted(set(options.days_after))
    said = []
    if before:
        said.append(ngettext("%(days)s day before", "%(days)s days before", _many(before)) % {"days": _and(before)})
    if options.on_the_day:
        said.append(_("on the day"))
    if after:
        said.append(ngettext("%(days)s day after", "%(days)s days after", _many(after)) % {"days": _and(after)})
    return _and(said)


def _many(days: list[int]) -> int:
    return days[0] if len(days) == 1 else sum(days)


def _and(items: list[int] | list[str]) -> str:
    return get_text_list([str(item) for item in items], _("and"))
