"""Comments from Meta's delivery to the workflow's answer, with a Graph API that is a real HTTP server."""

import json
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from conversations.models import Message
from conversations.tests.social.page import listening
from providers.models import Connection, ProviderDelivery
from providers.tests import make, signers
from providers.tests.signers import hmac_of
from triggers import sweeping
from triggers.models import ActionRun, Event, Run
from triggers.tests import make as engine

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_now")]
FACEBOOK = {
    "item": "comment", "verb": "add", "comment_id": "P1_9", "post_id": "P1_1", "parent_id": "P1_1",
    "from": {"id": "anna", "name": "Anna Schmidt"}, "message": "How much is it?", "created_time": 1795338000,
    "post": {"permalink_url": "https://facebook.com/p/1"},
}  # fmt: skip
INSTAGRAM = {
    "id": "179", "text": "Nice!", "from": {"id": "ben", "username": "ben.b"}, "media": {"id": "M1", "media_product_type": "FEED"},
}  # fmt: skip


@pytest.fixture
def graph(httpserver: HTTPServer, settings) -> HTTPServer:
    settings.OUTGOING_ALLOW_LOOPBACK = settings.OUTGOING_ALLOW_HTTP = True
    settings.META_GRAPH_URL = httpserver.url_for("/v26.0")
    return httpserver


@pytest.fixture
def page() -> Connection:
    return make.connection(
        "meta", secrets={"app_secret": "8Zk-current-secret", "verify_token": "v", "page_token": "EAAB-token"}
    )


def told(connection: Connection, value: Any, field: str = "feed", page_id: str = "P1", *, flat: bool = False) -> None:
    change = {"field": field, "value": value}
    entry = {"id": page_id, "time": 1795338000, **(change if flat else {"changes": [change]})}
    body = json.dumps({"object": "page" if field == "feed" else "instagram", "entry": [entry]}).encode()
    assert make.send(connection, signers.by_name["meta"].delivery(body=body)).status_code == 200
    sweeping.drain()


def events() -> list[Event]:
    return list(Event.objects.filter(type__startswith="social.").order_by("pk"))


def test_a_comment_on_facebook_is_told(page: Connection) -> None:
    told(page, FACEBOOK)

    [event], message = events(), Message.objects.get()
    assert (event.type, message.channel, message.text, message.gateway) == (
        "social.facebook_comment", "comment", "How much is it?", f"meta:{page.pk}",
    )  # fmt: skip
    assert {name: event.data[name] for name in ("comment_id", "page_id", "post_id", "author", "first_level", "permalink")} == {
        "comment_id": "P1_9", "page_id": "P1", "post_id": "P1_1", "author": "Anna Schmidt", "first_level": True,
        "permalink": "https://facebook.com/p/1",
    }  # fmt: skip
    assert ProviderDelivery.objects.get().event_id == event.pk


@pytest.mark.parametrize("flat", [False, True], ids=["in changes", "in the entry"])
@pytest.mark.parametrize("field", ["comments", "live_comments"])
def test_a_comment_on_instagram_is_told_in_either_shape(page: Connection, field: str, flat: bool) -> None:
    told(page, INSTAGRAM, field, "IG", flat=flat)

    [event] = events()
    assert (event.type, event.data["comment_id"], event.data["page_id"], event.data["post_id"]) == (
        "social.instagram_comment", "179", "IG", "M1",
    )  # fmt: skip


def test_an_answer_to_a_comment_is_not_on_the_first_level(page: Connection) -> None:
    told(page, {**FACEBOOK, "parent_id": "P1_8"})
    told(page, {**INSTAGRAM, "parent_id": "178"}, "comments", "IG")

    assert [event.data["first_level"] for event in events()] == [False, False]


def test_our_own_comments_start_nothing(page: Connection) -> None:
    told(page, {**FACEBOOK, "from": {"id": "P1", "name": "Us"}})
    told(page, {**INSTAGRAM, "from": {"id": "x", "username": "us", "self_ig_scoped_id": "y"}}, "comments", "IG")
    told(page, {**INSTAGRAM, "id": "180", "from": {"id": "IG", "username": "us"}}, "comments", "IG")

    assert events() == []
    assert set(ProviderDelivery.objects.values_list("status", "error")) == {("ignored", "It is our own comment.")}


