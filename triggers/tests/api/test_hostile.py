"""Every operation with bodies and queries nobody would send: refused in words, never a fault of ours (T37)."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from triggers import services, sweeping
from triggers.models import Destination, Notice
from triggers.tests import make
from triggers.tests.api import calls, hostile
from triggers.tests.api.hostile import QUERY, asked, bodies, is_told

pytestmark = pytest.mark.django_db
OURS = ("workflows", "runs", "events", "misses", "destinations", "notices")


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    return hostile.operations(OURS.__contains__)


@pytest.fixture
def address() -> Any:
    """Fills the address of an operation with a row that is there."""
    flow = make.workflow()
    services.publish(flow)
    make.tag(make.contact())
    sweeping.drain()
    rows = {
        "workflows": flow.pk,
        "runs": make.runs(flow)[0].pk,
        "events": make.last_event("contact.created").pk,
        "destinations": Destination.objects.create(key="https://sink.example").pk,
        "notices": Notice.objects.create(user=calls.root(), text="A").pk,
    }
    return lambda path: path.replace("{id}", str(rows.get(path.split("/")[3], 1))).replace("{number}", "1")


SIZES = pytest.mark.parametrize("size", [150, pytest.param(None, marks=pytest.mark.nightly)], ids=["pr", "nightly"])


@SIZES
def test_no_body_breaks_an_operation(address: Any, size: int | None) -> None:
    client = calls.client()
    cases = [
        (method, path, body)
        for path, method, operation in operations()
        if method not in ("get", "delete")
        for body in bodies(operation)
    ]

    for method, path, body in hostile.sampled(cases, size):
        response = client.generic(
            method.upper(), address(path), json.dumps(body).encode(), content_type="application/json"
        )
        assert response.status_code < 500, (method, path, body)
        assert is_told(response), (method, path, body)

    assert len(cases) > 500


@SIZES
def test_no_query_breaks_an_operation(address: Any, size: int | None) -> None:
    client = calls.client()
    cases = [
        (path, name, value)
        for path, method, operation in operations()
        if method == "get"
        for name in asked(operation)
        for value in QUERY
    ]

    for path, name, value in hostile.sampled(cases, size):
        response = client.get(address(path), {name: value})
        assert response.status_code in (200, 400, 404), (path, name, value)
        assert is_told(response), (path, name, value)

    assert len(cases) > 250


@pytest.mark.parametrize("key", ["0", "-1", "999", "9" * 40, "1.0", "x", "%00", "é", "1_0", "x" * 500])
def test_no_address_breaks_an_operation(key: str) -> None:
    client = calls.client()
    for path, method, _operation in operations():
        if "{id}" in path and not path.endswith("{number}/"):
            response = client.generic(method.upper(), path.replace("{id}", key), b"{}", content_type="application/json")
            assert response.status_code in (400, 404), (method, path)


def test_a_stranger_gets_in_nowhere(address: Any, client: Any) -> None:
    for path, method, _operation in operations():
        response = client.generic(method.upper(), address(path), b"{}", content_type="application/json")
        assert response.status_code == 401, (method, path)


def test_who_has_no_permission_gets_in_nowhere_but_to_their_own(address: Any) -> None:
    client = calls.client(user=make.user())
    for path, method, _operation in operations():
        own = "/notices/" in path
        response = client.generic(method.upper(), address(path), b"{}", content_type="application/json")
        assert response.status_code == ((404 if "{id}" in path else 200) if own else 403), (method, path)
