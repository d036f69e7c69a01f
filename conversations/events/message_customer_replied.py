"""A contact answered."""

from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import Field

from conversations.mail_events import MessageOptions, any_phrase, every, leaf
from triggers.event_types import Happened, event

Channel = Literal["email", "sms", "whatsapp", "messenger", "instagram", "chat", "gmb", "call", "comment"]


class ReplyOptions(MessageOptions):
    """What was said, by whom and where; what is left out does not matter."""

    workflows: list[int] = Field(
        default=[], title="Answers a message of workflow", json_schema_extra={"source": "workflow number"}
    )
    channels: list[Channel] = Field(default=[], title="Came by")
    phrases: list[str] = Field(default=[], title="Contains one of these phrases")
    exact: list[str] = Field(default=[], title="Is exactly one of these phrases")
    intents: list[str] = Field(default=[], title="Means one of these")
    tags: list[str] = Field(default=[], title="Has one of these tags")
    without_tags: list[str] = Field(default=[], title="Has none of these tags")


@event("message.customer_replied", label=_("Customer replied"), section="Event Triggers")
class MessageCustomerReplied(Happened):
    """A contact answered on a conversation channel. `workflow_id` is that of the message answered, if known.

    `body` is without what a mail quotes. `keyword` is stop, start or help where a text message is such an order.
    `intents` is what it means by the phrases that staff keep: positive, negative, question and so on, or nothing.
    `attachment_ids` are for `GET messages/attachments/<number>/`; files from elsewhere are fetched a moment later.
    """

    Options = ReplyOptions

    message_id: int
    contact_id: int
    channel: str
    # `subject` is what the event itself is about
    subject_line: str = Field("", title=gettext_noop("subject"))
    body: str = ""
    keyword: str = ""
    intents: list[str] = []
    from_address: str = Field("", title="from")
    to_address: str = Field("", title="to")
    attachments: int = 0
    attachment_ids: list[int] = []
    conversation_id: int | None = None
    in_reply_to_message_id: int | None = None
    workflow_id: int | None = None
    run_id: int | None = None

    @classmethod
    def narrow(cls, options: ReplyOptions) -> dict[str, Any] | None:
        found = any_phrase("event.body", "contains", options.phrases)
        found += any_phrase("event.body", "is", options.exact)
        for field, op, chosen in (
            ("event.workflow_id", "is_any_of", options.workflows),
            ("event.channel", "is_any_of", options.channels),
            ("event.intents", "has_any", options.intents), ("contact.tags", "has_any", options.tags),
            ("contact.tags", "has_none", options.without_tags),
        ):  # fmt: skip
            if chosen:
                found.append(leaf(field, op, chosen))
        return every(found)
