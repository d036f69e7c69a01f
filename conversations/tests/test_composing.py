from uuid import UUID, uuid4

import pytest

from conversations.composing import answers_to, mail_of, message_id, plain_of, sender, with_footer
from conversations.models import MailAccount, Message
from conversations.subscriptions import unsubscribe_url
from triggers.models import Organisation

KEY = UUID("12345678123456781234567812345678")


def message(**values: object) -> Message:
    return Message(
        **{
            "key": KEY, "category": "marketing", "subject": "Hello", "text": "Hello Anna",
            "from_address": '"Clara" <clara@example.org>', "to_address": "anna@example.org",
            "message_id": message_id(KEY), **values,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://crm.example.org", f"<{KEY.hex}@crm.example.org>"),
        ("http://127.0.0.1:8000", f"<{KEY.hex}@127.0.0.1>"),
        ("http://[::1]:8000", f"<{KEY.hex}@[IPv6:::1]>"),
    ],
)
def test_the_message_id_follows_from_the_key(settings: object, url: str, expected: str) -> None:
    settings.PUBLIC_URL = url

    assert message_id(KEY) == expected


def test_marketing_carries_both_one_click_headers(settings: object) -> None:
    settings.PUBLIC_URL = "https://crm.example.org"

    mime = mail_of(message()).message()

    assert mime["List-Unsubscribe"] == f"<{unsubscribe_url(KEY)}>"
    assert mime["List-Unsubscribe"].startswith("<https://crm.example.org/u/1234567812345678")
    assert mime["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mime["Message-ID"] == f"<{KEY.hex}@crm.example.org>"


def test_folding_does_not_break_the_address_in_the_header() -> None:
    raw = mail_of(message()).message().as_bytes()

    assert f" <{unsubscribe_url(KEY)}>\n".encode() in raw


def test_transactional_mail_carries_none() -> None:
    mime = mail_of(message(category="transactional")).message()

    assert mime["List-Unsubscribe"] is None
    assert mime["List-Unsubscribe-Post"] is None


def test_reply_to_and_html_only_where_they_are_set() -> None:
    plain = mail_of(message()).message()
    rich = mail_of(message(html="<p>Hello</p>", reply_to="desk@example.org")).message()

    assert (plain["Reply-To"], plain.get_content_type()) == (None, "text/plain")
    assert (rich["Reply-To"], rich.get_content_type()) == ("desk@example.org", "multipart/alternative")


@pytest.mark.parametrize(
    ("asked_for", "organisation", "expected"),
    [
        ("desk@example.org", "house@example.org", "desk@example.org"),
        ("", "house@example.org", "house@example.org"),
        ("", "", "Concours <hello@example.org>"),
    ],
)
def test_the_nearest_sender_counts(asked_for: str, organisation: str, expected: str) -> None:
    assert sender(Organisation(sender=organisation), asked_for) == expected


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Hello <b>Anna</b>,</p><p>good&nbsp;day &amp; night</p>", "Hello Anna,\ngood day & night"),
        ("<head><title>x</title><style>p {color: red}</style></head><body>Hello<br>Anna</body>", "Hello\nAnna"),
        ("<script>alert(1)</script><ul><li>one</li><li>two</li></ul>", "one\ntwo"),
        ("a</p>\n\n\n\n\n<p>b", "a\n\nb"),
        ("", ""),
    ],
)
def test_html_without_a_text_part_gets_one(markup: str, text: str) -> None:
    assert plain_of(markup) == text


def test_the_footer_holds_the_postal_address_and_the_way_out() -> None:
    organisation = Organisation(postal_address="Example & Sons\n1 High Street")
    url = unsubscribe_url(KEY)

    text, html = with_footer("Hello\n", "<body><p>Hello</p></BODY >", organisation, KEY)

    assert text == f"Hello\n\n-- \nExample & Sons\n1 High Street\nUnsubscribe: {url}\n"
    assert html == (
        f'<body><p>Hello</p><hr><p>Example &amp; Sons<br>1 High Street<br><a href="{url}">Unsubscribe</a></p></BODY >'
    )


def test_without_a_postal_address_or_html_the_footer_is_the_way_out_alone() -> None:
    text, html = with_footer("Hello", "", Organisation(), KEY)

    assert text == f"Hello\n\n-- \nUnsubscribe: {unsubscribe_url(KEY)}\n"
    assert html == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("account", "address", "answers"),
    [
        ({}, "Desk <desk@example.org>", "desk+{key}@example.org"),
        ({}, "other@example.org", "other@example.org"),
        ({"plus_addressing": False}, "desk@example.org", "desk@example.org"),
        ({"active": False}, "desk@example.org", "desk@example.org"),
        ({}, "", ""),
    ],
)
def test_answers_go_to_an_address_with_the_key_where_we_read_that_mailbox(
    account: dict[str, object], address: str, answers: str
) -> None:
    key = uuid4()
    MailAccount.objects.create(
        **{"name": "D", "address": "Desk@example.org", "host": "h", "username": "u", "password": "p",
           "plus_addressing": True, **account}
    )  # fmt: skip

    assert answers_to(address, key) == answers.format(key=key.hex)
