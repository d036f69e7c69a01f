"""`/cal/<token>.ics`: somebody's tasks for their calendar program. No session: the token in the address is the key."""

import hashlib
from datetime import timedelta
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from contacts.models import CalendarFeed
from contacts.todo import calendars
from triggers.api.rates import wait_for_turn

# Programs ask every few minutes at most.
A_MINUTE: Final = 30
NOTED_EVERY: Final = timedelta(hours=1)


@login_not_required
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponseBase:
    """`?as=todos` gives to-dos in place of appointments. 404 for a token that opens nothing, 304 when it is known."""
    feed = calendars.by_token(token)
    if feed is None:
        return quietly(HttpResponse("There is no such calendar.\n", status=404, content_type="text/plain"))
    now = timezone.now()
    wait = wait_for_turn(f"cal:{feed.pk}", A_MINUTE, 60, now.timestamp())
    if wait:
        return quietly(HttpResponse(status=429, headers={"Retry-After": str(int(wait) + 1)}))
    if feed.read_at is None or now - feed.read_at > NOTED_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_at=now)
    body = calendars.calendar(calendars.tasks_of(feed.user, now), todos=request.GET.get("as") == "todos")
    return feed_of(request, body, "tasks.ics")


def feed_of(request: HttpRequest, body: bytes, name: str) -> HttpResponseBase:
    """The calendar as its answer; 304 when whoever asks has it already."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["ETag"] = etag
    found = get_conditional_response(request, etag=etag, response=response) or response
    found["Cache-Control"] = "private, no-cache"
    found["X-Robots-Tag"] = "noindex"
    return found


def quietly(response: HttpResponse) -> HttpResponse:
    """Django would log a refused request with its path, and the path holds the token."""
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
