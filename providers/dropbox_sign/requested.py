"""Dropbox Sign's signature requests in our words. What a callback tells is not signed: the request itself is asked for."""

import base64
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _

from commerce.customers import Told
from commerce.documents import signing
from commerce.outside import documents
from commerce.outside.documents import DocumentTold
from providers import asking
from providers.base import field_of
from providers.frame import Handled, Json, Unclear
from providers.reading import moment

if TYPE_CHECKING:
    from providers.models import Connection

GATEWAY: Final = "dropbox_sign"
EVENTS: Final = (
    "signature_request_sent", "signature_request_viewed", "signature_request_signed", "signature_request_all_signed",
    "signature_request_declined", "signature_request_canceled", "signature_request_expired",
)  # fmt: skip


def confirm(connection: "Connection", data: Json, now: datetime) -> Json:
    """The request as Dropbox Sign has it now, in the place of what came. Raises `Later` and `Unclear`."""
    if field_of(data, "event", "event_type") not in EVENTS:
        return data
    number = field_of(data, "signature_request", "signature_request_id")
    if not number:
        raise Unclear(_("Dropbox Sign names no signature request."))
    proof = base64.b64encode(f"{connection.secret('api_key')}:".encode()).decode()
    url = f"{settings.DROPBOX_SIGN_API_URL}/v3/signature_request/{quote(number, safe='')}"
    answer = asking.get(url, {"Authorization": f"Basic {proof}"}, now)
    found = answer.get("signature_request")
    if field_of(found, "signature_request_id") != number:
        raise Unclear(_("Dropbox Sign answered with another signature request."))
    return {"event": data["event"], "signature_request": found}


def do(data: Json, now: datetime) -> Handled:
    """Notes how far the request has come."""
    kind = field_of(data, "event", "event_type")
    if kind not in EVENTS:
        return Handled(ignored=_("Nothing acts on events of the type %(kind)s.") % {"kind": kind[:80]})
    found: Any = data["signature_request"]
    happened = moment(field_of(data, "event", "event_time")) or now
    signers = [each for each in found.get("signatures") or [] if isinstance(each, dict)]
    status, steps = _standing(found, signers, happened, kind)
    first = signers[0] if signers else {}
    document = documents.note(GATEWAY, DocumentTold(
        number=field_of(found, "signature_request_id"), status=status, steps=steps,
        name=field_of(found, "title") or field_of(found, "subject"),
        signer=Told(email=field_of(first, "signer_email_address"), name=field_of(first, "signer_name")),
        declined_because=next((why for each in signers if (why := field_of(each, "decline_reason"))), ""),
    ))  # fmt: skip
    return Handled(document.contact_id)


def _standing(found: Json, signers: list[Json], happened: datetime, kind: str) -> tuple[str, dict[str, datetime]]:
    """How far it has come, and when each step was, as the request itself says; what was called off only the event."""
    steps = {"sent": moment(found.get("created_at"))}
    steps["viewed"] = _first(signers, "last_viewed_at")
    steps["signed"] = _first(signers, "signed_at")
    if found.get("is_complete") is True:
        signed = [at for each in signers if (at := moment(each.get("signed_at")))]
        steps["completed"] = max(signed, default=happened)
    if found.get("is_declined") is True:
        steps["declined"] = happened
    if kind.endswith(("canceled", "expired")) and not found.get("is_complete"):
        steps["voided" if kind.endswith("canceled") else "expired"] = happened
    known = {name: at for name, at in steps.items() if at is not None} or {"sent": happened}
    return max(known, key=signing.RANK.__getitem__), known


def _first(signers: list[Json], name: str) -> datetime | None:
    return min((at for each in signers if (at := moment(each.get(name)))), default=None)
