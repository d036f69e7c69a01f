"""Meta's lead ads from the delivery to the workflow's event, with a Graph API that is a real HTTP server."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from contacts.models import Contact
from providers.frame import Later
from providers.meta import leads
from providers.models import Connection, ProviderDelivery
from providers.receiving import take_in
from providers.tests import make, signers
from providers.tests.signers import NOW, hmac_of
from triggers import sweeping
from triggers.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_now")]
LEAD = {
    "id": "44", "created_time": "2026-11-22T08:59:00+0000", "form_id": "F1", "ad_id": "A1", "adset_id": "G1",
    "campaign_id": "C1", "is_organic": False, "platform": "fb",
    "field_data": [
        {"name": "email", "values": ["ada@example.org"]}, {"name": "full_name", "values": ["Ada Lovelace"]},
        {"name": "topics", "values": ["maps", "mail"]}, {"name": "", "values": ["x"]}, {"name": "empty", "values": []}, 5,
    ],
}  # fmt: skip


@pytest.fixture
def graph(httpserver: HTTPServer, settings) -> HTTPServer:
    settings.OUTGOING_ALLOW_LOOPBACK = settings.OUTGOING_ALLOW_HTTP = True
    settings.META_GRAPH_URL = httpserver.url_for("/v26.0")
    return httpserver


@pytest.fixture
def page() -> Connection:
    secrets = {"app_secret": "8Zk-current-secret", "verify_token": "v", "page_token": "EAAB-token"}
    return make.connection("meta", secrets=secrets, account_id="P1")


def delivered(connection: Connection, *lead_ids: str, page_id: str = "P1") -> None:
    changes = [
        {
            "field": "leadgen",
            "value": {"leadgen_id": lead_id, "page_id": page_id, "form_id": "F1", "created_time": 1795338000},
        }
        for lead_id in lead_ids
    ]
    body = json.dumps({"object": "page", "entry": [{"id": page_id, "time": 1795338000, "changes": changes}]}).encode()
    assert make.send(connection, signers.by_name["meta"].delivery(body=body)).status_code == 200


def told() -> list[Event]:
    return list(Event.objects.filter(type__startswith="lead_form.").order_by("pk"))


def row() -> ProviderDelivery:
    return ProviderDelivery.objects.get()


def test_a_lead_is_fetched_and_told(graph: HTTPServer, page: Connection) -> None:
    graph.expect_oneshot_request("/v26.0/44").respond_with_json(LEAD)
    delivered(page, "44")

    sweeping.drain(NOW)

    [event], contact = told(), Contact.objects.get()
    assert (event.type, event.contact_id, contact.email) == (
        "lead_form.facebook_submitted",
        contact.pk,
        "ada@example.org",
    )
    assert {name: event.data[name] for name in ("lead_id", "form_id", "page_id", "campaign_id", "adgroup_id", "ad_id")} == {
        "lead_id": "44", "form_id": "F1", "page_id": "P1", "campaign_id": "C1", "adgroup_id": "G1", "ad_id": "A1",
    }  # fmt: skip
    assert event.data["answers"]["topics"] == ["maps", "mail"]
    assert event.occurred_at == NOW - timedelta(minutes=1)
    assert (row().status, row().contact_id, row().event_id) == ("done", contact.pk, event.pk)


def test_graph_is_asked_with_the_token_and_the_proof_that_it_is_the_app(graph: HTTPServer, page: Connection) -> None:
    graph.expect_oneshot_request("/v26.0/44").respond_with_json(LEAD)
    delivered(page, "44")

    sweeping.drain(NOW)

    request, _answer = graph.log[0]
    assert request.headers["Authorization"] == "Bearer EAAB-token"
    assert request.args["appsecret_proof"] == hmac_of("8Zk-current-secret", b"EAAB-token").hex()
    assert "field_data" in request.args["fields"]
    assert "EAAB" not in request.url


def test_a_lead_of_instagram_is_told_as_one(graph: HTTPServer, page: Connection) -> None:
    graph.expect_request("/v26.0/44").respond_with_json({**LEAD, "platform": "ig"})
    delivered(page, "44")

    sweeping.drain(NOW)

    assert [event.type for event in told()] == ["lead_form.instagram_submitted"]


def test_graph_that_fails_is_asked_again_and_the_lead_told_once(graph: HTTPServer, page: Connection) -> None:
    answers = [Response("{}", 500), Response("{}", 503, {"Retry-After": "600"}), Response(json.dumps(LEAD))]
    graph.expect_request("/v26.0/44").respond_with_handler(lambda _request: answers.pop(0))
    delivered(page, "44")

    waits = []
    moment = NOW
    while row().due_at:
        sweeping.drain(moment)
        waits.append(row().due_at and row().due_at - moment)
        moment = row().due_at or moment

    assert waits == [timedelta(seconds=30), timedelta(seconds=600), None]
    assert (len(told()), row().tries, row().status) == (1, 3, "done")
    page.refresh_from_db()
    assert page.last_error.endswith("answered 503. {}")


@pytest.mark.parametrize(
    ("status", "error"), [(400, 190), (400, 102), (400, 10), (400, 4), (400, 613), (401, 190), (403, 200)]
)
def test_a_refused_token_or_a_limit_has_patience(graph: HTTPServer, page: Connection, status: int, error: int) -> None:
    graph.expect_request("/v26.0/44").respond_with_json({"error": {"code": error, "message": "No."}}, status=status)
    delivered(page, "44")

    sweeping.drain(NOW)

    assert (row().status, row().due_at) == ("waiting", NOW + timedelta(hours=1))
    assert not told()


def test_a_lead_graph_does_not_know_waits_for_a_person(graph: HTTPServer, page: Connection) -> None:
    graph.expect_request("/v26.0/44").respond_with_json(
        {"error": {"code": 100, "message": "No such object"}}, status=400
    )
    delivered(page, "44")

    sweeping.drain(NOW)

    assert (row().status, row().due_at, "No such object" in row().error) == ("quarantined", None, True)


def test_without_a_page_token_the_lead_waits_for_one(graph: HTTPServer) -> None:
    connection = make.connection("meta")
    delivered(connection, "44")

    sweeping.drain(NOW)

    assert (row().due_at, row().error.partition(":")[0]) == (NOW + timedelta(hours=1), "Enter the page access token")


@pytest.mark.parametrize("lead_id", ["../me", "44/../../x", "44?access_token=x", "x" * 40])
def test_an_id_that_is_no_number_is_never_part_of_an_address(graph: HTTPServer, page: Connection, lead_id: str) -> None:
    delivered(page, lead_id)

    sweeping.drain(NOW)

    assert (row().status, graph.log) == ("quarantined", [])


def test_a_bad_lead_in_a_batch_does_not_hold_up_the_others(graph: HTTPServer, page: Connection) -> None:
    def answer(request: Request) -> Response:
        number = request.path.rpartition("/")[2]
        if number == "3":
            return Response("broken", 500)
        data = [{"name": "email", "values": [f"lead{number}@example.org"]}]
        return Response(json.dumps({**LEAD, "id": number, "field_data": data}))

    graph.expect_request(re.compile("/v26.0/.*")).respond_with_handler(answer)
    delivered(page, *map(str, range(8)))

    sweeping.drain(NOW)

    assert sorted(event.data["lead_id"] for event in told()) == ["0", "1", "2", "4", "5", "6", "7"]
    assert ProviderDelivery.objects.get(status="waiting").dedupe_key == "lead:3"


def test_a_lead_of_another_page_is_not_fetched(graph: HTTPServer, page: Connection) -> None:
    delivered(page, "44", page_id="P9")

    sweeping.drain(NOW)

    assert (row().status, graph.log) == ("ignored", [])


def test_the_same_lead_in_two_deliveries_is_told_once(graph: HTTPServer, page: Connection) -> None:
    graph.expect_request("/v26.0/44").respond_with_json(LEAD)
    delivered(page, "44")
    delivered(page, "44", "44")

    sweeping.drain(NOW)

    assert (len(told()), len(graph.log)) == (1, 1)


@pytest.mark.parametrize("value", [None, 5, [], {}, {"leadgen_id": None}, {"leadgen_id": 44, "created_time": "never"}])
def test_whatever_stands_in_a_change_breaks_nothing(graph: HTTPServer, page: Connection, value: Any) -> None:
    graph.expect_request("/v26.0/44").respond_with_json({"field_data": {"name": 1}, "created_time": []})
    body = json.dumps({"entry": [{"id": "P1", "changes": [{"field": "leadgen", "value": value}]}]}).encode()
    take_in(page, make.Delivery("POST", "x", {}, body), NOW)

    sweeping.drain(NOW)

    assert row().status in ("quarantined", "done")
    assert "fault" not in row().error


def test_the_test_button_asks_whose_token_it_is(graph: HTTPServer, page: Connection) -> None:
    graph.expect_oneshot_request("/v26.0/me").respond_with_json({"id": "P1", "name": "Analytical Engines"})
    assert page.kind.test(page, NOW) == "Meta knows the token: it is for “Analytical Engines”."

    graph.expect_oneshot_request("/v26.0/me").respond_with_json({"error": {"code": 190}}, status=400)
    with pytest.raises(Later):
        page.kind.test(page, NOW)
    assert leads.answers(None) == {}
