"""Letters outside of workflows go to whoever carries mail, and respect what the contact closed."""

import logging

import pytest
from django.utils import timezone

from contacts import letters
from contacts.tests import make
from conversations.models import Message

pytestmark = pytest.mark.django_db


def test_a_letter_becomes_a_message_that_is_due() -> None:
    mia, now = make.contact(), timezone.now()

    assert letters.send(mia, "Your courses", "Good day", now)

    sent = Message.objects.get()
    assert (sent.contact, sent.subject, sent.text, sent.due_at) == (mia, "Your courses", "Good day", now)
    assert sent.category == "transactional"


@pytest.mark.parametrize("fields", [{"email": ""}, {"dnd": {"all": True}}])
def test_who_cannot_be_written_to_gets_none(fields: dict[str, object], caplog: pytest.LogCaptureFixture) -> None:
    mia = make.contact(**fields)

    with caplog.at_level(logging.WARNING, "contacts.letters"):
        taken = letters.send(mia, "Your courses", "Good day", timezone.now())

    assert not taken
    assert "was not taken" in caplog.text
    assert not Message.objects.exists()


def test_without_a_carrier_it_is_logged(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(letters, "carriers", {})

    assert not letters.send(make.contact(), "Your courses", "Good day", timezone.now())
    assert "was not taken" in caplog.text
