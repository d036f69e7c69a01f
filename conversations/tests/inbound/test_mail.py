"""Mails as they come, odd ones too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.inbound import mail as mails
from conversations.inbound import reports

LETTER = b"""From: =?utf-8?q?Anna_Schm=C3=BCdt?= <Anna@Example.org>
To: "Desk" <desk+0123456789abcdef0123456789abcdef@crm.example.org>
Subject: Re:
 Hello
Message-ID: <m1@example.org>
In-Reply-To: <a@crm.example.org>
References: <x@crm.example.org> <y@crm.example.org>
Content-Type: text/plain; charset=utf-8

Yes, please

On Mon, 1 Mar 2027 at 10:00, Clara <desk@crm.example.org> wrote:
> Reply NO if you do not want it.
"""


def test_a_letter_is_read() -> None:
    mail = mails.read(LETTER)

    assert (mail.from_name, mail.from_address) == ("Anna Schmüdt", "Anna@Example.org")
    assert mail.to_address == "desk+0123456789abcdef0123456789abcdef@crm.example.org"
    assert (mail.subject, mail.message_id) == ("Re: Hello", "<m1@example.org>")
    assert mail.answers == ("<a@crm.example.org>", "<y@crm.example.org>", "<x@crm.example.org>")
    assert mail.answers_key == "0123456789abcdef0123456789abcdef"
    assert mail.said == "Yes, please"
    assert "Reply NO" in mail.text
    assert not mail.is_automatic


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Yes", "Yes"),
        ("> all of it quoted", "> all of it quoted"),
        ("Ja\n\nAm 1. März 2027 um 10:00 schrieb Clara <c@example.org>:\n> Hallo", "Ja"),
        ("Oui\n\nLe 1 mars 2027, Clara a écrit :\n> Salut", "Oui"),
        ("Yes\n\nOn Mon, 1 Mar 2027 at 10:00, Clara Long Name\n<clara@example.org> wrote:\n> Hi", "Yes"),
        ("Sure\n-----Original Message-----\nFrom: Clara", "Sure"),
        ("Sure\n________________________________\nFrom: Clara", "Sure"),
        ("One\n> quoted\nTwo", "One\nTwo"),
        ("On Monday I can come: yes", "On Monday I can come: yes"),
        ("", ""),
    ],
)
def test_what_a_mail_quotes_is_left_out(text: str, said: str) -> None:
    assert mails.without_quotes(text) == said


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied", "Precedence: bulk", "X-Autoreply: yes", "List-Id: <l.example.org>",
        "Return-Path: <>", "From: MAILER-DAEMON@example.org", "From: no-reply@example.org",
    ],
)  # fmt: skip
def test_what_a_program_wrote_shows(header: str) -> None:
    assert mails.read(f"{header}\r\n\r\nI am away".encode()).is_automatic


@pytest.mark.parametrize("header", ["Auto-Submitted: no", "Precedence: first-class", "Return-Path: <a@b.de>"])
def test_what_a_person_wrote_shows_as_well(header: str) -> None:
    assert not mails.read(f"From: a@b.de\r\n{header}\r\n\r\nHello".encode()).is_automatic


def test_html_alone_is_read_as_text() -> None:
    mail = mails.read(b"Content-Type: text/html\r\n\r\n<p>Yes<br>please</p><script>alert(1)</script>")

    assert mail.text == "Yes\nplease"


def test_an_attachment_is_not_the_text() -> None:
    raw = (
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n'
        b"Content-Disposition: attachment\r\n\r\nA file\r\n--b\r\nContent-Type: text/plain\r\n\r\nThe text\r\n--b--"
    )

    assert mails.read(raw).text == "The text"


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\x00\xff\xfe", b"From: =?no-such-charset?q?=41?= <a@b.de>\r\n\r\nHi", b"Subject: =?utf-8?b?###?=\r\n\r\n",
        b"Content-Type: text/plain; charset=no-such\r\n\r\nHi \xff", b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!!", b"From: " + b"a" * 100_000,
        b"Content-Type: multipart/report; report-type=delivery-status\r\n\r\n",
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\n" * 5000,
        b"Message-ID: " + b"<" * 50_000, b"To: " + b'"' * 5000 + b"\r\n\r\n",
    ],
)  # fmt: skip
def test_odd_bytes_are_read_without_an_error(raw: bytes) -> None:
    mail = mails.read(raw)

    assert "\x00" not in mail.text + mail.subject
    reports.read(mail.mime)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_an_error(noise: bytes) -> None:
    for raw in (noise, LETTER[:200] + noise, b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n" + noise):
        reports.read(mails.read(raw).mime)
