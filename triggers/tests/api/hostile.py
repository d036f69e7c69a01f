"""What nobody would send, and the operations of the API's own document to send it to (T37)."""

import random
from collections.abc import Callable, Iterator
from typing import Any

from drf_spectacular.generators import SchemaGenerator

VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 2**31, 2**63, 10**29, 1.5, "", " ", "x" * 5000, "é\u202e", "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59+14:00", [], [[]], {}, {"a": {"b": [1]}}, [1] * 999,
)  # fmt: skip
QUERY = ("", "0", "-1", "1e9", "9" * 40, "NaN", "a\0b", "null", "'", "é", "0001-01-01T00:00:00-14:00", "x" * 5000)


def operations(chosen: Callable[[str], bool]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and description of every operation whose resource is chosen by its name."""
    document = SchemaGenerator().get_schema(public=True)
    for path, methods in document["paths"].items():
        if chosen(path.split("/")[3]):
            for method, operation in methods.items():
                yield path, method, operation | {"components": document["components"]["schemas"]}


def bodies(operation: dict[str, Any]) -> list[Any]:
    """Every value as the body, and in each of its fields."""
    return [*VALUES, *({name: value} for name in fields_of(operation) for value in VALUES)]


def sampled(cases: list[Any], size: int | None) -> list[Any]:
    """So many of them, the same each time; all where no size is given."""
    return cases if size is None else random.Random(37).sample(cases, size)


def asked(operation: dict[str, Any]) -> list[str]:
    """The names it takes in its query."""
    return [each["name"] for each in operation.get("parameters", []) if each["in"] == "query"]


def fields_of(operation: dict[str, Any]) -> list[str]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return list(operation["components"].get(body.get("$ref", "").rpartition("/")[2], {}).get("properties", {}))


def is_told(response: Any) -> bool:
    """Whether a refusal says in words what is wrong."""
    return response.status_code < 400 or (
        response["Content-Type"] == "application/problem+json" and bool(response.json()["detail"])
    )
