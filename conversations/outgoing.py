"""A message on its way out: recorded with the gate's answer in one transaction, then with how it ended.

The row says "may have left" before the server or gateway is called, so that after a crash it is not found
saying less than the truth.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import statuses, threads
from conversations.gate import Allowed, Later, Refused, Verdict, send_gate
from conversations.gateways import Delivery
from conversations.models import Message
from triggers import marking
from triggers.action_types import Done, Fail, Unsure

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Status = Message.Status


@dataclass(frozen=True)
class Draft:
    """What is to be sent to whom; `key` is the action run's, one message each. `gateway` is the key of what carries it."""

    key: UUID
    contact_id: int
    category: str
    to_address: str
    from_address: str
    text: str
    workflow_id: int | None
    run_id: int | None
    subject: str = ""
    html: str = ""
    reply_to: str = ""
    message_id: str = ""
    channel: str = Message.Channel.EMAIL
    gateway: str = ""
    media: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    enclosed: tuple[dict[str, Any], ...] = ()
    in_reply_to: str = ""


def sent(key: UUID) -> Message | None:
    """The message of this key if it is on record as sent: a try that was lost after that sends nothing more."""
    left = Message.objects.filter(key=key, status__in=statuses.LEFT, sent_at__isnull=False)
    return left.first()


def pass_gate(draft: Draft, now: datetime, *, repeatable: bool) -> tuple[Message, Verdict]:
    """Asks the gate and records the message with its answer. `Allowed`: send it now, then `settle`."""
    columns = {**asdict(draft), "direction": Message.Direction.OUT}
    key = columns.pop("key")
    with transaction.atomic():
        verdict = send_gate(draft.contact_id, draft.channel, draft.to_address, draft.category, now, key=draft.key)
        if isinstance(verdict, Allowed):
            columns |= _leaving(now, repeatable)
        else:
            columns |= _kept_back(key, verdict)
        message, _made = Message.objects.update_or_create(key=key, defaults=columns)
        _mark(message)
    return message, verdict


@transaction.atomic
def keep(draft: Draft, author: "User | None", now: datetime) -> Message:
    """Records a message that is to be handed over as soon as somebody can."""
    message = Message.objects.create(
        **asdict(draft),
        direction=Message.Direction.OUT,
        author=author,
        status=Status.QUEUED,
        due_at=now,
        created_at=now,
    )
    _mark(message)
    return message


def _mark(message: Message) -> None:
    """Lets links of ours in it say by which message they were followed."""
    before = (message.text, message.html, message.links)

    def marked(text: str) -> str:
        return marking.marked(text, message.channel, message.pk)

    message.text, message.html, message.links = marked(before[0]), marked(before[1]), [*map(marked, before[2])]
    if (message.text, message.html, message.links) != (*before[:2], list(before[2])):
        message.save(update_fields=["text", "html", "links"])


def _leaving(now: datetime, repeatable: bool) -> dict[str, Any]:
    if repeatable:
        return {"status": Status.QUEUED, "reason": "", "sent_at": now}
    reason = _("It is being sent. If that was minutes ago, it may or may not have left.")
    return {"status": Status.UNCERTAIN, "reason": reason, "sent_at": now}


def _kept_back(key: UUID, verdict: Refused | Later) -> dict[str, Any]:
    """Not sent, or not yet; but where an earlier try was lost, a copy may have left all the same."""
    if Message.objects.filter(key=key, sent_at__isnull=False).exists():
        status = Status.UNCERTAIN
    else:
        status = Status.SUPPRESSED if isinstance(verdict, Refused) else Status.QUEUED
    return {"status": status, "reason": verdict.reason[:500]}


@transaction.atomic
def settle(message: Message, delivery: Delivery, now: datetime | None = None) -> None:
    """Records how the call ended, with the event of a refusal. What is on record as sent stays so, whichever
    worker reports late.
    """
    now = now or timezone.now()
    outcome = delivery.outcome
    why = str(getattr(outcome, "why", ""))[:500]
    columns: dict[str, Any] = {"status": Status.QUEUED, "reason": why, "sent_at": None}
    if isinstance(outcome, Done):
        columns = {"status": Status.SENT, "reason": "", "sent_at": message.sent_at, "status_at": now}
    elif isinstance(outcome, Unsure):
        columns = {"status": Status.UNCERTAIN, "reason": why}
    elif isinstance(outcome, Fail):
        failed = Status.BOUNCED if delivery.bounced else Status.FAILED
        columns |= {"status": failed, "status_at": now}
    columns |= {"error_code": delivery.error_code[:40], "provider_id": _own_number(message, delivery)}
    open_still = Message.objects.filter(pk=message.pk).exclude(status__in=statuses.LEFT, sent_at__isnull=False)
    if not open_still.update(**columns):
        return
    for name, value in columns.items():
        setattr(message, name, value)
    if message.status == Status.SENT:
        threads.sent(message, now)
    statuses.after_settling(message, now, lasting=delivery.lasting)


def _own_number(message: Message, delivery: Delivery) -> str:
    """The number at the gateway; empty where that gives the same to several messages, and so names none."""
    number = delivery.provider_id[:200]
    same = Message.objects.filter(gateway=message.gateway, provider_id=number).exclude(pk=message.pk)
    return "" if number and same.exists() else number
