import pytest

from conversations.inbound import reports
from conversations.inbound.mail import read


def bounce(
    message_id: str = "<1@crm.example.org>", status: str = "5.1.1", action: str = "failed",
    receiver: str = "anna@example.org", headers_only: bool = False,
) -> bytes:  # fmt: skip
    """A report as Postfix writes it (RFC 3464, with the mail it is about)."""
    enclosed = "text/rfc822-headers" if headers_only else "message/rfc822"
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: desk@crm.example.org
Subject: Undelivered Mail Returned to Sender
Message-ID: <20270310.{status}.{action}@mx.example.org>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="B"

--B
Content-Type: text/plain

Your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
X-Postfix-Queue-ID: 3F2

Final-Recipient: rfc822; {receiver}
Original-Recipient: rfc822;{receiver}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} <{receiver}>: Recipient address rejected

--B
Content-Type: {enclosed}

From: desk@crm.example.org
Message-ID: {message_id}
Subject: Hello

{"" if headers_only else "Hello"}
--B--
""".replace("\n", "\r\n").encode()


@pytest.mark.parametrize("headers_only", [True, False])
def test_a_report_names_the_mail_the_receiver_and_the_reason(headers_only: bool) -> None:
    report = reports.read(read(bounce(headers_only=headers_only)).mime)

    assert report == reports.Report(
        original_ids=("<1@crm.example.org>",), receiver="anna@example.org", action="failed", code="5.1.1",
        text="550 5.1.1 <anna@example.org>: Recipient address rejected", lasting=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("status", "action", "lasting"),
    [("5.1.1", "failed", True), ("5.2.2", "failed", False), ("4.4.1", "delayed", False), ("2.0.0", "delivered", False)],
)
def test_only_a_failure_that_concerns_the_address_lasts(status: str, action: str, lasting: bool) -> None:
    report = reports.read(read(bounce(status=status, action=action)).mime)

    assert (report.action, report.code, report.lasting) == (action, status, lasting)


def test_an_ordinary_mail_is_no_report() -> None:
    assert reports.read(read(b"From: a@b.de\r\n\r\nHello").mime) is None
