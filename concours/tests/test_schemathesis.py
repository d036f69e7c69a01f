"""Whatever the OpenAPI document allows or forbids to be sent, the answer is one that it announces (T37).

Schemathesis makes up the requests from the document, as three roles; at night many more for each operation.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

from concours.api import router
from concours.tests.test_hostile_api import address
from concours.tests.test_hostile_api import client as client
from concours.tests.test_hostile_roles import auditor, few
from triggers.api.keys import create_key
from triggers.tests.api import hostile

pytestmark = pytest.mark.django_db
# What a body may hold that the document does not name is judged by our own tests: a number is taken for a text.
CHECKS = [
    not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_headers_conformance, checks.response_schema_conformance, checks.unsupported_method,
    checks.ignored_auth,
]  # fmt: skip
# Operations asked, all where there is no number; and requests for each of them, valid ones and others.
SIZES = pytest.mark.parametrize(
    ("operations", "each"), [(35, 2), pytest.param(None, 50, marks=pytest.mark.nightly)], ids=["pr", "nightly"]
)


@pytest.fixture
def document(client: Any) -> Iterator[Any]:
    """The API as its document tells it, in a house where everything has a row."""
    told = json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))
    made = schemathesis.openapi.from_dict(told)
    made.app = get_wsgi_application()
    # A request's end would close the connection that holds the test's transaction.
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield made
    for signal in signals:
        signal.connect(close_old_connections)


def boss() -> User:
    """Made with the house."""
    return User.objects.get(username="boss")


def key_of(user: User) -> dict[str, str]:
    """The header of a key with every scope that the API knows, so that the user's permissions decide."""
    views = [view for _name, view, _base in router().registry if getattr(view, "scope", "")]
    verbs = {"read", "write", *(view.verb for view in views if getattr(view, "verb", ""))}
    scopes = {f"{view.scope}:{verb}" for view in views for verb in verbs | {"publish", "replay", "run"}}
    return {"Authorization": f"Bearer {create_key('All', user, scopes)[1]}"}


def told(operation: Any, mode: GenerationMode, each: int, headers: dict[str, str]) -> tuple[Counter[int], list[str]]:
    """How requests of this kind were answered, and the first answer that the document does not announce."""
    answers: Counter[int] = Counter()

    @settings(
        max_examples=each, database=None, deadline=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Case) -> None:
        cache.clear()
        if mode is GenerationMode.POSITIVE:
            case.path_parameters = _rows_in(case)
        with transaction.atomic():
            answer = case.call(headers=headers)
            transaction.set_rollback(True)
        answers[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS, headers=headers)

    try:
        ask()
    except FailureGroup as failures:
        return answers, [f"{operation.label}: {failure}" for failure in failures.exceptions]
    return answers, []


@SIZES
@pytest.mark.parametrize("role", [boss, few, auditor])
def test_every_answer_is_one_that_the_document_announces(
    document: Any, role: Callable[[], User], operations: int | None, each: int
) -> None:
    headers = key_of(role())
    found = [result.ok() for result in document.get_all_operations()]
    answers: Counter[int] = Counter()
    wrong: list[str] = []

    for operation in hostile.sampled(found, operations):
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            counted, failed = told(operation, mode, each, headers)
            answers += counted
            wrong += failed

    print(f"{sum(answers.values())} requests to {len(found)} operations: {dict(answers)}")
    assert not wrong, "\n\n".join(wrong)
    assert answers[200] + answers[403] > sum(answers.values()) / 10


def _rows_in(case: Case) -> dict[str, Any]:
    """The path's parameters, with a row that is there."""
    parts = zip(case.path.split("/"), address(case.path).split("/"), strict=True)
    return {name[1:-1]: row for name, row in parts if name.startswith("{")}
