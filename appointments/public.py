"""What the public pages of appointments share: who may ask how often, the reader's time zone, and how they answer.

No session, no cookies: so nothing to forge. The pages work without script.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from triggers import visiting
from triggers.models import Organisation

METHODS: Final = ("GET", "HEAD", "POST")
LOOKS_A_MINUTE: Final = 120
# What one internet address may book, move or cancel.
ACTS_A_MINUTE: Final = 10
# All addresses together may so many times as often as one.
TOGETHER: Final = 60
View = Callable[..., HttpResponse]


def page(view: View) -> View:
    """Makes a view public: bounded, never cached, not logged with its address, and patient with a busy database."""

    @wraps(view)
    def answer(request: HttpRequest, **given: Any) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponse(status=405, headers={"Allow": ", ".join(METHODS)})
        wait = seconds_to_wait(request)
        try:
            response = too_often(request, wait) if wait else view(request, **given)
        except OperationalError:
            told = _("We are very busy right now. Go back and send it again in a minute.")
            response = said(request, 503, _("Not done yet"), told)
            response["Retry-After"] = "60"
        response._has_been_logged = True  # type: ignore[attr-defined]
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "no-referrer"
        return response

    # The signature in a link authorises, or nothing has to; there is no cookie to protect.
    return csrf_exempt(never_cache(login_not_required(answer)))


def seconds_to_wait(request: HttpRequest) -> float:
    acts = request.method == "POST"
    limit = ACTS_A_MINUTE if acts else LOOKS_A_MINUTE
    return visiting.seconds_to_wait("book" if acts else "bookl", request, limit, limit * TOGETHER, timezone.now())


def said(request: HttpRequest, status: int, heading: str, told: str) -> HttpResponse:
    """A page of one sentence."""
    return shown(request, "appointments/said.html", {"heading": heading, "told": told}, status)


def shown(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, template, {"organisation": Organisation.get(), **context}, status=status)


def too_often(request: HttpRequest, wait: float) -> HttpResponse:
    told = _("That was very often within a minute. Wait a moment, then go back and send it again.")
    response = said(request, 429, _("Not done yet"), told)
    response["Retry-After"] = str(int(wait) + 1)
    return response


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
