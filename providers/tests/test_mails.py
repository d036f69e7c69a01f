"""What providers of mail tell, in the shapes their documentation shows, and the mail they bring in."""

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from conversations import composing
from conversations.models import Attachment, Message, Suppression
from providers import receiving, working
from providers.base import Delivery
from providers.mailgun import signature as mailgun_signature
from providers.mails import put_together
from providers.models import ProviderDelivery
from providers.tests import make, signers
from triggers.models import Event
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)
STAMP, ISO = int(NOW.timestamp()), "2027-03-10T12:00:00Z"
ANNA = "anna@example.org"
HUMAN = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140 Safari/537.36"
Json = dict[str, Any]


def sent() -> Message:
    """A mail of ours that left an hour ago."""
    key = uuid4()
    return Message.objects.create(
        contact=engine.contact(email=ANNA), direction="out", channel="email", key=key, to_address=ANNA,
        message_id=composing.message_id(key), status="sent", sent_at=NOW.replace(hour=11), subject="Welcome",
    )  # fmt: skip


def sendgrid(ours: str, **event: Any) -> Any:
    return [{"email": ANNA, "timestamp": STAMP, "smtp-id": ours, "sg_event_id": uuid4().hex, **event}]


def mailgun(ours: str, **event: Any) -> Any:
    told = {"id": uuid4().hex, "timestamp": STAMP, "recipient": ANNA, **event}
    return {
        "signature": {"token": uuid4().hex, "timestamp": str(STAMP), "signature": "x"},
        "event-data": {**told, "message": {"headers": {"message-id": ours.strip("<>")}}},
    }


def postmark(ours: str, **event: Any) -> Any:
    return {"MessageID": str(uuid4()), "Recipient": ANNA, "Metadata": {"message": ours}, **event}


def ses(ours: str, **event: Any) -> Any:
    mail = {"destination": [ANNA], "timestamp": ISO, "headers": [{"name": "Message-ID", "value": ours}]}
    return {
        "Type": "Notification", "MessageId": str(uuid4()), "TopicArn": signers.TOPIC, "Timestamp": ISO,
        "Message": json.dumps({"mail": mail, **event}),
    }  # fmt: skip


BOUNCED_SES = {
    "bounceType": "Permanent", "timestamp": ISO, "feedbackId": "f1",
    "bouncedRecipients": [{"emailAddress": ANNA, "status": "5.1.1", "diagnosticCode": "smtp; 550 no such user"}],
}  # fmt: skip
# Who tells, what, and what it is to us.
TOLD: list[tuple[Callable[..., Any], Json, str]] = [
    (sendgrid, {"event": "delivered"}, "delivered"),
    (sendgrid, {"event": "bounce", "type": "bounce", "status": "5.1.1", "reason": "550 no such user"}, "gone"),
    (sendgrid, {"event": "bounce", "type": "blocked", "reason": "421 try later"}, "bounced"),
    (sendgrid, {"event": "open", "useragent": HUMAN}, "opened"),
    (sendgrid, {"event": "open", "useragent": HUMAN, "sg_machine_open": True}, "machine"),
    (sendgrid, {"event": "click", "url": "https://example.org/a", "useragent": HUMAN}, "clicked"),
    (sendgrid, {"event": "spamreport"}, "complained"),
    (sendgrid, {"event": "unsubscribe"}, "unsubscribed"),
    (sendgrid, {"event": "deferred"}, ""),
    (mailgun, {"event": "delivered"}, "delivered"),
    (mailgun, {"event": "failed", "severity": "permanent", "delivery-status": {"code": 550, "message": "no"}}, "gone"),
    (mailgun, {"event": "failed", "severity": "temporary"}, ""),
    (mailgun, {"event": "failed", "severity": "permanent", "reason": "suppress-bounce"}, "bounced"),
    (mailgun, {"event": "opened", "client-info": {"user-agent": HUMAN}}, "opened"),
    (mailgun, {"event": "opened", "client-info": {"user-agent": HUMAN, "bot": "apple"}}, "machine"),
    (mailgun, {"event": "clicked", "url": "https://example.org/a", "client-info": {"user-agent": HUMAN}}, "clicked"),
    (mailgun, {"event": "complained"}, "complained"),
    (mailgun, {"event": "unsubscribed"}, "unsubscribed"),
    (mailgun, {"event": "accepted"}, ""),
    (postmark, {"RecordType": "Delivery", "DeliveredAt": ISO}, "delivered"),
    (postmark, {"RecordType": "Bounce", "ID": 42, "Type": "HardBounce", "TypeCode": 1, "Email": ANNA}, "gone"),
    (postmark, {"RecordType": "Bounce", "ID": 43, "Type": "SoftBounce"}, "bounced"),
    (postmark, {"RecordType": "Bounce", "ID": 44, "Type": "Transient"}, ""),
    (postmark, {"RecordType": "Open", "UserAgent": HUMAN, "ReceivedAt": ISO}, "opened"),
    (postmark, {"RecordType": "Click", "OriginalLink": "https://example.org/a", "UserAgent": HUMAN}, "clicked"),
    (postmark, {"RecordType": "SpamComplaint", "ID": 45}, "complained"),
    (postmark, {"RecordType": "SubscriptionChange", "SuppressSending": True,
                "SuppressionReason": "ManualSuppression"}, "unsubscribed"),
    (postmark, {"RecordType": "SubscriptionChange", "SuppressSending": False}, ""),
    (ses, {"eventType": "Delivery", "delivery": {"recipients": [ANNA]}}, "delivered"),
    (ses, {"notificationType": "Bounce", "bounce": BOUNCED_SES}, "gone"),
    (ses, {"eventType": "Bounce", "bounce": {**BOUNCED_SES, "bounceType": "Transient"}}, "bounced"),
    (ses, {"eventType": "Open", "open": {"userAgent": HUMAN, "timestamp": ISO}}, "opened"),
    (ses, {"eventType": "Click", "click": {"link": "https://example.org/a", "userAgent": HUMAN}}, "clicked"),
    (ses, {"eventType": "Complaint", "complaint": {"complainedRecipients": [{"emailAddress": ANNA}]}}, "complained"),
    (ses, {"eventType": "DeliveryDelay"}, ""),
]  # fmt: skip
EVENTS = {
    "gone": "email.bounced", "bounced": "email.bounced", "opened": "email.opened", "machine": "email.opened",
    "clicked": "email.clicked", "complained": "email.complained", "unsubscribed": "email.unsubscribed",
}  # fmt: skip
CLOSED = {"gone": "bounce", "complained": "complaint", "unsubscribed": "unsubscribe"}


