from email import message_from_bytes, policy
from email.message import EmailMessage as EmailMessageOnTheWire

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection, send_mail

from conversations.mailbox import MAX_RAW
from conversations.models import MailboxMail, Message
from conversations.tests.conftest import use
from conversations.tests.office import post_office
from triggers.tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mailbox")]


def letter(**values: object) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        **{
            "subject": "Größe für Anna",
            "body": "Guten Tag, Anna!\nEs grüßt Clara.",
            "from_email": '"Clara Größe" <clara@example.org>',
            "to": ["anna@example.org"],
            "headers": {"Message-ID": "<1@example.org>"},
            **values,
        }
    )
    mail.attach_alternative("<p>Guten Tag, <b>Anna</b>!</p>", "text/html")
    return mail


def test_keeps_a_mail_as_a_person_reads_it() -> None:
    assert letter(cc=["bob@example.org"], bcc=["eve@example.org"]).send() == 1

    row = MailboxMail.objects.get()
    assert row.message_id == "<1@example.org>"
    assert row.subject == "Größe für Anna"
    assert row.from_address == "Clara Größe <clara@example.org>"
    assert row.to_addresses == "anna@example.org, bob@example.org, eve@example.org"
    assert row.text == "Guten Tag, Anna!\nEs grüßt Clara."
    assert row.html == "<p>Guten Tag, <b>Anna</b>!</p>"
    assert ["Cc", "bob@example.org"] in row.headers
    assert "Bcc" not in dict(row.headers)
    assert row.times == 1


def test_keeps_the_bytes_a_mail_server_would_have_got(settings: object) -> None:
    letter().send()
    with post_office() as office:
        use(settings, office.port)
        letter().send()

    kept = message_from_bytes(bytes(MailboxMail.objects.get().raw), policy=policy.default)
    [sent] = office.mails
    for name in ("Subject", "From", "To", "Message-ID", "Content-Type"):
        assert kept[name].split("boundary")[0] == sent[name].split("boundary")[0]
    assert _texts(kept) == _texts(sent)
    assert _texts(kept) == ["Guten Tag, Anna!\nEs grüßt Clara.", "<p>Guten Tag, <b>Anna</b>!</p>"]


def _texts(mail: EmailMessageOnTheWire) -> list[str]:
    return ["\n".join(part.get_content().splitlines()) for part in mail.iter_parts()]


def test_one_row_for_each_message_id_however_often_it_is_handed_over() -> None:
    for _ in range(3):
        letter().send()
    letter(headers={"Message-ID": "<2@example.org>"}).send()

    assert list(MailboxMail.objects.order_by("pk").values_list("message_id", "times")) == [
        ("<1@example.org>", 3),
        ("<2@example.org>", 1),
    ]


def test_mail_without_a_message_id_of_its_own_gets_one() -> None:
    send_mail("Reset your password", "Follow the link.", None, ["clara@example.org"])
    send_mail("Reset your password", "Follow the link.", None, ["clara@example.org"])

    first, second = MailboxMail.objects.all()
    assert first.message_id != second.message_id
    assert first.conversation is None
    assert first.from_address == "Concours <hello@example.org>"


def test_several_mails_at_once_and_none_to_nobody() -> None:
    mails = [letter(), letter(headers={"Message-ID": "<2@example.org>"}), EmailMessage("To nobody", "")]

    assert get_connection().send_messages(mails) == 2
    assert MailboxMail.objects.count() == 2


def test_long_mails_are_cut_and_their_size_is_told() -> None:
    mail = letter()
    mail.attach("photo.bin", b"\x00" * 400_000, "application/octet-stream")

    mail.send()

    row = MailboxMail.objects.get()
    assert len(row.raw) == MAX_RAW
    assert row.size == len(mail.message().as_bytes(linesep="\r\n"))
    assert row.text == "Guten Tag, Anna!\nEs grüßt Clara."


def test_an_attached_text_is_not_taken_for_the_mails_own() -> None:
    mail = EmailMessage("Minutes", "", None, ["anna@example.org"])
    mail.attach("minutes.txt", "What was said", "text/plain")

    mail.send()

    assert MailboxMail.objects.get().text == ""


def test_a_mail_hangs_on_the_message_it_carries_and_goes_with_it() -> None:
    contact = make.contact()
    message = Message.objects.create(contact=contact, direction="out", message_id="<1@example.org>")

    letter().send()

    assert MailboxMail.objects.get().conversation == message
    contact.delete()
    assert not MailboxMail.objects.exists()
