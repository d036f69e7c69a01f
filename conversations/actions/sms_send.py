"""Sends a text message to the run's contact."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field

from conversations import outgoing
from conversations.models import Message
from conversations.texting import Texting
from triggers.action_types import action
from triggers.run_context import RunContext


@action(
    "sms.send",
    label=gettext_lazy("Send an SMS"),
    section="Messages",
    touches="outside",
    sends=True,
    texts=("to", "sender", "text", "media"),
    may_cause=("sms.failed",),
    needs=("conversations.add_message",),
)
class SmsSend(Texting):
    """Sends a text message to the contact's phone, or to another number on its behalf.

    It goes by the gateway that is set for SMS; on trial it is kept here and not sent. Do-not-disturb, quiet
    hours, the cap and sending windows hold as for mail. Marketing never goes twice: if the worker is lost while
    sending, a person decides, unless the gateway honours keys. Transactional texts are sent again.
    """

    to: str = Field("", title="To; empty means the contact's phone", json_schema_extra={"aside": True})
    sender: str = Field("", title="From; empty means the channel's number", json_schema_extra={"aside": True})

    def carrier_channel(self) -> str:
        return Message.Channel.SMS

    def draft(self, ctx: RunContext, contact_id: int) -> outgoing.Draft | None:
        return self.drafted(ctx, contact_id, ctx.render_line(self.to), ctx.render_line(self.sender))

    def missing(self, name: str) -> str:
        return _("%(contact)s has no phone number. Enter one, and the message goes out.") % {"contact": name}
