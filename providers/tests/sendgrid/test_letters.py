"""Mail that SendGrid's Inbound Parse brings in: proven as its events are, taken apart or whole, once."""

import json
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import pytest

from conversations.models import Arrival, Attachment, Message
from providers.base import Delivery
from providers.models import Connection, ProviderDelivery
from providers.tests import make, signers
from providers.tests.test_mails import ANNA, sent, take
from triggers.models import Event

pytestmark = pytest.mark.django_db
FORM = "multipart/form-data; boundary=xYzZY"
PDF = b"%PDF-1.7 " + bytes(range(256))
Json = dict[str, Any]


def form(fields: Json, *files: tuple[str, str, bytes]) -> bytes:
    parts = [
        f'--xYzZY\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        + (value if isinstance(value, bytes) else value.encode())
        for name, value in fields.items()
    ]
    parts += [
        f'--xYzZY\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        "Content-Type: application/pdf\r\n\r\n".encode()
        + content
        for name, filename, content in files
    ]
    return b"\r\n".join([*parts, b"--xYzZY--\r\n"])


def apart(ours: Message, **more: Any) -> Json:
    """A mail as Inbound Parse takes it apart."""
    return {
        "headers": f"Message-ID: <a1@example.org>\nIn-Reply-To: {ours.message_id}\nFrom: Anna <{ANNA}>\n"
        "To: office@crm.example.org\nSubject: Re: Welcome\nContent-Type: multipart/mixed; boundary=x\n",
        "dkim": "{@example.org : pass}", "to": "office@crm.example.org", "from": f"Anna <{ANNA}>",
        "subject": "Re: Welcome", "text": "Yes, please.\n\nOn Monday you wrote:\n> Welcome", "html": "<p>Yes",
        "sender_ip": "203.0.113.7", "SPF": "pass", "charsets": json.dumps({"text": "utf-8", "html": "utf-8"}),
        "envelope": json.dumps({"to": ["office@crm.example.org"], "from": ANNA}), **more,
    }  # fmt: skip


def whole(ours: Message, *, number: str = "<a1@example.org>") -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Anna <{ANNA}>", "office@crm.example.org", "Re: Welcome"
    mail["Message-ID"], mail["In-Reply-To"] = number, ours.message_id
    mail.set_content("Grüße, yes please.", charset="iso-8859-1")
    mail.add_attachment(PDF, maintype="application", subtype="pdf", filename="Angebot für Sie.pdf")
    return mail.as_bytes()


def test_a_mail_taken_apart_answers_ours_with_its_files() -> None:
    message = sent()

    row = take("sendgrid", form(apart(message), ("attachment1", "Angebot für Sie.pdf", PDF)), FORM)

    assert (row.status, row.error, row.kind) == ("done", "", "inbound")
    reply = Message.objects.get(direction="in")
    assert (reply.contact, reply.in_reply_to, reply.subject) == (message.contact, message.message_id, "Re: Welcome")
    assert Event.objects.get(type="message.customer_replied").data["body"] == "Yes, please."
    kept = Attachment.objects.get()
    assert (kept.name, kept.file.read(), kept.message) == ("Angebot für Sie.pdf", PDF, reply)
    assert row.data["files"][0]["content"] == ""


def test_a_raw_mail_answers_ours_with_its_files() -> None:
    message = sent()

    row = take("sendgrid", form({"to": "office@crm.example.org", "email": whole(message)}), FORM)

    assert (row.status, row.error) == ("done", "")
    reply = Message.objects.get(direction="in")
    assert (reply.contact, reply.text) == (message.contact, "Grüße, yes please.")
    assert Attachment.objects.get().file.read() == PDF
    # the mail lies with the message alone
    assert row.data == {"inbound": "raw", "number": "<a1@example.org>", "raw": ""}


def test_text_in_another_charset_is_read_by_it() -> None:
    told = apart(sent(), text="Grüße".encode("iso-8859-1"), charsets='{"text": "iso-8859-1"}')

    take("sendgrid", form(told), FORM)

    assert Message.objects.get(direction="in").text == "Grüße"


