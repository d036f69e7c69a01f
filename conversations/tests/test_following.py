import re
from uuid import UUID

import pytest
from django.core.signing import BadSignature

from conversations import following, subscriptions
from conversations.models import Message
from triggers.tests import make

KEY = UUID("12345678123456781234567812345678")


def test_links_go_by_way_of_us_and_the_picture_stands_at_the_end() -> None:
    html = '<body><a class="b" href="https://example.org/?a=1&amp;b=2">One</a> <A HREF=\'http://x.de/\'>Two</A></body>'

    followed, links = following.followed(html, KEY, opens=True, clicks=True)

    assert links == ("https://example.org/?a=1&b=2", "http://x.de/")
    assert followed == (
        f'<body><a class="b" href="{following.click_url(KEY, 0)}">One</a> '
        f"<A HREF='{following.click_url(KEY, 1)}'>Two</A>"
        f'<img src="{following.opening_url(KEY)}" width="1" height="1" alt=""></body>'
    )


@pytest.mark.parametrize(
    "href",
    [
        "mailto:a@example.org", "#top", "javascript:alert(1)", "tel:+49", "", "//example.org", "/page", "https://",
        "http://[", "https://example.org/" + "a" * 2000, "data:text/html,x",
    ],
)  # fmt: skip
def test_what_is_no_link_to_a_page_stays(href: str) -> None:
    html = f'<a href="{href}">x</a>'

    assert following.followed(html, KEY, opens=False, clicks=True) == (html, ())


def test_the_way_out_stays_as_it_is() -> None:
    html = f'<a href="{subscriptions.unsubscribe_url(KEY)}">Unsubscribe</a>'

    assert following.followed(html, KEY, opens=False, clicks=True) == (html, ())


def test_nothing_is_followed_unless_asked() -> None:
    html = '<a href="https://example.org/">x</a>'

    assert following.followed(html, KEY, opens=False, clicks=False) == (html, ())
    assert following.followed("", KEY, opens=True, clicks=True) == ("", ())


def test_the_same_link_twice_is_one_and_beyond_the_limit_they_stay() -> None:
    html = "".join(f'<a href="https://example.org/{n % 250}">x</a>' for n in range(500))

    followed, links = following.followed(html, KEY, opens=False, clicks=True)

    assert len(links) == 200
    assert len(re.findall("/c/", followed)) == 400


@pytest.mark.parametrize("html", ["<a " * 20_000, '<a href="' * 20_000, '<a href="x' + "a" * 60_000])
def test_broken_markup_is_read_once(html: str) -> None:
    assert following.followed(html, KEY, opens=False, clicks=True) == (html, ())


@pytest.mark.django_db
def test_a_token_leads_to_its_message_and_link_alone() -> None:
    message = Message.objects.create(
        contact=make.contact(), direction="out", key=KEY, to_address="a@b.de", links=["https://example.org/"]
    )
    token = following.click_url(KEY, 0).split("/")[-2]

    assert following.clicked_message(token) == (message, "https://example.org/")
    assert following.clicked_message(following.click_url(KEY, 1).split("/")[-2]) == (message, "")
    for forged in (token[:-1], token.replace(".0", ".1"), "x", "", "12:34"):
        with pytest.raises(BadSignature):
            following.clicked_message(forged)
    with pytest.raises(BadSignature):
        following.opened_message(token)


@pytest.mark.django_db
def test_a_link_that_was_changed_in_the_database_leads_nowhere_but_to_a_page() -> None:
    Message.objects.create(
        contact=make.contact(), direction="out", key=KEY, to_address="a@b.de", links=["javascript:alert(1)"]
    )

    assert following.clicked_message(following.click_url(KEY, 0).split("/")[-2])[1] == ""
