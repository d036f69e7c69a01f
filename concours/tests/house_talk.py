"""Rows of what people say and send, and of those who bring it, for the pages of the house."""

from uuid import UUID

from django.core.files.base import ContentFile
from django.utils import timezone

from capture.models import Form, PageView, Site, Submission, VideoWatch
from contacts.models import Contact
from conversations.models import (
    Arrival,
    Attachment,
    ChannelSetting,
    ConsoleMessage,
    Conversation,
    Disposition,
    HttpGateway,
    IvrCall,
    MailAccount,
    MailFile,
    MailTemplate,
    Message,
)
from providers.models import Connection, ProviderDelivery

ONE = UUID(int=1)
SCRIPT = [
    {"turn": 0, "verb": "say", "text": "Good day.", "language": "en-GB"},
    {"turn": 0, "verb": "gather", "text": "Press 1.", "language": "en-GB", "digits": 1, "finish": "#", "speech": True,
     "seconds": 5},
]  # fmt: skip


def furnish(anna: Contact) -> None:
    """A row of each, with something in it to show."""
    now = timezone.now()
    offer = Disposition.objects.create(name="Wants an offer")
    Message.objects.create(contact=anna, direction="in", channel="call", call_status="completed", disposition=offer)
    prices = ContentFile(b"%PDF-1.7 ", "prices.pdf")
    MailFile.objects.create(
        name="Price list", file=prices, filename="prices.pdf", content_type="application/pdf", size=9
    )
    MailTemplate.objects.create(name="Welcome", text="Hello {{ contact.first_name }}")
    wrote = Message.objects.create(contact=anna, direction="in", channel="sms", text="Look.", status="received")
    Conversation.objects.update_or_create(contact=anna, defaults={"last_message": wrote, "unread": 1})
    left = {"name": "a.exe", "status": "left_out", "reason": "Files of this kind are not kept."}
    Attachment.objects.create(message=wrote, source="https://example.org/a.exe", **left)
    aside = Arrival.objects.create(channel="email", kind="aside", from_address="b@example.org", text="Hi", at=now)
    Attachment.objects.create(arrival=aside, **left)
    IvrCall.objects.create(provider="console", call_id="1", contact=anna, from_number="+4930123456", script=SCRIPT)
    ChannelSetting.objects.create(channel="sms")
    HttpGateway.objects.create(name="Texts", slug="texts", url="https://texts.example.com/")
    ConsoleMessage.objects.create(key=ONE, channel="sms", to_address="1", text="Hi")
    MailAccount.objects.create(name="Desk", address="d@example.org", host="imap.example.org", password="of-the-test")
    connection = Connection.objects.create(provider="twilio", name="Phone")
    ProviderDelivery.objects.create(connection=connection, dedupe_key="1", data={"Body": "Hi"}, digest="d")
    site, visited = (
        Site.objects.create(name="Shop", allowed_origins=["https://shop.example.com"]),
        "https://shop.example.com/a",
    )
    PageView.objects.create(site=site, uid=ONE, url=visited, path="/a", at=now)
    VideoWatch.objects.create(site=site, view=ONE, url=visited, video="Intro", percent=50, seconds=9, at=now)
    Submission.objects.create(form=Form.objects.order_by("pk")[0], answers={"name": "Anna"}, contact_id=anna.pk)
