"""The pages of channels, gateways, arrivals and mail accounts, as staff use them."""

import pytest
from django.test import Client

from contacts.models import Contact
from conversations.models import Arrival, ChannelSetting, ConsoleMessage, HttpGateway, MailAccount, Message
from triggers.tests import make
from triggers.tests.admin import visit

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]
ROOT = "/admin/conversations/"


def aside() -> Arrival:
    return Arrival.objects.create(
        gateway="imap:1", external_id="1:5", channel="email", kind="aside", reason="Nobody has this address or number.",
        from_address="berta@example.org", name="Berta Braun", subject="Hello", text="Are you open?", mail_id="<1@x>",
    )  # fmt: skip


def act(client: Client, arrival: Arrival) -> str:
    answer = client.post(f"{ROOT}arrival/{arrival.pk}/do/adopt/", follow=True)
    return answer.content.decode()


def test_a_stranger_becomes_a_contact_with_its_message_and_event() -> None:
    arrival, client = aside(), visit.boss()
    assert "Make a contact of it" in client.get(f"{ROOT}arrival/{arrival.pk}/change/").content.decode()

    assert "The message stands with Berta Braun now." in act(client, arrival)
    assert "Somebody has done it already." in act(client, arrival) or "404" in act(client, arrival)

    contact, message = Contact.objects.get(), Message.objects.get()
    assert (contact.email, contact.source) == ("berta@example.org", "E-mail")
    assert (message.text, message.contact, message.message_id) == ("Are you open?", contact, "<1@x>")
    assert make.last_event("message.customer_replied").contact_id == contact.pk
    arrival.refresh_from_db()
    assert (arrival.kind, arrival.text, arrival.message) == ("message", "", message)


def test_only_who_may_add_contacts_makes_one() -> None:
    arrival = aside()

    answer = visit.staff("view_arrival").post(f"{ROOT}arrival/{arrival.pk}/do/adopt/")

    assert answer.status_code == 403
    assert not Contact.objects.exists()


@pytest.mark.parametrize("page", ["arrival", "mailaccount", "httpgateway", "channelsetting", "consolemessage"])
def test_every_list_and_form_opens(page: str) -> None:
    client = visit.boss()
    aside()
    MailAccount.objects.create(
        name="Desk", address="d@example.org", host="imap.example.org", username="u", password="s"
    )
    HttpGateway.objects.create(name="Texts", slug="texts", url="https://api.example.com/send")
    ChannelSetting.objects.create(channel="sms", gateway="http:texts")
    ConsoleMessage.objects.create(key="00000000-0000-0000-0000-000000000001", channel="sms", to_address="+49", text="x")

    assert client.get(f"{ROOT}{page}/").status_code == 200
    model = {"arrival": Arrival, "mailaccount": MailAccount, "httpgateway": HttpGateway,
             "channelsetting": ChannelSetting, "consolemessage": ConsoleMessage}[page]  # fmt: skip
    assert client.get(f"{ROOT}{page}/{model.objects.get().pk}/change/").status_code == 200


def test_an_accounts_password_is_never_shown_and_kept_when_left_empty() -> None:
    client = visit.boss()
    account = MailAccount.objects.create(
        name="Desk", address="d@example.org", host="imap.example.org", username="u", password="s3cret-of-the-desk",
        last_uid=7, uid_validity=3,
    )  # fmt: skip
    url = f"{ROOT}mailaccount/{account.pk}/change/"
    assert "s3cret" not in client.get(url).content.decode()

    given = {
        "name": "Desk", "address": "d@example.org", "host": "imap.example.org", "port": 993, "security": "tls",
        "username": "u", "password": "", "folder": "INBOX", "every_minutes": 5, "active": "on",
    }  # fmt: skip
    assert client.post(url, given).status_code == 302
    account.refresh_from_db()
    assert (account.password, account.every_minutes, account.last_uid) == ("s3cret-of-the-desk", 5, 7)

    client.post(url, {**given, "folder": "Support"})
    account.refresh_from_db()
    assert (account.last_uid, account.uid_validity) == (0, None)


def test_a_channel_offers_the_gateways_there_are() -> None:
    HttpGateway.objects.create(name="Texts", slug="texts", url="https://api.example.com/send")
    client = visit.boss()

    page = client.get(f"{ROOT}channelsetting/add/").content.decode()
    assert "HTTP: Texts" in page
    assert "On trial: kept here and not sent" in page

    answer = client.post(
        f"{ROOT}channelsetting/add/",
        {"channel": "sms", "gateway": "http:texts", "sender": "+49301", "unknown_senders": "make"},
    )
    assert answer.status_code == 302
    assert ChannelSetting.objects.get().gateway == "http:texts"