def take(provider: str, body: Any, kind: str = "", times: int = 2) -> ProviderDelivery:
    """Delivered so often, and worked off."""
    connection = make.connection(provider)
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = kind or ("application/x-www-form-urlencoded" if isinstance(body, bytes) else "application/json")
    for _try in range(times):
        receiving.take_in(connection, Delivery("POST", signers.URL, {"Content-Type": kind}, raw), NOW)
        while working.go_on(NOW):
            pass
    return ProviderDelivery.objects.get(connection=connection)


@pytest.mark.parametrize(("told", "event", "what"), TOLD)
def test_what_is_told_of_a_mail_is_known_once(told: Callable[..., Any], event: Json, what: str) -> None:
    message = sent()

    delivery = take(told.__name__, told(message.message_id, **event))

    message.refresh_from_db()
    assert delivery.status == ("done" if what else "ignored")
    kinds = list(Event.objects.filter(type__startswith="email.").values_list("type", flat=True))
    assert kinds == ([EVENTS[what]] if what in EVENTS else [])
    assert list(Suppression.objects.values_list("reason", flat=True)) == ([CLOSED[what]] if what in CLOSED else [])
    assert message.status == {"gone": "bounced", "bounced": "bounced", "delivered": "delivered"}.get(what, "sent")
    if what in ("opened", "machine", "clicked"):
        assert Event.objects.get(type=EVENTS[what]).data["machine"] is (what == "machine")
        assert Event.objects.get(type=EVENTS[what]).data.get("url", "") == (
            "https://example.org/a" if what == "clicked" else ""
        )


@pytest.mark.parametrize("told", [sendgrid, mailgun, postmark, ses])
def test_a_bounce_for_nobody_we_know_closes_the_address_and_breaks_nothing(told: Callable[..., Any]) -> None:
    gone = next(event for each, event, what in TOLD if each is told and what == "gone")

    take(told.__name__, told("<unknown@example.org>", **gone))

    assert Suppression.objects.get().reason == "bounce"
    assert not Event.objects.filter(type__startswith="email.").exists()


@pytest.mark.parametrize("told", [sendgrid, mailgun, postmark, ses])
@pytest.mark.parametrize("junk", [{}, {"event": 7}, {"event": ["open"]}, {"eventType": {}}, {"RecordType": None}])
def test_what_makes_no_sense_changes_nothing(told: Callable[..., Any], junk: Json) -> None:
    message = sent()

    delivery = take(told.__name__, told(message.message_id, **junk))

    assert delivery.status in ("ignored", "quarantined")
    message.refresh_from_db()
    assert message.status == "sent"


def test_a_mail_that_mailgun_brings_in_answers_ours() -> None:
    message = sent()
    fields = {
        "Message-Id": "<a1@example.org>", "recipient": "office@crm.example.org", "from": f"Anna <{ANNA}>",
        "subject": "Re: Welcome", "body-plain": "Yes, please.\n\nOn Monday you wrote:\n> Welcome",
        "message-headers": json.dumps([["In-Reply-To", message.message_id], ["From", f"Anna <{ANNA}>"]]),
        "timestamp": str(STAMP), "token": "t" * 50, "signature": "x",
    }  # fmt: skip

    delivery = take("mailgun", urlencode(fields).encode())

    assert (delivery.status, delivery.error) == ("done", "")
    reply = Message.objects.get(direction="in")
    assert (reply.contact, reply.in_reply_to) == (message.contact, message.message_id)
    assert Event.objects.get(type="message.customer_replied").data["body"].strip() == "Yes, please."


