"""What the pages of the member area share: who may ask how often, whose session it is, and how they answer.

A session is a signed cookie for these pages alone; Django's own protection against forged posts covers them.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from contacts.views import quietly
from courses import members
from courses.models import Member
from triggers import languages, visiting
from triggers.context import act_as
from triggers.models import Organisation

METHODS: Final = ("GET", "HEAD", "POST")
LOOKS_A_MINUTE: Final = 120
# What one internet address may ask for, sign up for and mark as done.
ACTS_A_MINUTE: Final = 20
# All addresses together may so many times as often as one.
TOGETHER: Final = 60
COOKIE: Final = "learner"
PATH: Final = "/learn/"
ORIGIN: Final = "member area"
# A field that people do not see.
TRAP: Final = "website"
View = Callable[..., HttpResponse]


def page(view: View) -> View:
    """Makes a view public: bounded, never cached, not logged with its address, and as of nobody on the staff."""

    @wraps(view)
    def answer(request: HttpRequest, **given: Any) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponse(status=405, headers={"Allow": ", ".join(METHODS)})
        wait = seconds_to_wait(request)
        with timezone.override(Organisation.get().zone), by_visitor():
            response = too_often(request, wait) if wait else view(request, **given)
        response["X-Robots-Tag"] = "noindex"
        return quietly(response)

    return never_cache(login_not_required(answer))


def own(view: View) -> View:
    """Makes a view the member's: it is given who asks, and whoever is not signed in is sent to do that."""

    def answer(request: HttpRequest, **given: Any) -> HttpResponse:
        member = member_of(request)
        if member is None:
            told = _("Sign in to go on. We mail you a link.")
            return shown(request, "courses/sign_in.html", {"heading": _("Sign in"), "told": told}, 403)
        with languages.of_reader(member.contact.language):
            return view(request, member, **given)

    return page(wraps(view)(answer))


def member_of(request: HttpRequest) -> Member | None:
    """Whose session it is; None where there is none, or not any more."""
    value = request.COOKIES.get(COOKIE, "")
    return members.of_session(value, timezone.now()) if value else None


def remember(response: HttpResponse, member: Member) -> HttpResponse:
    """Gives the browser the member's session."""
    response.set_cookie(
        COOKIE, members.session(member, timezone.now()), max_age=members.SESSION_AGE, path=PATH, httponly=True,
        samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


def by_visitor() -> AbstractContextManager[Any]:
    """Whoever is signed in to the admin at this browser is not who acts."""
    return act_as(actor="system", actor_id="", origin=ORIGIN)


def seconds_to_wait(request: HttpRequest) -> float:
    acts = request.method == "POST"
    limit = ACTS_A_MINUTE if acts else LOOKS_A_MINUTE
    return visiting.seconds_to_wait("learn" if acts else "learnl", request, limit, limit * TOGETHER, timezone.now())


def said(request: HttpRequest, status: int, heading: str, told: str, **more: Any) -> HttpResponse:
    """A page of one sentence."""
    return shown(request, "courses/said.html", {"heading": heading, "told": told, **more}, status)


def shown(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    shared = {"organisation": Organisation.get(), "trap": TRAP}
    return render(request, template, {**shared, **context}, status=status)


def too_often(request: HttpRequest, wait: float) -> HttpResponse:
    told = _("That was very often within a minute. Wait a moment, then go back and send it again.")
    response = said(request, 429, _("Not done yet"), told)
    response["Retry-After"] = str(int(wait) + 1)
    return response
