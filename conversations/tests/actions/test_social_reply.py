"""An answer under a comment: once, through a real HTTP server."""

import json
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from conversations.actions.social_reply import LONGEST
from conversations.models import HttpGateway, Message
from conversations.tests.actions.test_email_send import action_of
from conversations.tests.social.page import listening, wrote
from triggers.models import Event, Run
from triggers.sweeping import drain
from triggers.tests import make

pytestmark = pytest.mark.django_db
REPLY = make.action("a1", "social.reply", text="Thank you, {{ contact.first_name }}!")


@pytest.fixture
def page(settings: Any, httpserver: HTTPServer) -> HTTPServer:
    """The network takes our answers at this server."""
    settings.OUTGOING_ALLOW_LOOPBACK = True
    HttpGateway.objects.create(
        name="Page", slug="page", url=httpserver.url_for("/answer"), id_path="id",
        body={"comment": "{{ to }}", "message": "{{ text }}"},
    )  # fmt: skip
    return httpserver


def answered(text: str = "Thank you, {{ contact.first_name }}!") -> Run:
    listening(make.action("a1", "social.reply", text=text))
    wrote()
    drain()
    return Run.objects.get()


def test_the_answer_stands_under_the_comment(page: HTTPServer) -> None:
    page.expect_oneshot_request("/answer", json={"comment": "c1", "message": "Thank you, Anna!"}).respond_with_data(
        json.dumps({"id": "c2"})
    )

    run = answered()

    assert (run.status, action_of(run).summary) == ("done", "Answered: “Thank you, Anna!”.")
    sent = Message.objects.get(direction="out")
    assert (sent.channel, sent.status, sent.provider_id, sent.gateway) == ("comment", "sent", "c2", "http:page")
    # The network tells us of it as well: nothing starts again.
    assert wrote("c2", author_id="editor").why == "It is our own comment."
    assert Event.objects.filter(type="social.facebook_comment").count() == 1


def test_a_refused_answer_fails_and_is_not_written_again(page: HTTPServer) -> None:
    page.expect_request("/answer").respond_with_data("gone", status=404)

    run = answered()

    assert run.status == "failed"
    assert len(page.log) == 1


@pytest.mark.parametrize(("text", "why"), [("{{ contact.city }}", "comes out empty"), ("x" * (LONGEST + 1), "2001")])
def test_what_cannot_be_written_is_told(page: HTTPServer, text: str, why: str) -> None:
    run = answered(text)

    assert why in action_of(run).error
    assert not page.log


def test_do_not_disturb_wins(page: HTTPServer) -> None:
    listening(REPLY)
    message = wrote().message
    assert message is not None
    message.contact.dnd = {"facebook": True}
    message.contact.save()

    drain()

    assert action_of(Run.objects.get()).status == "skipped"
    assert not page.log


def test_without_a_comment_there_is_nothing_to_answer() -> None:
    make.workflow(REPLY)
    make.tag(make.contact())
    drain()

    assert action_of(Run.objects.get()).error == "No comment started this run. Start the workflow by a comment."
