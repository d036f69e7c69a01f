"""Every operation with bodies and queries nobody would send: refused in words, never a fault of ours (T37)."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from triggers import services, sweeping
from triggers.models import Destination, Notice
from triggers.tests import make
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db
OURS = ("workflows", "runs", "events", "misses", "destinations", "notices")
VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 2**31, 2**63, 10**29, 1.5, "", " ", "x" * 5000, "é\u202e", "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59+14:00", [], [[]], {}, {"a": {"b": [1]}}, [1] * 999,
)  # fmt: skip
QUERY = ("", "0", "-1", "1e9", "9" * 40, "NaN", "a\0b", "null", "'", "é", "0001-01-01T00:00:00-14:00", "x" * 5000)


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    document = SchemaGenerator().get_schema(public=True)
    for path, methods in document["paths"].items():
        if path.split("/")[3] in OURS:
            for method, operation in methods.items():
                yield path, method, operation | {"components": document["components"]["schemas"]}


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


def fields_of(operation: dict[str, Any]) -> list[str]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return list(operation["components"].get(body.get("$ref", "").rpartition("/")[2], {}).get("properties", {}))


def is_told(response: Any) -> bool:
    """Whether a refusal says in words what is wrong."""
    return response.status_code < 400 or (
        response["Content-Type"] == "application/problem+json" and bool(response.json()["detail"])
    )


def test_no_body_breaks_an_operation(address: Any) -> None:
    client = calls.client()
    tried = 0
    for path, method, operation in operations():
        if method in ("get", "delete"):
            continue
        bodies = [*VALUES, *({name: value} for name in fields_of(operation) for value in VALUES)]
        for body in bodies:
            response = client.generic(
                method.upper(), address(path), json.dumps(body).encode(), content_type="application/json"
            )
            assert response.status_code < 500, (method, path, body)
            assert is_told(response), (method, path, body)
            tried += 1

    assert tried > 500


def test_no_query_breaks_an_operation(address: Any) -> None:
    client = calls.client()
    tried = 0
    for path, method, operation in operations():
        asked = [each["name"] for each in operation.get("parameters", []) if each["in"] == "query"]
        for name in asked if method == "get" else ():
            for value in QUERY:
                response = client.get(address(path), {name: value})
                assert response.status_code in (200, 400, 404), (path, name, value)
                assert is_told(response), (path, name, value)
                tried += 1

    assert tried > 200


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
