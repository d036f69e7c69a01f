"""What the pages of the member area share: whose session it is, and how they answer.

A session is a signed cookie for these pages alone.
"""

from contextlib import AbstractContextManager
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.public import Pages, View
from courses import members
from courses.models import Member
from triggers import languages
from triggers.context import act_as
from triggers.models import Organisation

# What one internet address may ask for, sign up for and mark as done.
pages = Pages("learn", "courses/said.html", acts_a_minute=20, by_cookie=True)
said = pages.said
COOKIE: Final = "learner"
PATH: Final = "/learn/"
ORIGIN: Final = "member area"
# A field that people do not see.
TRAP: Final = "website"


def page(view: View) -> View:
    """Makes a view public, as of nobody on the staff."""

    @wraps(view)
    def answer(request: HttpRequest, **given: Any) -> HttpResponse:
        with timezone.override(Organisation.get().zone), by_visitor():
            return view(request, **given)

    return pages.page(answer)


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


def shown(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return pages.shown(request, template, {"trap": TRAP, **context}, status)
