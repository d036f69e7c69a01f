"""What every provider declares, and how it is found."""

import json
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from providers import frame
from providers.base import Delivery
from providers.frame import Provider, provider
from providers.tests.signers import CASES

KNOWN = sorted(frame.providers)


def test_every_folder_is_found() -> None:
    assert sorted(case.name for case in CASES) == KNOWN


@pytest.mark.parametrize("key", KNOWN)
def test_each_says_what_staff_need(key: str) -> None:
    kind = frame.find(key)

    assert str(kind.label)
    assert str(kind.guide).endswith(".")
    assert kind.signing() or kind.account_required
    assert len({each.name for each in kind.secrets}) == len(kind.secrets)
    assert all(str(each.label) for each in (*kind.secrets, *kind.settings))
    assert 200 <= kind.reply.status < 300
    assert 401 <= kind.refusal <= 406


def test_one_elsewhere_or_twice_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="to live in providers/nowhere"):
        provider("nowhere", "Nowhere")(Provider)
    with pytest.raises(ImproperlyConfigured, match="declared twice"):
        provider("stripe", "Stripe")(Provider)


def told(key: str, body: Any, **headers: str) -> list[tuple[str, str, str]]:
    """The items of a delivery: key, kind and account."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = "application/x-www-form-urlencoded" if isinstance(body, bytes) else "application/json"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    delivery = Delivery("POST", "https://crm.example.org/", {"Content-Type": kind, **named}, raw)
    return [(item.key, item.kind, item.account) for item in frame.find(key).items(delivery)]


SES = {"Type": "Notification", "MessageId": "m-1", "TopicArn": "arn:1", "Message": '{"eventType": "Bounce"}'}
SIGN = {"event": {"event_hash": "ab", "event_type": "signature_request_viewed", "event_time": "1700000000",
                  "event_metadata": {"reported_for_account_id": "acc", "related_signature_id": "s9"}},
        "signature_request": {"signature_request_id": "r1"}}  # fmt: skip


@pytest.mark.parametrize(
    ("key", "body", "headers", "expected"),
    [
        ("twilio", b"MessageSid=SM1&MessageStatus=sent&AccountSid=AC1", {}, ("SM1:sent", "message.sent", "AC1")),
        ("twilio", b"MessageSid=SM1&SmsStatus=received&Body=Hi", {}, ("SM1:received", "message.received", "")),
        ("twilio", b"SmsSid=SM1&Body=", {}, ("SM1:received", "message.received", "")),
        ("twilio", b"CallSid=CA1&CallStatus=ringing&SequenceNumber=2", {}, ("CA1:2", "call.ringing", "")),
        ("twilio", b"CallSid=CA1&CallStatus=busy", {}, ("CA1:busy", "call.busy", "")),
        ("twilio", b"CallSid=CA1&CallStatus=in-progress&Digits=1", {"I_Twilio_Idempotency_Token": "tok"},
         ("tok", "call.in-progress", "")),
        ("sendgrid", [{"sg_event_id": "e1", "event": "open"}], {}, ("e1", "open", "")),
        ("mailgun", {"signature": {"token": "t"}, "event-data": {"id": "e1", "event": "failed"}}, {},
         ("e1", "failed", "")),
        ("mailgun", b"Message-Id=%3Cm%40x%3E&token=t", {}, ("<m@x>", "inbound", "")),
        ("postmark", {"RecordType": "Bounce", "ID": 42}, {}, ("Bounce:42", "Bounce", "")),
        ("ses", SES, {}, ("m-1", "Bounce", "arn:1")),
        ("ses", {**SES, "Type": "SubscriptionConfirmation"}, {}, ("m-1", "SubscriptionConfirmation", "arn:1")),
        ("ses", {**SES, "Message": "plain words"}, {}, ("m-1", "Notification", "arn:1")),
        ("tiktok", {"entry": [{"id": 7, "page_id": "p"}]}, {}, ("lead:7", "lead", "p")),
        ("linkedin", {"leadGenFormResponse": "urn:li:r:1", "leadAction": "DELETED",
                      "owner": {"sponsoredAccount": "urn:li:a:5"}}, {},
         ("lead:urn:li:r:1:DELETED", "lead.deleted", "urn:li:a:5")),
        ("linkedin", {"notifications": [{"notificationId": 9, "action": "COMMENT"}]}, {},
         ("notification:9", "social.comment", "")),
        ("shopify", {"id": 1}, {"X_Shopify_Webhook_Id": "w1", "X_Shopify_Topic": "orders/paid",
                                "X_Shopify_Shop_Domain": "a.myshopify.com"}, ("w1", "orders/paid", "a.myshopify.com")),
        ("stripe", {"id": "evt_1", "type": "invoice.paid", "account": "acct_1"}, {}, ("evt_1", "invoice.paid", "acct_1")),
        ("docusign", {"event": "envelope-completed", "generatedDateTime": "2026-11-22T09:00:00Z",
                      "data": {"envelopeId": "e", "accountId": "a"}}, {},
         ("e:envelope-completed:2026-11-22T09:00:00Z", "envelope-completed", "a")),
        ("dropbox_sign", b"json=" + json.dumps(SIGN).encode(), {}, ("ab:r1:s9", "signature_request_viewed", "acc")),
        ("calendly", {"event": "invitee.created", "payload": {"uri": "u"}}, {}, ("u:invitee.created", "invitee.created", "")),
        ("cal_com", {"triggerEvent": "BOOKING_PAID", "createdAt": "t", "payload": {"uid": "u"}}, {},
         ("u:BOOKING_PAID:t", "BOOKING_PAID", "")),
        ("standard_webhooks", {"type": "user.made"}, {"webhook_id": "msg_1"}, ("msg_1", "user.made", "")),
    ],
)  # fmt: skip
def test_what_the_provider_calls_it_is_its_key(key: str, body: Any, headers: dict[str, str], expected: Any) -> None:
    assert told(key, body, **headers) == [expected]


@pytest.mark.parametrize("key", [key for key in KNOWN if key not in ("twilio", "dropbox_sign", "ses")])
def test_without_an_id_other_content_has_another_key(key: str) -> None:
    def keys(body: dict[str, str]) -> list[str]:
        wrapped: Any = {
            "sendgrid": [body],
            "meta": {"entry": [{"changes": [{"value": body}]}]},
            "tiktok": {"entry": [body]},
        }
        return [each[0] for each in told(key, wrapped.get(key, {"event-data": body} if key == "mailgun" else body))]

    assert keys({"a": "1"}) == keys({"a": "1"}) != keys({"a": "2"})
    assert keys({"a": "1"})[0].startswith("sha256:") or key == "meta"


def test_docusigns_counting_of_tries_is_no_other_content() -> None:
    body = {"event": "envelope-sent", "data": {"envelopeId": "e"}, "generatedDateTime": "t"}

    def data(count: int) -> Any:
        delivery = Delivery("POST", "x", {}, json.dumps({**body, "retryCount": count}).encode())
        return frame.find("docusign").items(delivery)[0].data

    assert data(0) == data(3) == body


META = {
    "object": "page",
    "entry": [
        {"id": "P1", "time": 1700000000, "changes": [
            {"field": "leadgen", "value": {"leadgen_id": "44", "page_id": "P1", "created_time": 1700000001}},
            {"field": "feed", "value": {"item": "comment", "verb": "edited", "comment_id": "c1", "created_time": 5}},
        ]},
        {"id": "IG", "field": "comments", "value": {"id": "17", "text": "Nice"}},
        {"id": "P2", "changes": [{"field": "leadgen", "value": 5}]},
        "nonsense",
    ],
}  # fmt: skip


def test_metas_changes_are_parted_wherever_they_stand() -> None:
    items = frame.find("meta").items(Delivery("POST", "x", {}, json.dumps(META).encode()))

    assert [(item.key, item.kind, item.account, bool(item.problem)) for item in items[:3]] == [
        ("lead:44", "leadgen", "P1", False), ("comment:c1:edited:5", "feed", "P1", False),
        ("comment:17:add:0", "comments", "IG", False),
    ]  # fmt: skip
    assert [bool(item.problem) for item in items[3:]] == [True, True]
    assert items[0].occurred_at.isoformat() == "2023-11-14T22:13:21+00:00"