def test_an_edited_comment_is_changed_and_a_removed_one_emptied(page: Connection) -> None:
    told(page, FACEBOOK)

    told(page, {**FACEBOOK, "verb": "edited", "message": "How much are two?"})
    assert Message.objects.get().text == "How much are two?"
    told(page, {**FACEBOOK, "verb": "remove", "message": None})
    assert Message.objects.get().text == ""
    told(page, {**FACEBOOK, "verb": "hide"})

    assert len(events()) == 1


def test_likes_and_posts_are_kept_and_not_acted_on(page: Connection) -> None:
    told(page, {"item": "like", "verb": "add", "post_id": "P1_1"})

    assert ProviderDelivery.objects.get().status == "ignored"


@pytest.mark.parametrize("value", [{"item": "comment"}, {**FACEBOOK, "from": None}, {**FACEBOOK, "from": []},
                                   {**FACEBOOK, "message": 5}, {**FACEBOOK, "post": "x"}])  # fmt: skip
def test_whatever_a_comment_lacks_breaks_nothing(page: Connection, value: Any) -> None:
    told(page, value)

    assert "fault" not in ProviderDelivery.objects.get().error


@pytest.mark.parametrize(
    ("value", "field", "path"),
    [(FACEBOOK, "feed", "/v26.0/P1_9/comments"), (INSTAGRAM, "comments", "/v26.0/179/replies")],
)
def test_a_workflow_answers_once_under_the_comment(
    graph: HTTPServer, page: Connection, value: Any, field: str, path: str
) -> None:
    graph.expect_oneshot_request(path, method="POST").respond_with_json({"id": "P1_10"})
    network = "facebook" if field == "feed" else "instagram"
    listening(engine.action("a1", "social.reply", text="Thank you!"), network=network)

    told(page, value, field)

    graph.check()
    request, _answer = graph.log[0]
    assert request.headers["Authorization"] == "Bearer EAAB-token"
    assert dict(request.form) == {
        "message": "Thank you!", "appsecret_proof": hmac_of("8Zk-current-secret", b"EAAB-token").hex(),
    }  # fmt: skip
    sent = Message.objects.get(direction="out")
    assert (Run.objects.get().status, sent.status, sent.provider_id) == ("done", "sent", "P1_10")
    # Meta tells us of it as well, perhaps as somebody else's.
    told(
        page,
        {**value, "comment_id": "P1_10", "id": "P1_10", "from": {"id": "editor", "name": "E", "username": "e"}},
        field,
    )
    assert (len(events()), len(graph.log)) == (1, 1)


def test_a_refused_answer_says_why(graph: HTTPServer, page: Connection) -> None:
    refusal = {"error": {"code": 100, "message": "There is no such comment"}}
    graph.expect_request("/v26.0/P1_9/comments").respond_with_json(refusal, status=400)
    listening(engine.action("a1", "social.reply", text="Thank you!"))

    told(page, FACEBOOK)

    sent = Message.objects.get(direction="out")
    assert (sent.status, len(graph.log)) == ("failed", 1)
    assert "There is no such comment" in ActionRun.objects.get().error


@pytest.mark.parametrize(("code", "status"), [(190, "held"), (200, "held"), (4, "pending"), (613, "pending")])
def test_a_refused_token_holds_and_a_limit_waits(graph: HTTPServer, page: Connection, code: int, status: str) -> None:
    graph.expect_request("/v26.0/P1_9/comments").respond_with_json({"error": {"code": code}}, status=400)
    listening(engine.action("a1", "social.reply", text="Thank you!"))

    told(page, FACEBOOK)

    assert (Run.objects.get().status, len(graph.log)) == (status, 1)


def test_without_a_token_the_answer_waits_for_one(graph: HTTPServer) -> None:
    connection = make.connection("meta")
    listening(engine.action("a1", "social.reply", text="Thank you!"))

    told(connection, FACEBOOK)

    assert (Run.objects.get().status, graph.log) == ("held", [])
