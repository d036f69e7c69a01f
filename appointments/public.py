"""What the public pages of appointments share: how they answer, the reader's time zone, and the moment chosen."""

from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from contacts.public import Pages, View

__all__ = ["View", "moment_of", "page", "said", "shown", "zone_of"]

pages = Pages("book", "appointments/said.html")
page, said, shown = pages.page, pages.said, pages.shown


def zone_of(request: HttpRequest, usual: ZoneInfo) -> ZoneInfo:
    """The reader's time zone, where the address or the form names one that there is."""
    wanted = str(request.POST.get("zone") or request.GET.get("zone") or "")
    return ZoneInfo(wanted) if wanted in available_timezones() else usual


def moment_of(request: HttpRequest) -> datetime | None:
    """The moment that was chosen; None for none, and for what is no moment with an offset."""
    given = str(request.POST.get("at") or request.GET.get("at") or "")[:40]
    try:
        found = parse_datetime(given.replace(" ", "+"))
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
