"""Sends a message to the run's contact on a channel such as WhatsApp."""

from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from conversations import outgoing
from conversations.models import Message
from conversations.texting import BY_NUMBER, Texting
from triggers.action_types import action
from triggers.run_context import RunContext


@action(
    "message.send",
    label=gettext_lazy("Send a message"),
    section="Messages",
    touches="outside",
    sends=True,
    texts=("text", "media"),
    needs=("conversations.add_message",),
)
class MessageSend(Texting):
    """Sends a message by WhatsApp, Messenger, Instagram, chat or Google Business, through the channel's gateway.

    WhatsApp goes to the contact's phone. The other channels reach only contacts who have written there before.
    Do-not-disturb, quiet hours, the cap and sending windows hold as for mail.
    """

    channel: Literal["whatsapp", "messenger", "instagram", "chat", "gmb"] = Field(
        "whatsapp",
        title=gettext_noop("Channel"),
        json_schema_extra={
            "labels": {
                "whatsapp": "WhatsApp",
                "messenger": "Messenger",
                "instagram": "Instagram",
                "chat": gettext_noop("Chat"),
                "gmb": "Google Business",
            }
        },
    )

    def carrier_channel(self) -> str:
        return self.channel

    def draft(self, ctx: RunContext, contact_id: int) -> outgoing.Draft | None:
        return self.drafted(ctx, contact_id, "")

    def missing(self, name: str) -> str:
        words = {"contact": name, "channel": Message.Channel(self.channel).label}
        if self.channel in BY_NUMBER:
            return _("%(contact)s has no phone number. Enter one, and the message goes out.") % words
        return _("%(contact)s has not written by %(channel)s yet, and cannot be reached there.") % words
