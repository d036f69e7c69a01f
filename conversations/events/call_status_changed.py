"""A call came to another status."""

from typing import Any, Final, Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import Field, JsonValue

from conversations.mail_events import MessageOptions, OfMessage, leaf
from triggers.event_types import event

Status = Literal[
    "initiated", "ringing", "in-progress", "completed", "busy", "no-answer", "voicemail", "failed", "canceled"
]
STATUSES: dict[str, JsonValue] = {
    "initiated": gettext_noop("Dialled"), "ringing": gettext_noop("Rings"), "in-progress": gettext_noop("Under way"),
    "completed": gettext_noop("Ended"), "busy": gettext_noop("Busy"), "no-answer": gettext_noop("Not answered"),
    "voicemail": gettext_noop("Answered by a machine"), "failed": gettext_noop("Failed"),
    "canceled": gettext_noop("Cancelled"),
}  # fmt: skip
NO_OUTCOME: Final[dict[str, Any]] = {"field": "event.disposition", "op": "is_not_set"}
DIRECTIONS: dict[str, JsonValue] = {"in": gettext_noop("From the contact"), "out": gettext_noop("To the contact")}


class CallOptions(MessageOptions):
    """Which calls, and at which status; what is left out does not matter.

    With outcomes chosen it starts when staff say one of them, not when the call comes to a status.
    """

    directions: list[Literal["in", "out"]] = Field(
        default=[], title="Direction", json_schema_extra={"labels": DIRECTIONS}
    )
    statuses: list[Status] = Field(default=[], title="Came to", json_schema_extra={"labels": STATUSES})
    numbers: list[str] = Field(default=[], title="Our number, such as +4930123456")
    dispositions: list[str] = Field(default=[], title=gettext_noop("When staff say that it came to"))


@event("call.status_changed", label=_("Call status changed"), section="Event Triggers")
class CallStatusChanged(OfMessage):
    """A call to or from a contact came to a status: once for each, so one call may start a workflow several times.

    `duration` is in seconds, once it has ended. A caller with a hidden number is no contact, and tells nothing here.
    `disposition` is set only where staff said what came of the call: that is told besides, with its last status.
    """

    Options = CallOptions

    call_id: str
    direction: str
    status: str
    from_number: str = ""
    to_number: str = ""
    our_number: str = ""
    duration: int | None = None
    recording_url: str = ""
    # the key of the outcome
    disposition: str | None = None
    conversation_id: int | None = None

    @classmethod
    def leaves(cls, options: Any) -> list[dict[str, Any]]:
        found = super().leaves(options)
        for name, chosen in (
            ("direction", options.directions), ("status", options.statuses), ("our_number", options.numbers),
        ):  # fmt: skip
            if chosen:
                found.append(leaf(f"event.{name}", "is_any_of", chosen))
        said = options.dispositions
        of_outcome = leaf("event.disposition", "is_any_of", said) if said else NO_OUTCOME
        return [*found, of_outcome]
