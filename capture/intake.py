"""Taking one verified delivery in: stored, turned into a contact and an event, all of it in one transaction.

Once per delivery id, however often and however concurrently it is sent: the unique row decides
(reliability, R6 and R17). A delivery that breaks in the middle leaves nothing, and is simply sent again.
"""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from capture import mapping
from capture.events.webhook_received import WebhookReceived
from capture.models import InboundRequest, InboundWebhook
from contacts import leads
from triggers import languages
from triggers.api.problems import Conflict
from triggers.context import act_as
from triggers.models.event import Event
from triggers.outbox import emit_once
from triggers.problems import Problem, pointer

# The same content without an id within this time is the same delivery.
SAME_CONTENT: Final = timedelta(hours=24)
MAX_ID: Final = 120
# Headers in which senders name a delivery, the surest first.
ID_HEADERS: Final = (
    "webhook-id", "idempotency-key", "x-idempotency-key", "x-webhook-id", "x-delivery-id", "x-event-id",
    "x-message-id", "x-request-id",
)  # fmt: skip
KEPT_HEADERS: Final = (*ID_HEADERS, "content-type", "user-agent", "webhook-timestamp", "x-event-type", "x-topic")
MAX_HEADER: Final = 300

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sent:
    """One delivery after its signature was checked and its body read. `notes`: what of it was left out."""

    method: str
    headers: Mapping[str, str]
    content_type: str
    raw_query: str
    raw_body: bytes
    query: dict[str, Any]
    body: dict[str, Any]
    notes: list[str]

    @property
    def digest(self) -> str:
        """SHA-256 of the body; of the query where there is no body. No signature covers the query."""
        return hashlib.sha256(self.raw_body or self.raw_query.encode(errors="replace")).hexdigest()

    def kept_headers(self) -> dict[str, str]:
        return {name: _line(self.headers[name], MAX_HEADER) for name in KEPT_HEADERS if self.headers.get(name)}


@dataclass(frozen=True)
class Taken:
    """What became of a delivery. `duplicate`: it had been taken in before, and this is what became of it then."""

    event_id: int | None
    contact_id: int | None
    duplicate: bool


class _Known(Exception):
    """This delivery was taken in before; `event` is what it told."""

    def __init__(self, event: Event | None = None) -> None:
        self.event = event


def take_in(webhook: InboundWebhook, sent: Sent, now: datetime) -> Taken:
    """Stores the delivery and emits its event, unless that was done before.

    Raises `Conflict` where the same id came with other content: that is stored, flagged and not run.
    """
    external_id = delivery_id(webhook, sent, now)
    try:
        origin, depth = f"webhook {webhook.name}"[:120], _depth(sent)
        by = act_as(actor=Event.Actor.PROVIDER, actor_id=str(webhook.pk), origin=origin, depth=depth)
        with by, languages.organisations():
            return _take_in(webhook, sent, external_id, now)
    except _Known as known:
        event = known.event
    earlier = InboundRequest.objects.filter(webhook=webhook, external_id=external_id).first()
    if earlier is None and event is not None:
        # Only its event is left of it.
        return Taken(event.pk, event.contact_id, duplicate=True)
    assert earlier is not None
    if earlier.digest != sent.digest:
        _flag(webhook, sent, external_id, now)
        raise Conflict(
            _("The delivery “%(id)s” came before with other content. Send new content under a new id.")
            % {"id": external_id}
        )
    return Taken(earlier.event_id, earlier.contact_id, duplicate=True)


def _depth(sent: Sent) -> int:
    """How many workflows led here, where another Concours, or we ourselves, sent this (reliability, R21)."""
    given = sent.headers.get("concours-depth", "")
    return min(int(given), settings.CONCOURS_MAX_DEPTH + 1) if given.isdecimal() and len(given) < 4 else 0


