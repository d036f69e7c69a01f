"""Messages to and from contacts, what carries them, and who must not be written to."""

from conversations.models.arrival import Arrival, MailAccount
from conversations.models.attachment import Attachment
from conversations.models.disposition import Disposition
from conversations.models.gateway import ChannelSetting, HttpGateway, StatusReport
from conversations.models.intent import Intent
from conversations.models.ivr import IvrCall
from conversations.models.mail_event import MessageEvent
from conversations.models.mail_file import MailFile
from conversations.models.mail_template import MailTemplate
from conversations.models.mailbox import ConsoleMessage, MailboxMail
from conversations.models.message import ChannelIdentity, Message, NumberVerdict
from conversations.models.suppression import Suppression
from conversations.models.thread import Conversation
from conversations.models.told_outside import ToldOutside

__all__ = [
    "Arrival", "Attachment", "ChannelIdentity", "ChannelSetting", "ConsoleMessage", "Conversation", "Disposition",
    "HttpGateway", "Intent", "IvrCall", "MailAccount", "MailFile", "MailTemplate", "MailboxMail", "Message",
    "MessageEvent", "NumberVerdict", "StatusReport", "Suppression", "ToldOutside",
]  # fmt: skip
