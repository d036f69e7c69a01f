"""document.send: a document is written once, and the address to sign it at goes out by e-mail."""

from typing import Any

import pytest

from commerce.models import Document, DocumentTemplate
from contacts.tests import make as contacts
from conversations.models import Message
from triggers import sweeping
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db


def test_it_is_written_for_the_contact_and_mailed(settings: Any) -> None:
    settings.EMAIL_BACKEND = "conversations.mailbox.MailboxBackend"
    template = DocumentTemplate.objects.create(name="Contract", title="For {{ contact.name }}", body="Words.")
    engine.workflow(engine.action("s", "document.send", template=template.pk))

    contacts.tag("VIP", contacts.contact())
    sweeping.drain()

    document = Document.objects.get()
    assert (document.name, document.status, document.recipient_email) == ("For Mia", "sent", "mia@example.org")
    assert "/document/" in Message.objects.get().text
