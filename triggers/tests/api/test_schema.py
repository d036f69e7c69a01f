"""The OpenAPI document: it is complete, and says of every operation how it is called and how it refuses."""

from io import StringIO
from typing import Any

import pytest
import yaml
from django.core.management import call_command

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    found: dict[str, Any] = yaml.safe_load(out.getvalue())
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def headers(operation: dict[str, Any]) -> set[str]:
    return {each["name"] for each in operation.get("parameters", []) if each["in"] == "header"}


def test_every_operation_refuses_with_a_problem_document(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        content = operation["responses"]["default"]["content"]
        reference = {"$ref": "#/components/schemas/ProblemDocument"}
        assert content == {"application/problem+json": {"schema": reference}}, (path, method)


def test_every_post_takes_an_idempotency_key_and_only_those(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        assert ("Idempotency-Key" in headers(operation)) == (method == "post"), (path, method)


def test_changes_of_one_row_take_if_match(document: dict[str, Any]) -> None:
    paths = document["paths"]

    assert "If-Match" in headers(paths["/api/v1/workflows/{id}/"]["patch"])
    assert "If-Match" in headers(paths["/api/v1/workflows/{id}/publish/"]["post"])
    assert "If-Match" not in headers(paths["/api/v1/workflows/{id}/"]["get"])
    assert "If-Match" not in headers(paths["/api/v1/workflows/"]["post"])


def test_keys_and_sessions_sign_in(document: dict[str, Any]) -> None:
    schemes = document["components"]["securitySchemes"]

    assert schemes["apiKey"] == {"type": "http", "scheme": "bearer", "bearerFormat": "cck_<prefix>_<secret>"}
    for path, method, operation in operations(document):
        assert {"apiKey": []} in operation["security"], (path, method)


def test_each_operation_names_its_scope(document: dict[str, Any]) -> None:
    publish = document["paths"]["/api/v1/workflows/{id}/publish/"]["post"]

    assert publish["description"].endswith("Scope: `workflows:publish`")


def test_what_lists_leave_out_is_not_promised(document: dict[str, Any]) -> None:
    workflow = document["components"]["schemas"]["Workflow"]

    assert {"draft", "problems"} <= workflow["properties"].keys()
    assert not {"draft", "problems"} & set(workflow["required"])
    assert "slug" in workflow["required"]