def test_a_mail_that_postmark_brings_in_answers_ours() -> None:
    message = sent()

    take("postmark", {
        "FromFull": {"Email": ANNA}, "From": ANNA, "To": "office@crm.example.org", "Subject": "Re: Welcome",
        "MessageID": str(uuid4()), "TextBody": "Yes, please.", "HtmlBody": "<p>Yes",
        "Headers": [{"Name": "In-Reply-To", "Value": message.message_id}, {"Name": "Bad name", "Value": "x\r\nY: z"}],
    })  # fmt: skip

    assert Message.objects.get(direction="in").contact == message.contact


def test_an_out_of_office_note_that_comes_that_way_is_no_answer() -> None:
    message = sent()

    take("postmark", {
        "FromFull": {"Email": ANNA}, "From": ANNA, "Subject": "Out of office", "TextBody": "I am away.",
        "MessageID": str(uuid4()), "Headers": [
            {"Name": "In-Reply-To", "Value": message.message_id}, {"Name": "Auto-Submitted", "Value": "auto-replied"},
        ],
    })  # fmt: skip

    assert not Event.objects.filter(type="message.customer_replied").exists()


def test_headers_put_together_cannot_add_others() -> None:
    raw = put_together([("Subject", "Hi\r\nBcc: x@example.org"), ("X:\nY", "z"), ("Content-Type", "x/y")], "", "<p>ü")

    head = raw.split(b"\n\n")[0]
    assert b"\nBcc:" not in head
    assert b"Y:" not in head
    assert b"text/html" in head


def test_postmark_is_given_our_number_and_nobody_else(settings: Any) -> None:
    message = sent()
    assert "X-PM-Metadata-message" not in composing.mail_of(message).extra_headers

    settings.EMAIL_HOST = "smtp.postmarkapp.com"

    assert composing.mail_of(message).extra_headers["X-PM-Metadata-message"] == message.message_id


PDF = b"%PDF-1.7 " + bytes(range(256)) * 600


def multipart(fields: Json) -> tuple[bytes, str]:
    parts = [f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in fields.items()]
    head = '--b\r\nContent-Disposition: form-data; name="attachment-1"; filename="Angebot für Sie.pdf"\r\n'
    body = "".join(parts).encode() + head.encode() + b"Content-Type: application/pdf\r\n\r\n" + PDF + b"\r\n--b--\r\n"
    return body, "multipart/form-data; boundary=b"


def test_files_come_along_with_a_mail_of_mailgun() -> None:
    message = sent()
    token = "t" * 50
    body, kind = multipart({
        "Message-Id": "<a1@example.org>", "recipient": "office@crm.example.org", "from": ANNA, "subject": "Re: Welcome",
        "body-plain": "See the offer.", "body-html": "<p>" + "x" * 100_000, "timestamp": str(STAMP), "token": token,
        "message-headers": json.dumps([["In-Reply-To", message.message_id]]),
        "signature": signers.hmac_of("key", f"{STAMP}{token}".encode()).hex(),
    })  # fmt: skip
    delivery = Delivery("POST", "https://crm.example.org/", {"Content-Type": kind}, body)
    assert mailgun_signature.verify(delivery, ["key"], NOW)
    assert not mailgun_signature.verify(delivery, ["other"], NOW)

    row = take("mailgun", body, kind)

    assert (row.status, row.error) == ("done", "")
    kept = Attachment.objects.get()
    assert (kept.name, kept.status, kept.content_type) == ("Angebot für Sie.pdf", "kept", "application/pdf")
    assert kept.file.read() == PDF
    assert kept.message is not None
    assert (kept.message.text, kept.message.contact) == ("See the offer.", message.contact)
    # the file lies with the message alone
    assert row.data["files"] == [{"name": "Angebot für Sie.pdf", "type": "application/pdf", "content": ""}]


def test_files_come_along_with_a_mail_of_postmark_however_long_it_is() -> None:
    message = sent()
    file = {"Name": "a.pdf", "Content": b64encode(PDF).decode(), "ContentType": "application/pdf"}

    row = take("postmark", {
        "FromFull": {"Email": ANNA}, "From": ANNA, "Subject": "Re", "MessageID": str(uuid4()), "TextBody": "Look.",
        "HtmlBody": "ü" * 60_000, "Headers": [{"Name": "In-Reply-To", "Value": message.message_id}],
        "Attachments": [file, {"Name": "b.pdf", "Content": "not base64!"}, "junk", None],
    })  # fmt: skip

    assert (row.status, row.error) == ("done", "")
    kept = Attachment.objects.get()
    assert (kept.name, kept.file.read()) == ("a.pdf", PDF)


@pytest.mark.parametrize("body", [b"", b"--b", b"--b\r\n\r\n\xff\xfe", b"--b\r\nContent-Disposition: x\r\n\r\n" * 2000])
def test_broken_forms_prove_nothing_and_are_kept_for_a_person(body: bytes) -> None:
    kind = "multipart/form-data; boundary=b"

    assert not mailgun_signature.verify(Delivery("POST", "https://x/", {"Content-Type": kind}, body), ["key"], NOW)
    assert take("mailgun", body, kind).status in ("ignored", "quarantined")
