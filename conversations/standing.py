"""How a message stands, in a word: its own state, or its action run's where that knows more.

A message is queued while its run waits, and uncertain while its worker is away; whether the run was
stopped, or a person counted the message as sent, stands at the run.
"""

from typing import Any, Final

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from conversations.models import Message
from triggers.models import ActionRun
from triggers.wording import look

Status, Action = Message.Status, ActionRun.Status
OPEN: Final = (Status.QUEUED, Status.UNCERTAIN)

# A message's state as one that has a pill.
_LIKE: Final[dict[str, str]] = {
    Status.QUEUED: "pending", Status.SENT: "done", Status.DELIVERED: "done", Status.READ: "done",
    Status.UNDELIVERED: "failed", Status.BOUNCED: "failed", Status.SUPPRESSED: "skipped", Status.RECEIVED: "ok",
}  # fmt: skip
# What the state of the action run means for a message that is still open.
_WORDS: Final[dict[str, Any]] = {
    Action.WAITING: _("Waiting"),
    Action.HELD: _("Held"),
    Action.UNCERTAIN: _("Uncertain"),
    Action.DONE: _("Sent"),
    Action.SKIPPED: _("Skipped"),
    Action.FAILED: _("Failed"),
    Action.CANCELLED: _("Stopped"),
}


def with_action(messages: QuerySet[Message]) -> QuerySet[Message]:
    """The messages, each with `action_status` and `action_error` of its action run, in the same query."""
    of_key = ActionRun.objects.filter(key=OuterRef("key"))
    return messages.annotate(
        action_status=Subquery(of_key.values("status")[:1]), action_error=Subquery(of_key.values("error")[:1])
    )


def state(message: Message) -> tuple[str, str]:
    """The message's state as its pill knows it, and its word; fuller for one that came by `with_action`."""
    action = getattr(message, "action_status", None)
    if message.status in OPEN and action in _WORDS:
        return action, str(_WORDS[action])
    return _LIKE.get(message.status, message.status), message.get_status_display()


def pill(message: Message) -> SafeString:
    return look.pill(*state(message))


def why(message: Message) -> str:
    """Why it stands so; empty when there is nothing to say."""
    error = getattr(message, "action_error", None) if message.status in OPEN else None
    return error or message.reason
