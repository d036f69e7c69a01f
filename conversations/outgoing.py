"""A message on its way out: recorded with the gate's answer in one transaction, then with how it ended.

The row says "may have left" before the server is called, so that after a crash it is not found saying
less than the truth.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from conversations.gate import Allowed, Later, Refused, Verdict, send_gate
from conversations.models import Message
from triggers.action_types import Done, Fail, Outcome, Unsure

Status = Message.Status


@dataclass(frozen=True)
class Draft:
    """What is to be sent to whom; `key` is the action run's, one message each."""

    key: UUID
    contact_id: int
    category: str
    to_address: str
    from_address: str
    reply_to: str
    subject: str
    text: str
    html: str
    message_id: str
    workflow_id: int | None
    run_id: int | None
    channel: str = Message.Channel.EMAIL


def sent(key: UUID) -> Message | None:
    """The message of this key if it is on record as sent: a try that was lost after that sends nothing more."""
    return Message.objects.filter(key=key, status=Status.SENT).first()


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
    return message, verdict


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


def settle(message: Message, outcome: Outcome) -> None:
    """Records how the call ended. What is on record as sent stays so, whichever worker reports late."""
    why = str(getattr(outcome, "why", ""))[:500]
    columns: dict[str, Any] = {"status": Status.QUEUED, "reason": why, "sent_at": None}
    if isinstance(outcome, Done):
        columns = {"status": Status.SENT, "reason": "", "sent_at": message.sent_at}
    elif isinstance(outcome, Unsure):
        columns = {"status": Status.UNCERTAIN, "reason": why}
    elif isinstance(outcome, Fail):
        columns["status"] = Status.FAILED
    Message.objects.filter(pk=message.pk).exclude(status=Status.SENT).update(**columns)
