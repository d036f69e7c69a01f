"""The frame around every view: who acts, one transaction, ETags and what is counted first."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory

from contacts.models import Contact
from triggers.api.views import ApiView, acting_for
from triggers.context import Acting, acting
from triggers.models import Event, IdempotencyRecord, Workflow
from triggers.tests import make
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db
seen: list[Acting] = []


class Contacts(ApiView):
    """Makes contacts as its body says."""

    permission_classes = [AllowAny]

    def get(self, request: Request) -> Response:
        seen.append(acting())
        return Response({"in_transaction": connection.in_atomic_block})

    def post(self, request: Request) -> Response:
        seen.append(acting())
        Contact.objects.create(first_name=request.data["name"])
        if request.data.get("then") == "refuse":
            raise ValidationError("no")
        return Response({}, 201)


def call(method: str = "post", body: Any = None, **extra: Any) -> Any:
    seen.clear()
    request = getattr(APIRequestFactory(), method)("/", body or {"name": "Anna"}, format="json", **extra)
    return Contacts.as_view()(request)


def test_events_carry_the_key_that_caused_them() -> None:
    client = calls.client(name="Shop")

    call(HTTP_AUTHORIZATION=client.defaults["HTTP_AUTHORIZATION"])

    event = Event.objects.get(type="contact.created")
    assert (event.actor, event.actor_id, event.origin) == ("api", f"Shop/{client.key.prefix}", "api")


def test_a_long_name_of_a_key_leaves_room_for_its_prefix() -> None:
    client = calls.client(name="x" * 80)

    call(HTTP_AUTHORIZATION=client.defaults["HTTP_AUTHORIZATION"])

    event = Event.objects.get(type="contact.created")
    assert event.actor_id == f"{'x' * 47}/{client.key.prefix}"


def test_a_session_acts_as_its_user_through_the_api() -> None:
    user = make.user(is_staff=True, is_superuser=True)
    client = calls.session(user)
    client.handler.enforce_csrf_checks = False
    key = {"HTTP_IDEMPOTENCY_KEY": "k1"}

    assert client.post("/api/v1/workflows/", {"name": "W"}, **key).status_code == 201

    request: Any = SimpleNamespace(auth=None, user=user)
    assert acting_for(request) == {"actor": "user", "actor_id": str(user.pk), "origin": "api"}
    assert IdempotencyRecord.objects.get().owner == f"user:{user.pk}"


def test_the_context_ends_with_the_request() -> None:
    call("get", HTTP_AUTHORIZATION=calls.client().defaults["HTTP_AUTHORIZATION"])

    assert (seen[0].actor, acting().actor) == ("api", "system")


def test_what_is_refused_half_way_is_undone_with_its_events() -> None:
    response = call(body={"name": "Anna", "then": "refuse"})

    assert response.status_code == 400
    assert (Contact.objects.count(), Event.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_reading_opens_no_transaction() -> None:
    assert call("get").data == {"in_transaction": False}


@pytest.mark.parametrize("method", ["put", "delete", "dispatch", "work", "initial", "finalize_response"])
def test_only_real_methods_reach_the_view(method: str) -> None:
    request = APIRequestFactory().generic(method.upper(), "/", b"{}", content_type="application/json")

    response = Contacts.as_view()(request)

    assert (response.status_code, response["Allow"]) == (405, "GET, POST, HEAD, OPTIONS")


def test_a_request_that_is_not_allowed_is_not_read_either() -> None:
    request = APIRequestFactory().put("/", b"{not json", content_type="application/json")

    assert Contacts.as_view()(request).status_code == 405


@pytest.mark.parametrize("name", ["workflows", "runs", "events", "misses", "destinations", "notices", "catalogue"])
def test_every_resource_says_what_it_takes(name: str) -> None:
    client = calls.client()

    assert client.options(f"/api/v1/{name}/").status_code == 200
    assert client.head(f"/api/v1/{name}/").content == b""


class TestETags:
    """If-Match on the workflows resource."""

    @pytest.fixture
    def address(self) -> str:
        return f"/api/v1/workflows/{make.workflow().pk}/"

    def test_reading_gives_the_tag_and_changing_gives_the_next(self, address: str) -> None:
        client = calls.client()
        read = client.get(address)

        changed = client.patch(address, {"name": "New"}, HTTP_IF_MATCH=read["ETag"])

        assert changed.status_code == 200
        assert changed["ETag"] != read["ETag"]
        assert client.get(address)["ETag"] == changed["ETag"]

    def test_what_somebody_else_changed_is_not_overwritten(self, address: str) -> None:
        client = calls.client()
        read = client.get(address)
        client.patch(address, {"folder": "Theirs"})

        refused = client.patch(address, {"folder": "Mine"}, HTTP_IF_MATCH=read["ETag"])

        assert (refused.status_code, refused.json()["type"]) == (412, "urn:concours:problem:changed")
        assert Workflow.objects.get().folder == "Theirs"

    def test_actions_and_deletes_are_checked_too(self, address: str) -> None:
        client = calls.client()

        assert client.post(f"{address}pause/", {}, HTTP_IF_MATCH='"old"').status_code == 412
        assert client.delete(address, HTTP_IF_MATCH='"old"').status_code == 412
        assert Workflow.objects.get().status == "live"

    @pytest.mark.parametrize(("wanted", "status"), [("*", 200), ('"x", {}', 200), ("W/{}", 412), ("", 412)])
    def test_if_match_is_read_as_rfc_9110_says(self, address: str, wanted: str, status: int) -> None:
        client = calls.client()
        tag = client.get(address)["ETag"]

        assert client.patch(address, {"name": "New"}, HTTP_IF_MATCH=wanted.format(tag)).status_code == status

    def test_an_action_answers_with_the_tag_of_what_it_made(self, address: str) -> None:
        client = calls.client()

        paused = client.post(f"{address}pause/")

        assert paused["ETag"] == client.get(address)["ETag"]
