"""invoice.send: the invoice gets its number and goes out by e-mail, with the address of its page."""

from typing import Any

import pytest

from commerce.models import Invoice
from commerce.tests import make
from contacts.tests import make as contacts
from conversations.models import Message
from triggers import sweeping
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db


def test_a_draft_is_numbered_and_mailed(settings: Any) -> None:
    settings.EMAIL_BACKEND = "conversations.mailbox.MailboxBackend"
    make.invoice(sent=False)
    engine.workflow(engine.action("s", "invoice.send", subject="Your invoice"))

    contacts.tag("VIP", Invoice.objects.get().contact)
    sweeping.drain()

    message = Message.objects.get()
    assert (Invoice.objects.get().number, message.subject, message.status) == ("R-00001", "Your invoice", "sent")
    assert "/invoice/" in message.text


def test_what_is_paid_is_not_sent(settings: Any) -> None:
    settings.EMAIL_BACKEND = "conversations.mailbox.MailboxBackend"
    Invoice.objects.filter(pk=make.invoice().pk).update(status="paid")
    engine.workflow(engine.action("s", "invoice.send"))

    contacts.tag("VIP", Invoice.objects.get().contact)
    sweeping.drain()

    assert Message.objects.count() == 0
