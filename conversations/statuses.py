"""How a message fares after it was handed over, as its gateway reports: never back, in whatever order reports come.

A report may arrive before the call that sent the message has returned with its number: it is kept and taken up then.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from conversations import numbers, suppressing
from conversations.events.email_bounced import EmailBounced
from conversations.events.sms_failed import SmsFailed
from conversations.mail_events import payload, sent_by
from conversations.models import Message, StatusReport, Suppression
from triggers.models.event import Lane
from triggers.outbox import emit_once

Status = Message.Status
# On record as having gone out.
LEFT: Final = (Status.SENT, Status.DELIVERED, Status.READ, Status.UNDELIVERED, Status.BOUNCED)
# What a report may say, and which of two wins: the higher one. A mail may bounce after a server took it.
RANKS: Final[dict[str, int]] = {
    Status.SENT: 1, Status.FAILED: 2, Status.UNDELIVERED: 2, Status.DELIVERED: 3, Status.BOUNCED: 4, Status.READ: 5,
}  # fmt: skip
ENDED_BADLY: Final = (Status.FAILED, Status.UNDELIVERED)
KEPT: Final = timedelta(days=7)
# Reports that came too early are looked at again for so long, and so many at a time.
EARLY: Final = timedelta(hours=1)
BATCH: Final = 200


@dataclass(frozen=True)
class Recorded:
    """What became of a report: its message, whether that stands otherwise now, and why not."""

    message: Message | None
    changed: bool = False
    why: str = ""


@transaction.atomic
def record(
    gateway: str, provider_id: str, status: str, at: datetime, now: datetime, *,
    code: str = "", text: str = "", lasting: bool = False,
) -> Recorded:  # fmt: skip
    """Takes in one report about the message that has this number at this gateway. Never raises for what it says.

    `lasting`: the address will refuse the next mail as well.
    """
    if status not in RANKS:
        return Recorded(None, why=_("“%(status)s” is no state of a message that was sent.") % {"status": status[:40]})
    message = _locked(gateway, provider_id)
    if message is None:
        report = StatusReport(
            gateway=gateway[:120], provider_id=provider_id[:200], status=status, at=at, code=code[:40],
            text=text[:500], lasting=lasting, received_at=now,
        )  # fmt: skip
        StatusReport.objects.bulk_create([report], ignore_conflicts=True)
        return Recorded(None, why=_("No message has this number. The report is kept in case it comes."))
    return _apply(message, status, at, code, text, now, lasting=lasting)


@transaction.atomic
def apply(
    message_id: int, status: str, at: datetime, now: datetime, *, code: str = "", text: str = "", lasting: bool = False
) -> Recorded:
    """The same for a message that is known already, by its primary key."""
    message = Message.objects.select_for_update(of=("self",)).filter(pk=message_id).first()
    if message is None:
        return Recorded(None, why=_("The message is gone."))
    return _apply(message, status, at, code, text, now, lasting=lasting)


def after_settling(message: Message, now: datetime, *, lasting: bool = False) -> None:
    """What follows from how the call itself ended: the event of a refusal, and reports that were faster."""
    _tell(message, now, lasting=lasting)
    if message.provider_id:
        _take_up(StatusReport.objects.filter(gateway=message.gateway, provider_id=message.provider_id), now)


def due_lanes(now: datetime) -> set[Lane]:
    return {Lane.FAST} if _early(now).exists() else set()


def work(lane: Lane, now: datetime) -> int:
    """Takes up reports whose message got its number meanwhile; how many."""
    reports = list(_early(now)[:BATCH]) if lane == Lane.FAST else []
    return _take_up(reports, now) if reports else 0


def purge(now: datetime) -> int:
    """Drops reports whose message never came."""
    return StatusReport.objects.filter(received_at__lt=now - KEPT).delete()[0]


def _early(now: datetime) -> models.QuerySet[StatusReport]:
    same = Message.objects.filter(gateway=OuterRef("gateway"), provider_id=OuterRef("provider_id"))
    return StatusReport.objects.filter(Exists(same), received_at__gt=now - EARLY).order_by("pk")


@transaction.atomic
def _take_up(reports: Iterable[StatusReport], now: datetime) -> int:
    taken = 0
    for report in reports:
        message = _locked(report.gateway, report.provider_id)
        # Whoever holds the message's row is the one that takes the report up.
        if message is not None and StatusReport.objects.filter(pk=report.pk).delete()[0]:
            _apply(message, report.status, report.at, report.code, report.text, now, lasting=report.lasting)
            taken += 1
    return taken


def _locked(gateway: str, provider_id: str) -> Message | None:
    known = Message.objects.filter(gateway=gateway, provider_id=provider_id, direction=Message.Direction.OUT)
    return known.select_for_update(of=("self",)).first() if provider_id else None


def _apply(
    message: Message, status: str, at: datetime, code: str, text: str, now: datetime, *, lasting: bool
) -> Recorded:
    if RANKS[status] <= RANKS.get(message.status, 0):
        return Recorded(message, why=_("It is known as “%(state)s” already.") % {"state": message.get_status_display()})
    message.status, message.status_at = status, at
    message.error_code, message.reason = code[:40], text[:500]
    message.sent_at = message.sent_at or at
    message.save(update_fields=["status", "status_at", "error_code", "reason", "sent_at"])
    _tell(message, now, lasting=lasting)
    return Recorded(message, changed=True)


def _tell(message: Message, now: datetime, *, lasting: bool) -> None:
    """The event of a bad end, once a message; a mail that bounced for good closes its address."""
    if message.channel == Message.Channel.SMS and message.status in ENDED_BADLY:
        told = SmsFailed(
            **sent_by(message), to=message.to_address, status=message.status, error_code=message.error_code,
            error_text=message.reason, gateway=message.gateway,
        )  # fmt: skip
        emit_once(f"sms.failed:{message.pk}", told)
        numbers.refused(message.contact, message.to_address, message.error_code, now)
    if message.channel == Message.Channel.EMAIL and message.status == Status.BOUNCED:
        if lasting:
            suppressing.close(message.to_address, Suppression.Reason.BOUNCE, now)
        bounced = EmailBounced(
            **payload(message), lasting=lasting, error_code=message.error_code, error_text=message.reason
        )
        emit_once(f"email.bounced:{message.pk}", bounced)
