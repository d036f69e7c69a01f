"""DocuSign's envelopes in our words: how far one has come, and who signs it."""

from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from commerce.customers import Told
from commerce.documents import signing
from commerce.outside import documents
from commerce.outside.documents import DocumentTold
from providers.base import field_of
from providers.frame import Handled, Json, Unclear
from providers.reading import moment

GATEWAY: Final = "docusign"
EVENTS: Final = {
    "envelope-sent": "sent", "envelope-delivered": "viewed", "envelope-completed": "completed",
    "envelope-declined": "declined", "envelope-voided": "voided", "recipient-sent": "sent",
    "recipient-delivered": "viewed", "recipient-completed": "signed", "recipient-declined": "declined",
}  # fmt: skip
STATUS: Final = {
    "sent": "sent", "delivered": "viewed", "completed": "completed", "declined": "declined", "voided": "voided",
}  # fmt: skip
# Where an envelope keeps the moment of each step.
MOMENTS: Final = {
    "sent": "sentDateTime", "viewed": "deliveredDateTime", "completed": "completedDateTime",
    "declined": "declinedDateTime", "voided": "voidedDateTime",
}  # fmt: skip


def do(event: Json, now: datetime) -> Handled:
    """Notes the step that the event tells, and those that the envelope tells besides. Raises `Unclear`."""
    held: Any = event.get("data")
    number, step = field_of(held, "envelopeId"), EVENTS.get(field_of(event, "event"))
    if not number:
        raise Unclear(_("DocuSign names no envelope."))
    if step is None:
        words = {"kind": field_of(event, "event")[:80]}
        return Handled(ignored=_("Nothing acts on events of the type %(kind)s.") % words)
    summary: Any = held.get("envelopeSummary") or {}
    at = moment(event.get("generatedDateTime")) or now
    steps = {name: found for name, column in MOMENTS.items() if (found := moment(summary.get(column)))}
    steps.setdefault(step, at)
    document = documents.note(GATEWAY, DocumentTold(
        number=number, status=_furthest(step, STATUS.get(field_of(summary, "status"))), steps=steps,
        name=field_of(summary, "emailSubject"), signer=_signer(summary),
        declined_because=field_of(summary, "voidedReason"),
    ))  # fmt: skip
    return Handled(document.contact_id)


def _furthest(step: str, told: str | None) -> str:
    return max((step, told or step), key=signing.RANK.__getitem__)


def _signer(summary: Any) -> Told:
    """The first who signs, by routing order."""
    recipients: Any = summary.get("recipients") or {}
    signers = [each for each in recipients.get("signers") or [] if isinstance(each, dict)]
    first = min(signers, key=lambda each: field_of(each, "routingOrder") or "1", default={})
    return Told(email=field_of(first, "email"), name=field_of(first, "name"))
