"""The public addresses in mails: the unsubscribe link, the picture, and links that go by way of us. No login, no
cookies.

Leaving takes one click (RFC 8058), by POST alone, since mail scanners follow links. An opening or click that a
scanner may have made is told as such, and a HEAD or a prefetch is none.
"""

import base64
from typing import Final

from django.conf import settings
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from conversations import following, machines, subscriptions
from conversations.addresses import masked
from conversations.happenings import Happening, record_mail_event
from conversations.models import Message
from triggers import languages
from triggers.context import act_as
from triggers.models import Organisation
from triggers.outside import programs

PICTURE: Final = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


# The signature in the link is what authorises; a mail program that posts has no cookie to protect.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """`POST List-Unsubscribe=One-Click`, or the page's own buttons; 404 for a link that is not ours."""
    try:
        message = subscriptions.message_of(token)
    except BadSignature:
        raise Http404 from None
    if request.method == "POST" and message is not None:
        _change(message, request.POST.get("action", ""))
    with languages.of_reader(message.contact.language if message else ""):
        response = render(request, "conversations/unsubscribe.html", _shown(message))
        response["Content-Language"] = get_language() or settings.LANGUAGE_CODE
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


@never_cache
@require_safe
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """A transparent point; that it was asked for tells of the opening."""
    try:
        message = following.opened_message(token)
    except BadSignature:
        raise Http404 from None
    _note(request, message, "opened")
    response = HttpResponse(PICTURE, content_type="image/gif")
    response["Referrer-Policy"] = "no-referrer"
    return response


@never_cache
@require_safe
def clicked(request: HttpRequest, token: str) -> HttpResponse:
    """On to where the link of the mail leads, which stands with the message and not in the address."""
    try:
        message, url = following.clicked_message(token)
    except BadSignature:
        raise Http404 from None
    if not url:
        raise Http404
    _note(request, message, "clicked", url)
    response = HttpResponseRedirect(url)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _note(request: HttpRequest, message: Message | None, kind: str, url: str = "") -> None:
    if message is None or request.method != "GET" or programs.is_ahead(request.headers):
        return
    now, agent = timezone.now(), request.headers.get("User-Agent", "")
    program = machines.is_program(agent, message.sent_at, now)
    with act_as(actor="system", actor_id="", origin="mail"):
        record_mail_event(Happening(kind, now, url=url, user_agent=agent, machine=program), now, message=message)


def _change(message: Message, action: str) -> None:
    # Whoever is signed in at this browser is not who acts: the link is the contact's.
    with act_as(actor="system", actor_id=""):
        if action == "resubscribe":
            subscriptions.resubscribe(message)
        else:
            subscriptions.unsubscribe(message, timezone.now())


def _shown(message: Message | None) -> dict[str, object]:
    return {
        "organisation": Organisation.get(),
        "address": masked(message.to_address) if message else "",
        "unsubscribed": message is not None and subscriptions.is_unsubscribed(message),
    }
