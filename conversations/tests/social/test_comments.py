"""Comments come in once; our own are left out; who writes is known again."""

import pytest

from contacts.models import Contact
from conversations.models import ChannelIdentity, Message
from conversations.social import comments
from conversations.tests.social.page import GATEWAY, NOW, wrote
from triggers.models import Event

pytestmark = pytest.mark.django_db


def test_a_comment_is_on_record_with_its_writer() -> None:
    taken = wrote()

    message, event = Message.objects.get(), Event.objects.get(type="social.facebook_comment")
    assert (taken.message, taken.event_id) == (message, event.pk)
    assert (message.direction, message.channel, message.text, message.provider_id) == (
        "in", "comment", "How much is it?", "c1",
    )  # fmt: skip
    assert (message.contact.first_name, message.contact.last_name, message.contact.source) == (
        "Anna", "Schmidt", "Facebook",
    )  # fmt: skip
    assert event.data["first_level"] is True


def test_delivered_again_it_stays_one() -> None:
    first, again = wrote(), wrote()

    assert (again.message, again.event_id, again.why) == (first.message, None, "It is on record already.")
    assert Event.objects.filter(type="social.facebook_comment").count() == Contact.objects.count() == 1


def test_the_writer_is_known_again_by_the_account_on_each_network() -> None:
    wrote("c1")
    wrote("c2")
    wrote("c3", network="instagram")

    assert Contact.objects.count() == ChannelIdentity.objects.count() == 2


@pytest.mark.parametrize("fields", [{"author_id": "page"}, {"author_id": ""}])
def test_our_own_and_nobodys_tell_nothing(fields: dict[str, str]) -> None:
    assert wrote(**fields).message is None
    assert not Event.objects.filter(type__startswith="social.").exists()
    assert not Contact.objects.exists()


def test_an_answer_of_ours_that_comes_back_tells_nothing() -> None:
    asked = wrote("c1").message
    assert asked is not None
    Message.objects.create(
        contact=asked.contact, direction="out", channel="comment", gateway=GATEWAY, provider_id="c2", status="sent"
    )

    # As a network tells of it that names the person behind the page, not the page.
    assert wrote("c2", author_id="editor").why == "It is our own comment."


def test_a_changed_comment_starts_nothing() -> None:
    message = wrote().message
    assert message is not None

    comments.change("c1", GATEWAY, "Never mind")

    message.refresh_from_db()
    assert message.text == "Never mind"
    assert Event.objects.filter(type="social.facebook_comment").count() == 1
    assert comments.change("c9", GATEWAY, "x").why == "The comment is not on record."


def test_without_a_name_the_network_names_the_contact() -> None:
    wrote(author="  ", network="instagram")

    assert Contact.objects.get().first_name == "Instagram"
    assert ChannelIdentity.objects.get().seen_at == NOW