def delivery_id(webhook: InboundWebhook, sent: Sent, now: datetime) -> str:
    """The id the sender gives the delivery; without one, an id that the same content has for 24 hours."""
    for header in ID_HEADERS:
        given = _line(sent.headers.get(header, ""), 10_000)
        if given:
            return given if len(given) <= MAX_ID else f"id:{hashlib.sha256(given.encode()).hexdigest()}"
    same = InboundRequest.objects.filter(
        webhook=webhook, digest=sent.digest, external_id__startswith="sha256:"
    ).order_by("-pk")
    earlier = same.first()
    if earlier is None:
        return f"sha256:{sent.digest}"
    if earlier.received_at > now - SAME_CONTENT:
        return earlier.external_id
    # Named after the one it follows, so that two at once have one id between them.
    return f"sha256:{sent.digest}:{earlier.pk}"


@transaction.atomic
def _take_in(webhook: InboundWebhook, sent: Sent, external_id: str, now: datetime) -> Taken:
    request = _row(webhook, sent, external_id, now)
    request.contact_id, problems = _contact(webhook, sent, request)
    request.problems = [*sent.notes, *(_told(problem) for problem in problems)]
    event, is_new = emit_once(f"in:{webhook.pk}:{external_id}", _payload(webhook, sent, request))
    if not is_new:
        raise _Known(event)
    request.event_id = event.pk
    try:
        request.save(force_insert=True)
    except IntegrityError:
        raise _Known from None
    _capture(webhook, sent, now)
    return Taken(event.pk, request.contact_id, duplicate=False)


def _row(webhook: InboundWebhook, sent: Sent, external_id: str, now: datetime) -> InboundRequest:
    return InboundRequest(
        webhook=webhook, external_id=external_id, method=sent.method, query=sent.raw_query,
        headers=sent.kept_headers(), content_type=_line(sent.content_type, 120), body=sent.raw_body,
        digest=sent.digest, received_at=now, status=InboundRequest.Status.DONE,
    )  # fmt: skip


def _contact(webhook: InboundWebhook, sent: Sent, request: InboundRequest) -> tuple[int | None, list[Problem]]:
    """The contact's id, and what could not be stored; marks the request where a fault of ours is in the way."""
    if not webhook.mapping:
        return None, []
    values, problems = mapping.apply(webhook.mapping, sent.body, sent.query)
    try:
        contact, refused = leads.find_or_make(values, webhook.match_by)
    except OperationalError:
        # The database is busy: nothing is kept, and the sender tries again.
        raise
    except Exception:
        logger.exception(
            "Inbound webhook %s: the contact of delivery %s was not stored", webhook.pk, request.external_id
        )
        request.status = InboundRequest.Status.FAILED
        request.error = _("The contact was not stored because of a fault of ours; it is in the log.")
        return None, [*problems, Problem((), request.error)]
    return (contact.pk if contact else None), problems + refused


def _payload(webhook: InboundWebhook, sent: Sent, request: InboundRequest) -> WebhookReceived:
    return WebhookReceived(
        webhook_id=webhook.pk, webhook=webhook.name, contact_id=request.contact_id, method=sent.method,
        content_type=request.content_type, delivery_id=request.external_id, received_at=request.received_at,
        body=sent.body, query=sent.query, headers=request.headers, problems=request.problems,
    )  # fmt: skip


def _capture(webhook: InboundWebhook, sent: Sent, now: datetime) -> None:
    """Keeps the delivery as the sample, where one is asked for."""
    if webhook.capturing:
        sample = {
            "method": sent.method, "content_type": sent.content_type, "headers": sent.kept_headers(),
            "query": sent.query, "body": sent.body,
        }  # fmt: skip
        asking = InboundWebhook.objects.filter(pk=webhook.pk, capturing=True)
        asking.update(sample=sample, sampled_at=now, capturing=False)


def _flag(webhook: InboundWebhook, sent: Sent, external_id: str, now: datetime) -> None:
    """Keeps what came under a used id, once, beside the delivery that was run."""
    row = _row(webhook, sent, f"{external_id}~{sent.digest[:16]}", now)
    row.status = InboundRequest.Status.IGNORED
    row.error = languages.stored(gettext_noop("The id had been used for other content. Not run."))
    InboundRequest.objects.bulk_create([row], ignore_conflicts=True)


def _told(problem: Problem) -> str:
    where = pointer(problem.path)
    return f"{where}: {problem.message}" if where else problem.message


def _line(text: str, limit: int) -> str:
    """A header's value in printable characters."""
    return "".join(letter for letter in text[:limit] if letter.isprintable()).strip()
