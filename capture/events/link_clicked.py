"""A contact followed one of our trigger links."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from capture.keys import LinkNumber
from triggers.event_types import Happened, Options, event
from triggers.narrowing import together


class Which(Options):
    """Which trigger links start it; none named means any."""

    links: list[LinkNumber] = Field(
        default=[], title="Which trigger link", json_schema_extra={"source": "trigger link"}
    )
    channels: list[str] = Field(
        default=[], title="In a message by", json_schema_extra={"source": "message channel", "aside": True}
    )


@event("link.clicked", label=_("Trigger link clicked"), section="Event Triggers")
class LinkClicked(Happened):
    """A contact followed a trigger link that was made for them, each time. Scanners of mails and programs that look
    ahead do not count; neither does the same click twice within ten seconds.

    `target_url` is where the link led at that moment. `channel` and `message_id` say in which message it stood; empty
    where it was no message of ours, such as a note.
    """

    Options = Which

    link_id: int
    link: str
    contact_id: int
    target_url: str
    clicked_at: datetime
    channel: str = ""
    message_id: int | None = None

    @classmethod
    def narrow(cls, options: Which) -> dict[str, Any] | None:
        return together(("link_id", "is_any_of", options.links), ("channel", "is_any_of", options.channels))

    def subject(self) -> tuple[str, int | None]:
        return "capture.triggerlink", self.link_id
