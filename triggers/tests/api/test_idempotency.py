"""Idempotency-Key: one effect, one answer, whatever is sent twice; and nothing kept of what had no effect."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient, APIRequestFactory

from triggers import services
from triggers.api.idempotency import fingerprint, once
from triggers.api.parsers import StrictJSONParser
from triggers.models import IdempotencyRecord, Workflow
from triggers.tests import make
from triggers.tests.api import calls
from triggers.tests.test_concurrency import at_once

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/workflows/"


def post(client: APIClient, key: str, body: Any = None, address: str = ADDRESS) -> Any:
    return client.post(address, body or {"name": "Welcome"}, HTTP_IDEMPOTENCY_KEY=key)


def test_a_repeat_gets_the_first_answer_and_does_nothing() -> None:
    client = calls.client()

    first, second = post(client, "k1"), post(client, "k1")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert (first.get("Idempotent-Replay"), second["Idempotent-Replay"]) == (None, "true")
    assert first["ETag"] == second["ETag"]
    assert Workflow.objects.count() == 1


def test_the_answer_stays_the_first_one_when_the_row_has_moved_on() -> None:
    client = calls.client()
    first = post(client, "k1")
    Workflow.objects.update(name="Renamed")

    assert post(client, "k1").json() == first.json()


def test_without_a_key_every_request_counts() -> None:
    client = calls.client()
    client.post(ADDRESS, {"name": "Welcome"})
    client.post(ADDRESS, {"name": "Welcome"})

    assert Workflow.objects.count() == 2
    assert IdempotencyRecord.objects.count() == 0


def test_the_key_for_another_body_is_refused() -> None:
    client = calls.client()
    post(client, "k1")

    refused = post(client, "k1", {"name": "Another"})

    assert (refused.status_code, refused.json()["type"]) == (422, "urn:concours:problem:key_reused")
    assert Workflow.objects.count() == 1


def test_the_key_for_another_address_is_refused() -> None:
    flow, client = make.workflow(), calls.client()
    post(client, "k1", {"reason": "x"}, f"{ADDRESS}{flow.pk}/pause/")

    assert post(client, "k1", {"reason": "x"}, f"{ADDRESS}{flow.pk}/publish/").status_code == 422


def test_the_same_body_in_another_order_is_the_same_body() -> None:
    client = calls.client()
    post(client, "k1", {"name": "Welcome", "folder": "A"})

    assert post(client, "k1", {"folder": "A", "name": "Welcome"})["Idempotent-Replay"] == "true"


def test_two_clients_may_use_the_same_key() -> None:
    user = make.user(is_superuser=True)
    answers = [post(calls.client(user=user), "k1") for _client in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert Workflow.objects.count() == 2


def test_a_refused_request_keeps_nothing_and_may_be_mended() -> None:
    client = calls.client()

    assert post(client, "k1", {"name": ""}).status_code == 400
    assert IdempotencyRecord.objects.count() == 0
    assert post(client, "k1", {"name": "Welcome"}).status_code == 201


def test_a_crash_leaves_neither_effect_nor_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    real = services.create

    def crash(*args: Any, **kwargs: Any) -> Workflow:
        real(*args, **kwargs)
        raise RuntimeError("power cut")

    client = calls.client()
    client.raise_request_exception = False
    monkeypatch.setattr(services, "create", crash)
    assert post(client, "k1").status_code == 500
    assert (Workflow.objects.count(), IdempotencyRecord.objects.count()) == (0, 0)
    monkeypatch.undo()

    assert post(client, "k1").status_code == 201
    assert Workflow.objects.count() == 1


def test_a_key_lives_for_a_day() -> None:
    client = calls.client()
    post(client, "k1")
    IdempotencyRecord.objects.update(created_at=timezone.now() - timedelta(hours=23, minutes=59))
    assert post(client, "k1")["Idempotent-Replay"] == "true"
    IdempotencyRecord.objects.update(created_at=timezone.now() - timedelta(hours=24))

    assert post(client, "k1", {"name": "Another"}).status_code == 201
    assert Workflow.objects.count() == 2


@pytest.mark.parametrize("key", ["", "x" * 121, "a\tb", "schlüssel"])
def test_a_key_that_cannot_be_kept_is_refused(key: str) -> None:
    refused = post(calls.client(), key)

    assert (refused.status_code, Workflow.objects.count()) == (400, 0)
    assert refused.json()["detail"].startswith("An Idempotency-Key has 1 to 120 printable ASCII characters")


def test_other_methods_take_no_notice_of_a_key() -> None:
    flow, client = make.workflow(), calls.client()

    for name in ("A", "B"):
        client.patch(f"{ADDRESS}{flow.pk}/", {"name": name}, HTTP_IDEMPOTENCY_KEY="k1")

    assert Workflow.objects.get().name == "B"
    assert IdempotencyRecord.objects.count() == 0


def test_an_answer_that_refuses_without_raising_is_not_kept() -> None:
    request = Request(APIRequestFactory().post("/", {}, format="json", HTTP_IDEMPOTENCY_KEY="k1"), [StrictJSONParser()])

    with transaction.atomic():
        once(request, "key:1", lambda: Response({}, 409))

    assert IdempotencyRecord.objects.count() == 0


def test_files_are_part_of_what_was_sent() -> None:
    def sent(content: bytes) -> Request:
        body = {"name": "list", "file": SimpleUploadedFile("a.csv", content)}
        return Request(APIRequestFactory().post("/", body, format="multipart"), [MultiPartParser()])

    first = sent(b"a,b\n1,2\n")

    assert fingerprint(first) == fingerprint(sent(b"a,b\n1,2\n"))
    assert fingerprint(first) != fingerprint(sent(b"a,b\n1,3\n"))
    assert first.data["file"].read() == b"a,b\n1,2\n"


@pytest.mark.django_db(transaction=True)
def test_requests_at_the_same_time_have_one_effect() -> None:
    client = calls.client()
    answers: list[Any] = []

    def send() -> None:
        mine = APIClient(HTTP_AUTHORIZATION=client.defaults["HTTP_AUTHORIZATION"])
        answers.append(post(mine, "k1"))

    at_once(*[send] * 6)

    assert Workflow.objects.count() == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len([a for a in answers if a.status_code == 201 and "Idempotent-Replay" not in a]) == 1


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's writers wait for one another")
@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_under_way_the_second_is_told_so() -> None:
    request = Request(APIRequestFactory().post("/", {}, format="json", HTTP_IDEMPOTENCY_KEY="k1"), [StrictJSONParser()])
    codes: list[str] = []

    def second() -> None:
        try:
            with transaction.atomic():
                once(request, "key:1", lambda: Response({}))
        except Exception as error:
            codes.append(error.default_code)  # type: ignore[attr-defined]

    def first() -> Response:
        at_once(second)
        return Response({})

    with transaction.atomic():
        once(request, "key:1", first)

    assert codes == ["in_flight"]
