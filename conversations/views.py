"""The public page behind the unsubscribe link: no login, no cookies, one click (RFC 8058).

GET shows and changes nothing, since mail scanners follow links; only POST does.
"""

from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from conversations import subscriptions
from conversations.addresses import masked
from conversations.models import Message
from triggers.context import act_as
from triggers.models import Organisation


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
    response = render(request, "conversations/unsubscribe.html", _shown(message))
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


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
