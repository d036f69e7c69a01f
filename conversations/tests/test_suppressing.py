"""Closed addresses; of forgotten people only as digests."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.core.signing import Signer
from django.test import Client

from conversations import subscriptions, suppressing
from conversations.models import Message, Suppression
from triggers.privacy import Person
from triggers.tests import make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)
ANNA = Person((1,), frozenset({"anna@example.org"}), frozenset({"+4930901820"}))


def test_a_digest_is_found_by_every_spelling_of_the_address() -> None:
    suppressing.forget(ANNA, NOW)

    for text in ("Anna@Example.org", "Anna <anna@example.org>", " anna@example.org ", "+4930901820"):
        found = suppressing.find(text)
        assert found is not None, text
        assert found.reason == "forgotten"
    assert suppressing.find("anna@example.com") is None
    assert all(row.address.startswith("#") and len(row.address) == 65 for row in Suppression.objects.all())


def test_it_is_keyed() -> None:
    first = suppressing.digest("anna@example.org")

    assert first != suppressing.digest("bob@example.org")
    assert "anna" not in first


def test_keeping_it_twice_is_keeping_it_once() -> None:
    suppressing.forget(ANNA, NOW)
    suppressing.forget(ANNA, NOW)

    assert Suppression.objects.count() == 2


def test_a_closed_address_that_was_written_to_becomes_a_digest_too() -> None:
    contact = make.contact()
    Message.objects.create(contact=contact, direction="out", to_address="Anna <old@example.org>")
    Suppression.objects.create(address="old@example.org", reason="bounce")

    suppressing.forget(Person((contact.pk,), frozenset({"anna@example.org"})), NOW)

    assert sorted(Suppression.objects.values_list("reason", flat=True)) == ["bounce", "forgotten"]
    assert not Suppression.objects.exclude(address__startswith="#").exists()


def test_staff_find_the_digest_by_the_address_and_can_lift_it() -> None:
    suppressing.forget(ANNA, NOW)

    assert "1 suppressed address" in visit.text(visit.boss(), "/admin/conversations/suppression/?q=Anna%40example.org")


def test_the_link_of_a_mail_to_a_forgotten_person_says_that_it_was_erased() -> None:
    key = uuid4()
    Message.objects.create(contact=make.contact(), direction="out", key=key, to_address="")
    token = Signer(salt=subscriptions.SALT).sign(key.hex)
    link = f"/u/{token}/"

    assert "has been erased" in Client().get(link).content.decode()
    assert Client().post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Suppression.objects.exists()
