from datetime import UTC, datetime
from uuid import uuid4

import pytest

from conversations.console import ConsoleGateway
from conversations.models import ConsoleMessage, Message
from triggers.action_types import Done
from triggers.tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)


def test_a_text_is_kept_once_however_often_it_is_handed_over() -> None:
    key = uuid4()
    message = Message.objects.create(
        contact=make.contact(), direction="out", channel="sms", key=key, text="Hello", to_address="+4930123456"
    )

    first = ConsoleGateway().send(message, key, NOW)
    again = ConsoleGateway().send(message, key, NOW)

    kept = ConsoleMessage.objects.get()
    assert (first.outcome, first.provider_id) == (Done(), str(kept.pk))
    assert again == first
    assert (kept.text, kept.to_address, kept.channel, kept.times, kept.sent_at) == (
        "Hello", "+4930123456", "sms", 2, NOW,
    )  # fmt: skip
    assert kept.conversation == message
