from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conversations.models import MailboxMail, Message, Suppression
from triggers.models import Event
from triggers.tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]
MESSAGES = "/admin/conversations/message/"
MAILBOX = "/admin/conversations/mailboxmail/"
HOSTILE = '<script>alert(1)</script><img src="https://example.org/x.gif"><p style="color:red">Hello Anna</p>'


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(make.user(is_staff=True, is_superuser=True))
    return client


def limited(*permissions: str) -> Client:
    user = make.user("limited", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def message(**values: Any) -> Message:
    return Message.objects.create(
        **{
            "contact": make.contact(), "direction": "out", "key": uuid4(), "status": "sent",
            "subject": "Welcome Anna", "text": "Hello Anna", "from_address": "clara@example.org",
            "to_address": "anna@example.org", "message_id": "<1@example.org>", **values,
        }
    )  # fmt: skip


def mailed(settings: Any, html: str = HOSTILE) -> MailboxMail:
    settings.EMAIL_BACKEND = "conversations.mailbox.MailboxBackend"
    mail = EmailMultiAlternatives(
        "Größe", "Hello Anna", "clara@example.org", ["anna@example.org"], headers={"Message-ID": "<1@example.org>"}
    )
    if html:
        mail.attach_alternative(html, "text/html")
    mail.send()
    return MailboxMail.objects.get()


def test_the_list_tells_with_whom_what_and_how_it_stands(staff: Client) -> None:
    message(status="suppressed", reason="Anna must not be disturbed by E-mail.")

    page = staff.get(MESSAGES).content.decode()

    assert "Welcome Anna" in page
    assert '<span class="pill calm">' in page
    assert "Not sent</span>" in page
    assert "Anna must not be disturbed by E-mail." in page
    assert "Add message" not in page


def test_the_list_asks_the_same_number_of_queries_however_long(staff: Client) -> None:
    message()
    staff.get(MESSAGES)
    with CaptureQueriesContext(connection) as of_one:
        staff.get(MESSAGES)
    for n in range(2, 30):
        message(message_id=f"<{n}@example.org>")

    with CaptureQueriesContext(connection) as of_many:
        staff.get(MESSAGES)

    assert len(of_many) == len(of_one)


@pytest.mark.parametrize("query", ["anna@", "Welcome", "%3C1@example.org%3E"])
def test_messages_are_found_by_address_subject_and_message_id(staff: Client, query: str) -> None:
    message()

    assert "Welcome Anna" in staff.get(f"{MESSAGES}?q={query}").content.decode()
    assert "Welcome Anna" not in staff.get(f"{MESSAGES}?q=nothing").content.decode()


def test_a_message_is_shown_as_a_person_reads_it(staff: Client) -> None:
    row = message(text="Hello <b>Anna</b>\n\nBye", reason="")

    page = staff.get(f"{MESSAGES}{row.pk}/change/").content.decode()

    assert "<p>Hello &lt;b&gt;Anna&lt;/b&gt;</p>" in page
    assert "clara@example.org" in page
    assert "Sent</span>" in page
    assert "<iframe" not in page
    assert 'name="_save"' not in page


def test_a_mail_is_shown_with_its_headers_source_and_frame(staff: Client, settings: Any) -> None:
    mail = mailed(settings)

    page = staff.get(f"{MAILBOX}{mail.pk}/change/").content.decode()

    assert f'<iframe class="mail-body" src="{MAILBOX}{mail.pk}/html/" sandbox' in page
    assert "Größe" in page
    assert "&lt;1@example.org&gt;" in page
    assert "Content-Type: multipart/alternative" in page
    assert "<script>alert(1)" not in page
    assert 'style="' not in page.partition("<article")[2].partition("</article>")[0]


def test_the_mailbox_lists_receiver_subject_and_state(staff: Client, settings: Any) -> None:
    mailed(settings)
    MailboxMail.objects.update(times=2)

    page = staff.get(MAILBOX).content.decode()

    assert "anna@example.org" in page
    assert "Größe" in page
    assert "Sent 2 times</span>" in page


@pytest.mark.parametrize("kind", ["message", "mailboxmail"])
def test_the_html_is_served_apart_and_can_neither_run_nor_load_anything(
    staff: Client, settings: Any, kind: str
) -> None:
    row = message(html=HOSTILE) if kind == "message" else mailed(settings)

    response = staff.get(f"/admin/conversations/{kind}/{row.pk}/html/")

    assert response.content.decode() == HOSTILE
    assert response["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
    )
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("kind", ["message", "mailboxmail"])
def test_the_html_needs_the_right_to_see_mail(settings: Any, kind: str) -> None:
    row = message(html=HOSTILE) if kind == "message" else mailed(settings)
    url = f"/admin/conversations/{kind}/{row.pk}/html/"

    assert Client().get(url).status_code == 302
    assert limited("view_contact").get(url).status_code == 403


def test_what_does_not_exist_is_not_found(staff: Client) -> None:
    assert staff.get(f"{MESSAGES}1/html/").status_code == 404
    assert staff.get(f"{MESSAGES}1/reply/").status_code == 404


def test_mail_cannot_be_written_or_changed(staff: Client) -> None:
    row = message()

    assert staff.get(f"{MESSAGES}add/").status_code == 403
    assert staff.post(f"{MESSAGES}{row.pk}/change/", {"subject": "Other"}).status_code == 403
    row.refresh_from_db()
    assert row.subject == "Welcome Anna"


def test_they_replied_records_the_reply_and_tells_of_it(staff: Client) -> None:
    row = message(workflow_id=7)
    url = f"{MESSAGES}{row.pk}/reply/"
    assert url in staff.get(f"{MESSAGES}{row.pk}/change/").content.decode()
    assert 'value="Re: Welcome Anna"' in staff.get(url).content.decode()

    response = staff.post(url, {"subject": "Re: Welcome Anna", "body": "Yes, please"})

    reply = Message.objects.get(direction="in")
    assert response.url == f"{MESSAGES}{reply.pk}/change/"
    assert (reply.text, reply.in_reply_to, reply.workflow_id) == ("Yes, please", "<1@example.org>", 7)
    told = Event.objects.get(type="message.customer_replied")
    assert (told.actor, told.origin, told.data["in_reply_to_message_id"]) == ("user", "admin", row.pk)


def test_an_empty_reply_is_sent_back(staff: Client) -> None:
    row = message()

    response = staff.post(f"{MESSAGES}{row.pk}/reply/", {"subject": "Re", "body": ""})

    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    assert not Message.objects.filter(direction="in").exists()


def test_a_reply_is_answered_by_no_reply(staff: Client) -> None:
    row = message(direction="in")

    assert "They replied" not in staff.get(f"{MESSAGES}{row.pk}/change/").content.decode()
    assert staff.get(f"{MESSAGES}{row.pk}/reply/").status_code == 404


def test_recording_a_reply_needs_the_right_to_add_messages() -> None:
    row = message()
    client = limited("view_message")

    assert "They replied" not in client.get(f"{MESSAGES}{row.pk}/change/").content.decode()
    assert client.post(f"{MESSAGES}{row.pk}/reply/", {"body": "Yes"}).status_code == 403
    assert not Message.objects.filter(direction="in").exists()


def test_staff_suppress_an_address_in_any_spelling_once(staff: Client) -> None:
    url = "/admin/conversations/suppression/add/"
    form = {"reason": "complaint", "at_0": "2027-03-10", "at_1": "12:00:00"}

    assert staff.post(url, {**form, "address": "Anna@Example.org"}).status_code == 302
    again = staff.post(url, {**form, "address": "ANNA@example.org"})
    wrong = staff.post(url, {**form, "address": "nobody"})

    assert Suppression.objects.get().address == "anna@example.org"
    assert again.status_code == 200
    assert "“nobody” is not one e-mail address." in wrong.content.decode()


def test_a_mails_page_tells_who_opened_it_and_what_was_clicked(staff: Client) -> None:
    mail = message()
    mail.events.create(kind="opened", key="1", machine=True)
    mail.events.create(kind="clicked", key="2", url="https://example.org/<offer>")

    page = staff.get(f"{MESSAGES}{mail.pk}/change/").content.decode()

    assert "Opened and clicked" in page
    assert "A program" in page
    assert "https://example.org/&lt;offer&gt;" in page
