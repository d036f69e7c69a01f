"""The picture and the links as mail programs, scanners and people ask for them."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations import following
from conversations.models import MailboxMail, Message
from conversations.tests.actions.test_email_send import started
from triggers.models import Event
from triggers.tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def sent(**values: Any) -> Message:
    return Message.objects.create(
        **{
            "contact": make.contact(), "direction": "out", "key": uuid4(), "status": "sent",
            "sent_at": timezone.now() - timedelta(hours=1), "to_address": "anna@example.org",
            "links": ["https://example.org/offer?a=1"], **values,
        }
    )  # fmt: skip


def path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def events() -> list[str]:
    return list(Event.objects.filter(type__startswith="email.").order_by("pk").values_list("type", flat=True))


def client(**headers: str) -> Client:
    return Client(enforce_csrf_checks=True, headers={"User-Agent": FIREFOX, **headers})


def test_the_picture_is_a_transparent_point_and_tells() -> None:
    message = sent()

    answer = client().get(path(following.opening_url(message.key)))

    assert (answer.status_code, answer["Content-Type"], len(answer.content)) == (200, "image/gif", 42)
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    assert events() == ["email.opened"]
    assert make.last_event("email.opened").data["machine"] is False


def test_a_link_leads_on_and_tells() -> None:
    message = sent()

    answer = client().get(path(following.click_url(message.key, 0)))

    assert (answer.status_code, answer["Location"]) == (302, "https://example.org/offer?a=1")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    assert make.last_event("email.clicked").data["url"] == "https://example.org/offer?a=1"


@pytest.mark.parametrize("headers", [{"Sec-Purpose": "prefetch"}, {"Purpose": "prefetch"}, {"X-Moz": "prefetch"}])
def test_what_is_fetched_ahead_tells_nothing(headers: dict[str, str]) -> None:
    message = sent()

    for url in (following.opening_url(message.key), following.click_url(message.key, 0)):
        assert client(**headers).get(path(url)).status_code in (200, 302)

    assert events() == []


def test_a_head_tells_nothing_and_other_methods_are_off() -> None:
    message = sent()

    for url in (following.opening_url(message.key), following.click_url(message.key, 0)):
        assert client().head(path(url)).status_code in (200, 302)
        for method in ("post", "put", "delete", "patch", "options"):
            assert getattr(client(), method)(path(url)).status_code in (403, 405)

    assert events() == []


def test_a_scanner_that_follows_every_link_is_told_as_a_program() -> None:
    message = sent(links=[f"https://example.org/{n}" for n in range(5)])

    for place in range(5):
        client(**{"User-Agent": "Barracuda Sentinel"}).get(path(following.click_url(message.key, place)))

    assert [event.data["machine"] for event in Event.objects.filter(type="email.clicked")] == [True] * 5


@pytest.mark.parametrize("page", ["/o/{}.gif", "/c/{}/"])
@pytest.mark.parametrize("token", ["x", "a:b", "%00", "..%2f", "0" * 32, "//evil.example", "é", "a" * 3000])
def test_a_forged_link_is_not_found(page: str, token: str) -> None:
    sent()

    assert client().get(page.format(token)).status_code in (404, 301)
    assert events() == []


def test_who_was_forgotten_is_told_of_no_more() -> None:
    message = sent()
    Message.objects.update(to_address="", links=[])

    assert client().get(path(following.opening_url(message.key))).status_code == 200
    assert client().get(path(following.click_url(message.key, 0))).status_code == 404
    assert events() == []


def test_a_mail_is_followed_only_where_its_action_says_so(mailbox: None) -> None:
    html = '<p>Hello <a href="https://example.org/{{ contact.first_name }}">look</a></p>'
    started(subject="Hello", html=html, track_opens=True, track_clicks=True)

    mail, message = MailboxMail.objects.get(), Message.objects.get()
    assert message.links == ["https://example.org/Anna"]
    assert following.opening_url(message.key) in mail.html
    assert following.click_url(message.key, 0) in mail.html
    assert "https://example.org/Anna" not in mail.html
    assert "/u/" in mail.html


def test_a_mail_is_left_alone_otherwise(mailbox: None) -> None:
    started(subject="Hello", html='<p><a href="https://example.org/">look</a></p>')

    mail = MailboxMail.objects.get()
    assert 'href="https://example.org/"' in mail.html
    assert "/o/" not in mail.html


def test_whatever_is_asked_for_breaks_nothing() -> None:
    visitor = client()

    @settings(max_examples=40, deadline=None)
    @given(st.text(max_size=60))
    def ask(noise: str) -> None:
        for page in ("/o/{}.gif", "/c/{}/"):
            assert visitor.get(page.format(quote(noise, errors="replace"))).status_code < 500

    ask()
