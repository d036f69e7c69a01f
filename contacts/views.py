"""`/cal/<token>.ics`: somebody's tasks for their calendar program. No session: the token in the address is the key."""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.db.models import Model, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from contacts.todo import calendars
from triggers.api.rates import wait_for_turn

# Programs ask every few minutes at most.
A_MINUTE: Final = 30
NOTED_EVERY: Final = timedelta(hours=1)


@login_not_required
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponseBase:
    """`?as=todos` gives to-dos in place of appointments. 404 for a token that opens nothing, 304 when it is known."""
    feed, now = calendars.by_token(token), timezone.now()
    if feed is None:
        return no_feed()
    refused = turned_away(feed, now)
    if refused is not None:
        return refused
    body = calendars.calendar(calendars.tasks_of(feed.user, now), todos=request.GET.get("as") == "todos")
    return feed_of(request, body, "tasks.ics")


def no_feed() -> HttpResponse:
    """For a token that opens nothing."""
    return quietly(HttpResponse("There is no such calendar.\n", status=404, content_type="text/plain"))


def turned_away(feed: Model, now: datetime) -> HttpResponse | None:
    """The answer to a program that asks too often; else None, and it is noted in `read_at` that the feed is read."""
    wait = wait_for_turn(f"{feed._meta.label_lower}:{feed.pk}", A_MINUTE, 60, now.timestamp())
    if wait:
        return quietly(HttpResponse(status=429, headers={"Retry-After": str(int(wait) + 1)}))
    stale = Q(read_at=None) | Q(read_at__lt=now - NOTED_EVERY)
    type(feed)._default_manager.filter(stale, pk=feed.pk).update(read_at=now)
    return None


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