@pytest.mark.parametrize(
    "charsets", ["", "{", "[]", '{"text": "no-such"}', '{"text": 7}', '{"text": "rot13"}', "[" * 9999]
)
def test_a_charset_that_is_none_costs_no_mail(charsets: str) -> None:
    take("sendgrid", form(apart(sent(), charsets=charsets, text=b"Yes \xff\x00")), FORM)

    assert Message.objects.get(direction="in").text.startswith("Yes \ufffd")


def test_who_it_was_sent_to_is_known_from_the_envelope() -> None:
    ours = sent()
    told = apart(ours, headers=f"From: {ANNA}\nMessage-ID: <b@example.org>\n", to="list@example.org")
    told["envelope"] = json.dumps({"to": [f"office+{ours.key.hex}@crm.example.org"], "from": ANNA})

    take("sendgrid", form(told), FORM)

    assert Event.objects.get(type="message.customer_replied").data["in_reply_to_message_id"] == ours.pk


def test_what_a_program_wrote_is_no_answer() -> None:
    message = sent()
    headers = apart(message)["headers"] + "Auto-Submitted: auto-replied\n"

    row = take("sendgrid", form(apart(message, headers=headers)), FORM)

    assert row.status == "ignored"
    assert Arrival.objects.get().kind == "auto_reply"
    assert not Event.objects.filter(type="message.customer_replied").exists()


def test_headers_in_a_field_cannot_bring_in_others() -> None:
    told = apart(
        sent(), headers=f"From: {ANNA}\nMessage-ID: <c@example.org>\n", subject="Hi\r\nAuto-Submitted: auto-replied"
    )

    take("sendgrid", form(told), FORM)

    assert Message.objects.get(direction="in").subject == "Hi Auto-Submitted: auto-replied"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"--xYzZY", form({}), form({"text": "Hello"}), form({"email": ""}), form({"headers": ""}),
        b"--xYzZY\r\n\r\n\xff\xfe", b'--xYzZY\r\nContent-Disposition: form-data; name="a"\r\n\r\n' * 2000,
    ],
)  # fmt: skip
def test_a_form_without_a_mail_is_kept_for_a_person(body: bytes) -> None:
    assert take("sendgrid", body, FORM).status == "quarantined"
    assert not Message.objects.exists()


def test_half_a_form_is_kept_and_breaks_nothing() -> None:
    body = form(apart(sent()), ("attachment1", "a.pdf", PDF))

    for cut in range(0, len(body), 211):
        assert take("sendgrid", body[:cut], FORM, times=1).status in ("done", "ignored", "quarantined")


def test_an_event_that_calls_itself_a_mail_stays_an_event() -> None:
    ours = sent()
    event = {"event": "delivered", "email": ANNA, "smtp-id": ours.message_id, "inbound": "raw", "raw": "eA=="}

    assert take("sendgrid", [{**event, "sg_event_id": uuid4().hex}]).status == "done"
    assert not Message.objects.filter(direction="in").exists()


def signed(connection: Connection, body: bytes, *, other: bytes = b"", **changes: Any) -> Any:
    key = signers.by_name["sendgrid"]
    headers, sent_body = key.sign(changes.pop("secret", key.secret), signers.NOW, body)
    headers = {**headers, "Content-Type": FORM, **changes.pop("headers", {})}
    return make.send(connection, Delivery("POST", signers.URL, headers, other or sent_body))


@pytest.mark.usefixtures("_now")
def test_it_is_proven_by_the_key_of_either_webhook_and_nothing_else() -> None:
    case, body = signers.by_name["sendgrid"], form(apart(sent()))
    connection = make.connection("sendgrid", secrets={"verification_key": case.other, "parse_key": case.secret})

    name = "X-Twilio-Email-Event-Webhook-Signature"
    refused = [
        signed(connection, body, other=body.replace(b"Yes", b"Yet")), signed(connection, body, headers={name: ""}),
        signed(connection, body, headers={"X-Twilio-Email-Event-Webhook-Timestamp": "1"}),
    ]  # fmt: skip
    assert [answer.status_code for answer in refused] == [401, 401, 401]
    assert not ProviderDelivery.objects.exists()

    taken = [signed(connection, body), signed(connection, body), signed(connection, body, secret=case.other)]
    assert [answer.status_code for answer in taken] == [200, 200, 200]
    assert ProviderDelivery.objects.get().data["number"] == "<a1@example.org>"
