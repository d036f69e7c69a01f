"""`/book/feed/<token>.ics`: appointments for a calendar program. No session: the token in the address is the key."""

from datetime import timedelta
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from appointments import feeds, ics
from appointments.models import Appointment, AppointmentFeed
from contacts.views import feed_of, quietly
from triggers import languages
from triggers.api.rates import wait_for_turn

A_MINUTE: Final = 30
NOTED_EVERY: Final = timedelta(hours=1)


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """404 for a token that opens nothing, 304 when it is known."""
    found = feeds.by_token(token)
    if found is None:
        return quietly(HttpResponse("There is no such calendar.\n", status=404, content_type="text/plain"))
    now = timezone.now()
    wait = wait_for_turn(f"feed:{found.pk}", A_MINUTE, 60, now.timestamp())
    if wait:
        return quietly(HttpResponse(status=429, headers={"Retry-After": str(int(wait) + 1)}))
    if found.read_at is None or now - found.read_at > NOTED_EVERY:
        AppointmentFeed.objects.filter(pk=found.pk).update(read_at=now)
    with languages.organisations():
        name = found.calendar.name if found.calendar else _("My appointments")
        body = ics.feed(ics.of_feed(_rows(found), now), name)
    return feed_of(request, body, "appointments.ics")


def _rows(found: AppointmentFeed) -> Any:
    if found.calendar_id is not None:
        return Appointment.objects.filter(calendar=found.calendar_id)
    mine = Q(user=found.user_id) | Q(hosts=found.user_id)
    return Appointment.objects.filter(pk__in=Appointment.objects.filter(mine).values("pk"))
