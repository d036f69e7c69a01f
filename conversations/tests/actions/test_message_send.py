import pytest

from conversations.actions.message_send import MessageSend
from conversations.models import ChannelIdentity, ConsoleMessage, Message
from conversations.tests.actions.test_email_send import action_of
from triggers.models import Run
from triggers.sweeping import drain
from triggers.tests import make

pytestmark = pytest.mark.django_db


def started(contact: object, channel: str) -> Run:
    workflow = make.workflow(make.action("a1", "message.send", channel=channel, text="Hello {{ contact.first_name }}"))
    make.tag(contact)
    drain()
    return Run.objects.get(workflow=workflow)


def test_whatsapp_goes_to_the_phone() -> None:
    run = started(make.contact(phone="+4930123456"), "whatsapp")

    assert run.status == "done"
    kept = ConsoleMessage.objects.get()
    assert (kept.channel, kept.to_address, kept.text) == ("whatsapp", "+4930123456", "Hello Anna")


def test_other_channels_go_to_the_account_that_wrote_last() -> None:
    contact = make.contact()
    ChannelIdentity.objects.create(contact=contact, channel="messenger", address="psid-1")
    ChannelIdentity.objects.create(contact=contact, channel="messenger", address="psid-2")
    ChannelIdentity.objects.create(contact=contact, channel="chat", address="visitor-3")

    run = started(contact, "messenger")

    assert run.status == "done"
    assert ConsoleMessage.objects.get().to_address == "psid-2"


def test_who_has_not_written_there_cannot_be_reached() -> None:
    run = started(make.contact(phone="+4930123456"), "instagram")

    assert (run.status, run.reason) == ("held", "Anna has not written by Instagram yet, and cannot be reached there.")


@pytest.mark.parametrize(("channel", "closed"), [("messenger", "facebook"), ("instagram", "facebook"), ("gmb", "gmb")])
def test_do_not_disturb_wins_under_the_channels_own_name(channel: str, closed: str) -> None:
    contact = make.contact(dnd={closed: True})
    ChannelIdentity.objects.create(contact=contact, channel=channel, address="1")

    run = started(contact, channel)

    assert action_of(run).status == "skipped"
    assert Message.objects.get().status == "suppressed"
    assert not ConsoleMessage.objects.exists()


def test_its_channels_are_those_a_gateway_carries() -> None:
    schema = MessageSend.model_json_schema()["properties"]["channel"]["enum"]

    assert schema == ["whatsapp", "messenger", "instagram", "chat", "gmb"]
