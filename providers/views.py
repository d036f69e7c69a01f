"""`/hooks/<provider>/<connection>/`: where providers send to. No session, no cookies; what proves the sender is
its signature over the raw bytes. Every refusal is a problem document.
"""

import logging
from datetime import datetime
from functools import partial
from typing import IO, Final, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import APIException, MethodNotAllowed, Throttled

from providers.base import Delivery
from providers.frame import Reply
from providers.models import Connection, ProviderDelivery
from providers.receiving import take_in
from triggers import languages
from triggers.api import arrival_rates
from triggers.api.parsers import check_headers, read_body
from triggers.api.problems import MEDIA_TYPE, Trouble, answer
from triggers.secrets import SecretUnreadable

# As it is: composing this query anew took a fifth of what a delivery costs.
FIND: Final = f"SELECT * FROM {Connection._meta.db_table} WHERE public_id = %s AND provider = %s"  # noqa: S608 -- our own table
# Refusals are counted in the cache and written down, and logged, this often.
SAMPLED_SECONDS: Final = 60
logger = logging.getLogger(__name__)


class SwitchedOff(APIException):
    """The connection is there, and takes nothing (410: senders that know it stop)."""

    status_code = 410
    default_code = "switched_off"
    default_detail = gettext_lazy("This connection is switched off. Ask its owner to switch it on.")


class NotReady(Exception):
    """Nothing can be proven yet: nothing is taken."""


class NotProven(APIException):
    """The signature is missing, wrong or too old. The status is the one the provider understands."""

    default_code = "not_proven"

    def __init__(self, status: int) -> None:
        self.status_code = status
        super().__init__(_("The signature is missing, does not fit the body, or is too old."))


@csrf_exempt
@login_not_required
def receive(request: HttpRequest, provider: str, connection: str) -> HttpResponse:
    """One delivery: what its provider wants to hear, or a problem document."""
    try:
        response = _receive(request, provider, connection, timezone.now())
    except NotReady:
        response = _not_ready(request)
    except Exception as error:
        response = answer(error, request)
        if isinstance(error, MethodNotAllowed):
            response["Allow"] = "GET, POST"
    # Django would log a refused request with its path, and half of the proof is the address.
    response._has_been_logged = True  # type: ignore[attr-defined]
    response["Cache-Control"] = "no-store"
    return response


def _receive(request: HttpRequest, provider: str, public_id: str, now: datetime) -> HttpResponse:
    connection = next(iter(Connection.objects.raw(FIND, [public_id, provider])), None)
    if connection is None:
        raise Http404
    if not connection.active:
        raise SwitchedOff
    if request.method not in ("GET", "POST"):
        raise MethodNotAllowed(
            request.method or "", _("Send to this address with POST, not %(method)s.") % {"method": request.method}
        )
    limit = connection.kind.max_body
    check_headers(request.META, limit=limit)
    body = read_body(cast(IO[bytes], request), limit=limit)
    delivery = Delivery(request.method, settings.PUBLIC_URL + request.get_full_path(), request.headers, body)
    if request.method == "GET":
        return _greet(connection, delivery, now)
    proven = _prove(connection, delivery, now)
    # Only what is proven counts, so that a leaked address does not crowd out its sender.
    stored = partial(ProviderDelivery.objects.filter, connection=connection, is_first=True)
    turn = arrival_rates.turn(f"hook:{connection.pk}", connection, connection.per_minute, stored, now)
    with turn as wait, languages.organisations():
        if wait:
            raise Throttled(wait)
        take_in(connection, delivery, now, proven=proven)
    return _http((connection.kind.answer(connection, delivery, now) if proven else None) or connection.kind.reply)


def _greet(connection: Connection, delivery: Delivery, now: datetime) -> HttpResponse:
    try:
        reply = connection.kind.handshake(connection, delivery, now)
    except SecretUnreadable as error:
        logger.error("Connection %s: %s", connection.pk, error)
        raise NotReady from None
    if reply is None:
        raise MethodNotAllowed("GET", _("Send to this address with POST, not GET."))
    if reply.status >= 400:
        _count_refusal(connection, delivery, now)
        raise NotProven(reply.status)
    return _http(reply)


def _prove(connection: Connection, delivery: Delivery, now: datetime) -> bool:
    """Whether the delivery is proven; False only where the connection takes unproven ones. Else raises."""
    kind = connection.kind
    try:
        secrets = connection.signing_secrets(now)
    except SecretUnreadable as error:
        logger.error("Connection %s: %s", connection.pk, error)
        raise NotReady from None
    if (kind.signing() and not secrets) or (kind.account_required and not connection.account_id.strip()):
        raise NotReady
    if kind.verify(delivery, secrets, now):
        return True
    if kind.open_to(connection):
        return False
    _count_refusal(connection, delivery, now)
    raise NotProven(kind.refusal)


def _count_refusal(connection: Connection, delivery: Delivery, now: datetime) -> None:
    """One more; written down and logged at most once a minute, without the body."""
    name = f"hook:{connection.pk}:refused"
    try:
        cache.add(name, 0, 24 * 3600)
        count = cache.incr(name)
        if not cache.add(f"{name}:told", 1, SAMPLED_SECONDS):
            return
        cache.decr(name, count)
    except Exception:  # a cache that is gone must not turn a refusal into a fault
        count = 1
    logger.warning("Connection %s: %d refused, the last of %d bytes", connection.pk, count, len(delivery.body))
    Connection.objects.filter(pk=connection.pk).update(refused=F("refused") + count, last_refused_at=now)


def _not_ready(request: HttpRequest) -> HttpResponse:
    """503: the provider tries again, and by then somebody may have entered what is missing."""
    told = _("This connection is not complete: its secret or its account is missing. Ask its owner to enter it.")
    found = Trouble(503, "not_ready", told, headers={"Retry-After": "300"})
    return JsonResponse(
        found.document(request.path), status=found.status, headers=found.headers, content_type=MEDIA_TYPE
    )


def _http(reply: Reply) -> HttpResponse:
    return HttpResponse(reply.content, status=reply.status, content_type=reply.content_type)
