"""A text message did not get there."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from conversations.mail_events import MessageOptions, OfMessage, leaf
from triggers.event_types import event


class FailureOptions(MessageOptions):
    """With which error, and whose message; nothing named means any."""

    error_codes: list[str] = Field(default=[], title="Error code is")


@event("sms.failed", label=_("SMS delivery failed"), section="Event Triggers")
class SmsFailed(OfMessage):
    """A text message was refused or ended undelivered; once a message. The code is the provider's own."""

    Options = FailureOptions

    to: str
    status: str
    error_code: str = ""
    error_text: str = ""
    gateway: str = ""

    @classmethod
    def leaves(cls, options: Any) -> list[dict[str, Any]]:
        found = super().leaves(options)
        if options.error_codes:
            found.append(leaf("event.error_code", "is_any_of", options.error_codes))
        return found
