"""`/in/<token>/`: where outside systems send to. No session, no cookies; what proves the sender is the token
in the address and, where asked for, the signature. Every refusal is a problem document.
"""

import logging
from datetime import datetime
from typing import IO, Final, cast

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import APIException, MethodNotAllowed, Throttled

from capture import rate, reading, services
from capture.intake import Sent, take_in
from capture.models import InboundWebhook
from triggers.api.parsers import check_headers, read_body
from triggers.api.problems import answer
from triggers.outside import signatures

SIGNED_BY: Final = {
    InboundWebhook.Signature.HMAC: gettext_lazy(
        "The signature in %(header)s does not fit the body. Sign the raw bytes with the secret of this webhook."
    ),
    InboundWebhook.Signature.STANDARD: gettext_lazy(
        "The signature does not fit, or is older than five minutes. Sign as Standard Webhooks says, with the"
        " secret of this webhook, and send at once."
    ),
}
logger = logging.getLogger(__name__)


class SwitchedOff(APIException):
    """The webhook is there, and takes nothing (410: senders that know it stop)."""

    status_code = 410
    default_code = "switched_off"
    default_detail = gettext_lazy("This inbound webhook is switched off. Ask its owner to switch it on.")


class NotSigned(APIException):
    """The signature is missing, wrong or too old."""

    status_code = 401
    default_code = "not_signed"


class NotAllowed(MethodNotAllowed):
    """Neither POST nor a GET that the webhook accepts. `allow` is the header of that name."""

    def __init__(self, method: str, webhook: InboundWebhook) -> None:
        self.allow = "GET, POST" if webhook.allow_get else "POST"
        told = _("Send to this address with %(allow)s, not %(method)s.")
        super().__init__(method, told % {"allow": self.allow, "method": method[:20]})


@csrf_exempt
@login_not_required
def receive(request: HttpRequest, token: str) -> HttpResponse:
    """One request of an outside system: 202 with the event's id, or a problem document."""
    try:
        response: HttpResponse = _receive(request, token, timezone.now())
    except Exception as error:
        response = answer(error, request)
        if isinstance(error, NotAllowed):
            response["Allow"] = error.allow
    # Django would log a refused request with its path, and the path holds the token.
    response._has_been_logged = True  # type: ignore[attr-defined]
    response["Cache-Control"] = "no-store"
    return response


def _receive(request: HttpRequest, token: str, now: datetime) -> HttpResponse:
    webhook = services.by_token(token, now)
    if webhook is None:
        raise Http404
    _check_open(webhook, request.method or "")
    check_headers(request.META, limit=reading.MAX_BODY)
    raw_body = read_body(cast(IO[bytes], request), limit=reading.MAX_BODY)
    _check_signature(webhook, request, raw_body, now)
    # Only what is signed counts, so that a leaked address does not crowd out its sender.
    with rate.turn(webhook, now) as wait:
        if wait:
            raise Throttled(wait)
        taken = take_in(webhook, _sent(request, raw_body), now)
    answered: dict[str, int | bool | None] = {"event_id": taken.event_id, "duplicate": taken.duplicate}
    if taken.contact_id is not None:
        answered["contact_id"] = taken.contact_id
    return JsonResponse(answered, status=202)


def _check_open(webhook: InboundWebhook, method: str) -> None:
    if not webhook.active:
        raise SwitchedOff
    if method != "POST" and not (method == "GET" and webhook.allow_get):
        raise NotAllowed(method, webhook)


def _check_signature(webhook: InboundWebhook, request: HttpRequest, raw_body: bytes, now: datetime) -> None:
    """Over the bytes as they came, before anything reads them. Without a secret, nothing is taken."""
    if webhook.signature == InboundWebhook.Signature.NONE:
        return
    delivery = signatures.Delivery(request.method or "", request.get_full_path(), request.headers, raw_body)
    secrets = services.valid_secrets(webhook, now)
    if webhook.signature == InboundWebhook.Signature.STANDARD:
        is_signed = signatures.verify_standard(delivery, secrets, now)
    else:
        is_signed = signatures.verify_hmac(
            delivery, secrets, header=webhook.hmac_header, prefix=webhook.hmac_prefix,
            encoding="base64" if webhook.hmac_encoding == InboundWebhook.Encoding.BASE64 else "hex",
        )  # fmt: skip
    if not is_signed:
        logger.warning("Inbound webhook %s: signature refused, %d bytes", webhook.pk, len(raw_body))
        raise NotSigned(SIGNED_BY[InboundWebhook.Signature(webhook.signature)] % {"header": webhook.hmac_header})


def _sent(request: HttpRequest, raw_body: bytes) -> Sent:
    raw_query = request.META.get("QUERY_STRING", "")
    content_type = request.headers.get("Content-Type", "")
    body, notes = reading.read(content_type, raw_body) if request.method == "POST" else ({}, [])
    return Sent(
        method=request.method or "", headers=request.headers, content_type=content_type,
        raw_query=raw_query, raw_body=raw_body, query=reading.read_query(raw_query), body=body, notes=notes,
    )  # fmt: skip
