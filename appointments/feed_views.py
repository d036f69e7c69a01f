"""`/book/feed/<token>.ics`: appointments for a calendar program. No session: the token in the address is the key."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from appointments import feeds, ics
from appointments.models import Appointment, AppointmentFeed
from contacts.views import feed_of, no_feed, turned_away
from triggers import languages


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """404 for a token that opens nothing, 304 when it is known."""
    found, now = feeds.by_token(token), timezone.now()
    if found is None:
        return no_feed()
    refused = turned_away(found, now)
    if refused is not None:
        return refused
    with languages.organisations():
        name = found.calendar.name if found.calendar else _("My appointments")
        body = ics.feed(ics.of_feed(_rows(found), now), name)
    return feed_of(request, body, "appointments.ics")


def _rows(found: AppointmentFeed) -> Any:
    if found.calendar_id is not None:
        return Appointment.objects.filter(calendar=found.calendar_id)
    mine = Q(user=found.user_id) | Q(hosts=found.user_id)
    return Appointment.objects.filter(pk__in=Appointment.objects.filter(mine).values("pk"))
