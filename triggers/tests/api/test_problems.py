"""Problem documents: one shape for every refusal, and nothing told of our own faults."""

import json
from typing import Any

import pytest
from django.core import exceptions as django
from django.core.signals import got_request_exception
from django.db import DataError, IntegrityError, OperationalError
from django.http import Http404, RawPostDataException
from django.http.request import UnreadablePostError
from django.test import RequestFactory
from pydantic import BaseModel, ConfigDict
from rest_framework import exceptions as drf
from rest_framework.test import APIClient

from triggers.api.parsers import TooLarge
from triggers.api.problems import Changed, Conflict, answer, exception_handler, trouble
from triggers.context import act_as
from triggers.operations import NotNow
from triggers.problems import Invalid, Problem


def errors(exc: Exception) -> list[tuple[str, str, str]]:
    document = trouble(exc).document("/")
    return [(error["pointer"], error["field"], error["message"]) for error in document["errors"]]


def test_the_document_has_the_members_of_rfc_9457() -> None:
    request = RequestFactory().get("/api/v1/runs/")

    with act_as(request_id="abc"):
        response = exception_handler(Http404(), {"request": request})

    assert (response.status_code, response.content_type) == (404, "application/problem+json")
    assert response.data == {
        "type": "urn:concours:problem:not_found",
        "title": "Not found",
        "status": 404,
        "detail": "There is nothing at this address, or not any more.",
        "instance": "/api/v1/runs/",
        "request_id": "abc",
        "errors": [],
    }


class Config(BaseModel):
    model_config = ConfigDict(extra="forbid")

    days: int
    tags: list[str] = []


def pydantic_error() -> Exception:
    try:
        Config.model_validate({"days": "many", "tags": ["a", 1], "tagz": 1})
    except ValueError as error:
        return error
    raise AssertionError


@pytest.mark.parametrize(
    ("exc", "status", "code"),
    [
        (Invalid([Problem((), "no")]), 422, "refused"),
        (NotNow("no"), 409, "conflict"),
        (pydantic_error(), 400, "invalid"),
        (drf.ValidationError("no"), 400, "invalid"),
        (django.ValidationError("no"), 400, "invalid"),
        (Http404(), 404, "not_found"),
        (drf.NotFound(), 404, "not_found"),
        (django.PermissionDenied(), 403, "permission_denied"),
        (drf.PermissionDenied(), 403, "permission_denied"),
        (drf.NotAuthenticated(), 401, "not_authenticated"),
        (drf.AuthenticationFailed(), 401, "authentication_failed"),
        (drf.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (drf.NotAcceptable(), 406, "not_acceptable"),
        (drf.UnsupportedMediaType("text/xml"), 415, "unsupported_media_type"),
        (drf.Throttled(), 429, "throttled"),
        (drf.ParseError(), 400, "parse_error"),
        (TooLarge(10), 413, "too_large"),
        (Conflict("no"), 409, "conflict"),
        (Changed(), 412, "changed"),
        (django.RequestDataTooBig(), 413, "too_large"),
        (django.TooManyFieldsSent(), 400, "bad_request"),
        (UnreadablePostError(), 400, "bad_request"),
        (DataError(), 400, "invalid"),
        (IntegrityError(), 409, "conflict"),
        (OperationalError(), 503, "busy"),
        (drf.APIException(), 500, "fault"),
        (RawPostDataException(), 500, "fault"),
        (KeyError("x"), 500, "fault"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_every_exception_has_its_status_and_code(exc: Exception, status: int, code: str) -> None:
    found = trouble(exc)

    assert (found.status, found.code) == (status, code)
    assert found.detail


def test_a_service_that_refuses_tells_each_place() -> None:
    exc = Invalid([Problem(("actions", 0, "config", "subject"), "Enter text."), Problem(("a/b~c",), "No.")])

    assert errors(exc) == [
        ("#/actions/0/config/subject", "actions[0].config.subject", "Enter text."),
        ("#/a~1b~0c", "a/b~c", "No."),
    ]
    assert trouble(exc).detail == "2 things are wrong; see errors."


def test_a_single_error_is_told_in_the_detail() -> None:
    assert trouble(Invalid([Problem(("name",), "This is required.")])).detail == "name: This is required."
    assert trouble(NotNow("This run has ended already.")).detail == "This run has ended already."


def test_pydantic_errors_are_told_in_our_words() -> None:
    assert errors(pydantic_error()) == [
        ("#/days", "days", "Enter a whole number, for example 3."),
        ("#/tags/1", "tags[1]", "Enter text."),
        ("#/tagz", "tagz", "There is no such setting here; remove it or check its spelling."),
    ]


def test_where_nothing_was_sent_a_pydantic_error_is_a_fault_of_ours() -> None:
    assert trouble(pydantic_error(), RequestFactory().post("/")).status == 400
    assert trouble(pydantic_error(), RequestFactory().get("/")).status == 500


def test_errors_of_serializers_keep_their_places() -> None:
    exc = drf.ValidationError(
        {
            "name": ["This field is required."],
            "rows": [{}, {"email": ["Enter a valid email address.", "Too long."]}],
            "tags": {0: ["Not a valid string."]},
            "non_field_errors": ["The two dates are the wrong way round."],
            "owner": {"non_field_errors": ["Gone."]},
        }
    )

    assert errors(exc) == [
        ("#/name", "name", "This field is required."),
        ("#/rows/1/email", "rows[1].email", "Enter a valid email address."),
        ("#/rows/1/email", "rows[1].email", "Too long."),
        ("#/tags/0", "tags[0]", "Not a valid string."),
        ("#", "", "The two dates are the wrong way round."),
        ("#/owner", "owner", "Gone."),
    ]


def test_errors_of_models_keep_their_places() -> None:
    assert errors(django.ValidationError({"email": ["Wrong."], "__all__": ["Both are set."]})) == [
        ("#/email", "email", "Wrong."),
        ("#", "", "Both are set."),
    ]
    assert errors(django.ValidationError("“%(zone)s” is no time zone.", params={"zone": "X"})) == [
        ("#", "", "“X” is no time zone.")
    ]


@pytest.mark.parametrize(("wait", "told"), [(0.2, "1"), (None, "1"), (59.2, "60")])
def test_who_is_throttled_is_told_when_to_come_back(wait: float | None, told: str) -> None:
    assert trouble(drf.Throttled(wait)).headers == {"Retry-After": told}


def test_a_fault_of_ours_is_logged_and_not_told(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[Any] = []
    got_request_exception.connect(lambda request, **_: heard.append(request), weak=False, dispatch_uid="test")
    request = RequestFactory().get("/api/v1/runs/")
    try:
        with act_as(request_id="abc"):
            response = exception_handler(RuntimeError("password=s3cret"), {"request": request})
    finally:
        got_request_exception.disconnect(dispatch_uid="test")

    assert response.status_code == 500
    assert "s3cret" not in json.dumps(response.data)
    assert response.data["detail"] == "Something broke on our side. It is logged under this request_id."
    assert "request abc broke" in caplog.text
    assert "password=s3cret" in caplog.text
    assert heard == [request]


def test_plain_views_answer_the_same() -> None:
    response = answer(TooLarge(10), RequestFactory().post("/in/token/"))

    assert (response.status_code, response["Content-Type"]) == (413, "application/problem+json")
    assert json.loads(response.content)["instance"] == "/in/token/"


def test_a_wrong_address_below_the_api_is_a_problem_document_too() -> None:
    response = APIClient(enforce_csrf_checks=True).post("/api/v1/nothing/", {})

    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
    assert response.json()["instance"] == "/api/v1/nothing/"
