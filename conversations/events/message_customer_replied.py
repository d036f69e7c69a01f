"""A contact answered."""

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from triggers.event_types import Happened, event


@event("message.customer_replied", label=_("Customer replied"), section="Event Triggers")
class MessageCustomerReplied(Happened):
    """A contact answered on a conversation channel. `workflow_id` is that of the message answered, if known."""

    message_id: int
    contact_id: int
    channel: str
    # `subject` is what the event itself is about
    subject_line: str = Field("", title="subject")
    body: str = ""
    in_reply_to_message_id: int | None = None
    workflow_id: int | None = None
