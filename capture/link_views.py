"""`/l/<token>/`: on to where a trigger link leads, and an event where a known contact follows it."""

import logging
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from capture import links, visitors
from capture.links import Followed
from contacts.models import Contact
from triggers import languages, visiting
from triggers.models import Organisation

# From one internet address: what goes beyond leads on and is not counted.
A_MINUTE: Final = 60
TOGETHER: Final = 6000
logger = logging.getLogger(__name__)


@csrf_exempt
@login_not_required
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """302 to the link's destination; a page that says why where there is none. HEAD and programs leave no trace."""
    response = _answer(request, token)
    # Django would log a refused request with its path, and the path says who was to follow it.
    response._has_been_logged = True  # type: ignore[attr-defined]
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _answer(request: HttpRequest, token: str) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    followed = links.read(token)
    if followed is None:
        told = _("It was not copied in full, or the link has been taken away. Look for it again where you found it.")
        return _said(request, 404, told)
    if not followed.link.active:
        with languages.of_reader(_language(followed)):
            return _said(request, 410, _("The offer it led to has ended."))
    if not visiting.is_program(request):
        _count(request, followed)
    response = HttpResponse(status=302)
    # Not by HttpResponseRedirect, which would encode what is encoded already.
    response["Location"] = visitors.handed_over(followed.link.destination, followed.contact_id, timezone.now())
    return response


def _count(request: HttpRequest, followed: Followed) -> None:
    now = timezone.now()
    if visiting.seconds_to_wait("l", request, A_MINUTE, TOGETHER, now):
        return
    try:
        links.click(followed, visiting.mark_of(request, now), now)
    except DatabaseError:
        # The visitor gets where the link leads, whatever happens here.
        logger.exception("A click on link %s was not stored", followed.link.pk)


def _language(followed: Followed) -> str:
    """The contact's language; empty, and so the browser's, where nobody is known or it says none."""
    found = Contact.objects.filter(pk=followed.contact_id or 0).values_list("language", flat=True).first()
    return found or ""


def _said(request: HttpRequest, status: int, told: str) -> HttpResponse:
    context = {"organisation": Organisation.get(), "heading": _("This link leads nowhere"), "told": told}
    return render(request, "capture/form_said.html", context, status=status)
