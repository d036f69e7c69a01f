"""Requests as staff write them: what cannot be sent, and what must not be written down."""

from typing import Any

import pytest

from triggers.outside import request_checks

SECRET = "This looks like a secret, and workflows are exported and shown. Keep it in a credential."
BASE = "https://api.example.com/"


def told(problems: list[Any]) -> list[tuple[tuple[str | int, ...], str]]:
    return [(problem.path, problem.message) for problem in problems]


def test_a_url_is_told_at_its_field() -> None:
    assert request_checks.url(BASE + "{{ contact.id }}") == []
    [found] = request_checks.url("https://10.0.0.1/")
    assert (found.path, found.warning) == (("url",), False)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("X-A", "fine", None),
        ("X-A", "", None),
        ("X-A", "Köln", "The value of X-A is not one line of plain ASCII without spaces around it."),
        ("X-A", "{{ contact.city }} in Köln", None),
        ("X A", "{{ contact.city }}", "“X A” is not a header name. Use letters, digits and hyphens."),
        ("Content-Length", "1", "The header Content-Length follows from the URL and the body. Take it out."),
        ("IDEMPOTENCY-KEY", "1", "The key is set for you, the same on every try. Take it out."),
    ],
)
def test_headers(name: str, value: str, message: str | None) -> None:
    found = told(request_checks.headers({name: value}))

    assert found == ([(("headers", name), message)] if message else [])


@pytest.mark.parametrize(
    ("tree", "is_json"),
    [(None, True), ({"a": [1, "x"]}, True), ({"a": float("nan")}, False), ([10**5000], False)],
)
def test_body(tree: Any, is_json: bool) -> None:
    found = told(request_checks.body(tree))

    assert found == ([] if is_json else [(("body",), "The body is not JSON, or nested too deep.")])


def test_a_body_nested_without_measure() -> None:
    tree: Any = []
    for _level in range(100_000):
        tree = [tree]

    assert len(request_checks.body(tree)) == 1


@pytest.mark.parametrize(
    ("template", "headers", "query", "paths"),
    [
        (BASE, {"X-Trace": "1"}, {"page": "2"}, []),
        (BASE, {"Authorization": "Bearer x", "x-api-key": "y", "Cookie": "z"}, {}, [
            ("headers", "Authorization"), ("headers", "x-api-key"), ("headers", "Cookie"),
        ]),
        (BASE, {}, {"access_token": "x", "client_secret": "y"}, [
            ("query", "access_token"), ("query", "client_secret"),
        ]),
        (BASE + "?a=1&password=x", {}, {}, [("url",)]),
        # a value of the contact's is no secret of ours
        (BASE + "?token={{ contact.id }}", {"X-Token": "{{ contact.id }}"}, {"token": "{{ contact.id }}"}, []),
        (BASE, {"Authorization": ""}, {"token": ""}, []),
        ("https://[", {}, {}, []),
    ],
)  # fmt: skip
def test_secrets_are_told_by_their_names(
    template: str, headers: dict[str, str], query: dict[str, str], paths: list[tuple[str, ...]]
) -> None:
    assert told(request_checks.secrets(template, headers, query)) == [(path, SECRET) for path in paths]
