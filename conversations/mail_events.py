"""What the events of a mail have in common: which mail, and the workflow that sent it."""

from collections.abc import Iterable
from typing import Any

from pydantic import Field

from conversations.models import Message
from triggers.event_types import Happened, Options
from triggers.models import ActionRun

SUBJECT = "conversations.message"


class MessageOptions(Options):
    """Which workflow sent it; none named means any, and messages that staff wrote."""

    workflows: list[int] = Field(default=[], title="Sent by workflow", json_schema_extra={"source": "workflow number"})


class ActivityOptions(MessageOptions):
    """Whether every opening or click counts, or a person's first alone."""

    first_only: bool = Field(default=False, title="Only the first in each mail")
    people_only: bool = Field(default=False, title="Not what programs do")


class OfMessage(Happened):
    """Something happened to a message that was sent."""

    message_id: int
    contact_id: int
    workflow_id: int | None = None
    run_id: int | None = None
    # the uid of the action that sent it
    action: str = ""

    def subject(self) -> tuple[str, int | None]:
        return SUBJECT, self.message_id

    @classmethod
    def narrow(cls, options: Any) -> dict[str, Any] | None:
        return every(cls.leaves(options))

    @classmethod
    def leaves(cls, options: Any) -> list[dict[str, Any]]:
        """The conditions that the options stand for, to be added to by a subclass."""
        return [leaf("event.workflow_id", "is_any_of", options.workflows)] if options.workflows else []


class OfMail(OfMessage):
    """Something happened to a mail that was sent."""

    Options = MessageOptions

    # `subject` is what the event itself is about
    subject_line: str = Field("", title="subject")
    to: str = ""
    mail_id: str = Field("", title="Message-ID")


def people(options: Any) -> list[dict[str, Any]]:
    """The conditions of `ActivityOptions` besides the workflow. What is first is a person's."""
    if options.first_only:
        return [leaf("event.first", "is", True)]
    return [leaf("event.machine", "is", False)] if options.people_only else []


def sent_by(message: Message) -> dict[str, Any]:
    """The fields of `OfMessage` for this message: by which step of which workflow it went."""
    step = ActionRun.objects.filter(key=message.key).values_list("uid", flat=True) if message.key else ()
    return {
        "message_id": message.pk, "contact_id": message.contact_id, "workflow_id": message.workflow_id,
        "run_id": message.run_id, "action": next(iter(step), ""),
    }  # fmt: skip


def payload(message: Message) -> dict[str, Any]:
    """The fields of `OfMail` for this mail."""
    told = {"subject_line": message.subject, "to": message.to_address, "mail_id": message.message_id}
    return {**sent_by(message), **told}


def leaf(field: str, op: str, value: Any) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


def any_phrase(field: str, op: str, phrases: Iterable[str]) -> list[dict[str, Any]]:
    """One condition that holds where one of the phrases does; none where there is no phrase."""
    found = [leaf(field, op, phrase) for phrase in phrases]
    return found if len(found) < 2 else [{"any": found}]


def every(leaves: list[dict[str, Any]]) -> dict[str, Any] | None:
    """All of them as one tree; None for none."""
    if len(leaves) < 2:
        return leaves[0] if leaves else None
    return {"all": leaves}
