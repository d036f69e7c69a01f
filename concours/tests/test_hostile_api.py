"""Every operation of every app with what nobody would send: refused in words, never a fault of ours (T37).

A sample of it each time, all of it at night. The engine's own are gone through in `triggers/tests/api/test_hostile.py`.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from rest_framework.test import APIClient

from capture.models import Site, TriggerLink
from capture.tests import make as capture
from concours import demonstration
from concours.api import router
from conversations.models import Message
from providers.tests import make as providers
from triggers.tests.api import hostile
from triggers.tests.api.test_hostile import OURS

pytestmark = pytest.mark.django_db
SAMPLE = 200
SIZES = pytest.mark.parametrize("size", [SAMPLE, pytest.param(None, marks=pytest.mark.nightly)], ids=["pr", "nightly"])
Case = tuple[str, str, Any]


@pytest.fixture
def client() -> APIClient:
    """One who may do everything, in a house where everything has a row."""
    demonstration.ensure()
    connection = providers.connection("tiktok")
    connection.deliveries.create(dedupe_key="1", digest="1", status="failed", error="Given up.", data={"id": "1"})
    capture.form("Visit", {"label": "Email", "kind": "email", "maps_to": "email"})
    TriggerLink.objects.create(name="Offer", destination="https://example.com")
    Site.objects.create(key="shop", name="Shop", allowed_origins=["https://example.com"])
    Message.objects.create(contact_id=_first("contacts"), direction="in", channel="sms", text="Yes", status="received")
    boss = get_user_model()._default_manager.create(username="boss", is_staff=True, is_superuser=True)
    made = APIClient()
    made.force_login(boss)
    return made


def theirs(resource: str) -> bool:
    return resource not in (*OURS, "schema", "docs", "")


def _first(prefix: str) -> int:
    """The first row of a resource."""
    [view] = [view for name, view, _base in router().registry if name == prefix]
    found = view.queryset.model._default_manager.order_by("pk").first()
    return int(found.pk) if found is not None else 1


def address(path: str) -> str:
    """The path with a row that is there in it."""
    names = sorted((name for name, _view, _base in router().registry), key=len, reverse=True)
    prefix = next((name for name in names if path.startswith(f"/api/v1/{name}/")), "")
    return re.sub(r"\{[a-z_]+\}", lambda _found: str(_first(prefix)), path) if "{" in path else path


def tried(cases: list[Case], send: Callable[[Case], HttpResponse]) -> Counter[int]:
    """How each was answered. What one of them did is undone for the next."""
    answers: Counter[int] = Counter()
    for case in cases:
        cache.clear()
        with transaction.atomic():
            answer = send(case)
            transaction.set_rollback(True)
        assert answer.status_code < 500, (case, answer.content[:500])
        assert hostile.is_told(answer), case
        answers[answer.status_code] += 1
    return answers


@SIZES
def test_no_body_breaks_an_operation(client: APIClient, size: int | None) -> None:
    cases = [
        (path, method, body)
        for path, method, operation in hostile.operations(theirs)
        if method not in ("get", "delete")
        for body in hostile.bodies(operation)
    ]

    def send(case: Case) -> HttpResponse:
        path, method, body = case
        sent = json.dumps(body).encode()
        return client.generic(method.upper(), address(path), sent, content_type="application/json")

    answers = tried(hostile.sampled(cases, size), send)
    print(f"{len(cases)} bodies: {dict(answers)}")
    assert answers[400] > sum(answers.values()) / 3


@SIZES
def test_no_query_breaks_an_operation(client: APIClient, size: int | None) -> None:
    cases = [
        (path, name, value)
        for path, method, operation in hostile.operations(theirs)
        if method == "get"
        for name in hostile.asked(operation)
        for value in hostile.QUERY
    ]

    def send(case: Case) -> HttpResponse:
        path, name, value = case
        return client.get(address(path), {name: value})

    answers = tried(hostile.sampled(cases, size), send)
    print(f"{len(cases)} queries: {dict(answers)}")
    assert answers.keys() <= {200, 400, 404}


def test_a_stranger_gets_in_nowhere() -> None:
    """Also with what they say of themselves: a key that is none, a password."""
    stranger = APIClient()
    for path, method, _operation in hostile.operations(theirs):
        for said in ({}, {"Authorization": "Bearer ck_nobody"}, {"Authorization": "Basic cm9vdDpyb290"}):
            asked = re.sub(r"\{[a-z_]+\}", "1", path)
            # Else the limit for strangers is what keeps them out.
            cache.clear()
            answer = stranger.generic(method.upper(), asked, b"{}", content_type="application/json", headers=said)
            assert answer.status_code == 401, (method, path, said)
