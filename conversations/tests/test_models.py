from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from conversations.models import Message, Suppression
from triggers.tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("same", ["key", "message_id"])
def test_a_key_and_a_message_id_are_one_message(same: str) -> None:
    contact, value = make.contact(), uuid4() if same == "key" else "<1@example.org>"
    Message.objects.create(contact=contact, direction="out", **{same: value})

    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(contact=contact, direction="out", **{same: value})


def test_messages_without_key_and_message_id_are_many() -> None:
    contact = make.contact()

    for _ in range(2):
        Message.objects.create(contact=contact, direction="in", text="Hello")

    assert contact.messages.count() == 2


def test_an_address_is_suppressed_once_for_each_reason() -> None:
    Suppression.objects.create(address="Anna@Example.org", reason="bounce")
    Suppression.objects.create(address="anna@example.org", reason="unsubscribe")

    with pytest.raises(IntegrityError), transaction.atomic():
        Suppression.objects.create(address="ANNA@example.org", reason="bounce")
    assert set(Suppression.objects.values_list("address", flat=True)) == {"anna@example.org"}


def test_a_message_is_told_by_its_subject_or_else_its_text_or_else_its_channel() -> None:
    assert str(Message(subject="Hello", text="Hi")) == "Hello"
    assert str(Message(text="x" * 100)) == "x" * 80
    assert str(Message(channel="call")) == "Call"
