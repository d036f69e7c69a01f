"""Answers as data: JSON where it is JSON, text elsewhere, and nothing that a database or a message chokes on."""

import json
from typing import Any

import pytest

from triggers import text
from triggers.outside import answers
from triggers.outside.answers import DEEPEST, blanked, read, shown
from triggers.outside.net import BODY_LIMIT, Response

SECRET = "s3cret/key"


def answer(body: bytes, truncated: bool = False, **headers: str) -> Response:
    return Response(200, {name.replace("_", "-"): value for name, value in headers.items()}, body, 1, truncated)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'{"a": [1, 2.5, null, true, "x"]}', {"a": [1, 2.5, None, True, "x"]}),
        (b'\xef\xbb\xbf"with a mark"', "with a mark"),
        (b"7", 7),
        (b"null", None),
        (b"", None),
        (b"plain text", "plain text"),
        (b"<p>Zo\xc3\xab \x00 \xff</p>", "<p>Zoë \ufffd \ufffd</p>"),
        (b'{"a": NaN}', '{"a": NaN}'),
        (b'{"a": -Infinity}', '{"a": -Infinity}'),
        (b'{"a": 1e999}', '{"a": 1e999}'),
        (b'{"a": "\\u0000\\ud800x\\ud83d\\ude00"}', {"a": "\ufffd\ufffdx😀"}),
        (b'{"\\ud800": 1}', {"\ufffd": 1}),
    ],
)
def test_the_body(body: bytes, found: Any) -> None:
    result = read(answer(body))

    assert result == {"status": 200, "headers": {}, "body": found}
    assert json.loads(json.dumps(result, allow_nan=False).encode("utf-8")) == result


@pytest.mark.parametrize("body", [b"[" * 60_000, b"9" * 60_000, b'{"a":' * 10_000])
def test_what_no_parser_takes_is_text(body: bytes) -> None:
    assert read(answer(body)) == {"status": 200, "headers": {}, "body": body.decode()[:10_000], "truncated": True}


@pytest.mark.parametrize(("depth", "is_data"), [(DEEPEST, True), (DEEPEST + 1, False)])
def test_json_that_messages_could_not_read_is_text(depth: int, is_data: bool) -> None:
    body = b'{"a":' * depth + b"1" + b"}" * depth

    found = read(answer(body))["body"]

    assert isinstance(found, dict) is is_data
    assert text.render("{{ actions.a1.status }}", {"actions": {"a1": {"status": 200, "body": found}}}) == "200"


def test_a_long_text_is_cut_and_marked() -> None:
    assert read(answer(b"x" * 10_000)) == {"status": 200, "headers": {}, "body": "x" * 10_000}
    assert read(answer(b"x" * 10_001)) == {"status": 200, "headers": {}, "body": "x" * 10_000, "truncated": True}


def test_json_is_kept_up_to_what_is_read() -> None:
    whole = json.dumps("x" * (BODY_LIMIT - 2)).encode()

    assert read(answer(whole)) == {"status": 200, "headers": {}, "body": "x" * (BODY_LIMIT - 2)}
    assert read(answer(whole, truncated=True))["truncated"] is True


def test_headers_that_are_of_use_are_kept_under_names_that_messages_can_read() -> None:
    found = read(answer(b"", content_type="a/b", etag="1", set_cookie="hush", link="y" * 600, x_request_id="7"))

    assert found["headers"] == {"content_type": "a/b", "etag": "1", "link": "y" * 500, "x_request_id": "7"}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'{"a": "s3cret\\/key"}', {"a": "[redacted]"}),
        (b'{"s3cret/key": ["xs3cret/keyx"]}', {"[redacted]": ["x[redacted]x"]}),
        (b"text s3cret/key text", "text [redacted] text"),
    ],
)
def test_hidden_texts_are_blanked_wherever_they_stand(body: bytes, found: Any) -> None:
    result = read(answer(body, etag=SECRET), [SECRET, ""])

    assert (result["body"], result["headers"]) == (found, {"etag": "[redacted]"})


def test_a_hidden_text_at_the_cut_is_blanked_whole() -> None:
    result = read(answer(b"x" * 9_995 + SECRET.encode() + b"y", link="z" * 495 + SECRET), [SECRET])

    assert "s3" not in result["body"]
    assert "s3" not in result["headers"]["link"]


def test_one_hidden_text_within_another() -> None:
    assert blanked("a-long-secret-indeed and long-secret", ["long-secret", "a-long-secret-indeed"]) == (
        "[redacted] and [redacted]"
    )


def test_what_is_too_short_to_be_a_secret_stays() -> None:
    assert blanked("a cat", ["cat", ""]) == "a cat"


@pytest.mark.parametrize(
    ("body", "found"), [(None, ""), ("text", "text"), ({"a": ["ë"]}, '{"a": ["ë"]}'), (7, "7"), ([], "[]")]
)
def test_shown(body: Any, found: str) -> None:
    assert shown({"body": body}) == found


def test_the_depth_is_told_without_recursion() -> None:
    tree: Any = 1
    for _level in range(100_000):
        tree = [tree]

    assert answers._depth(tree) == DEEPEST + 1
    assert answers._depth({"a": [{"b": 1}]}) == 3
    assert answers._depth(1) == 0
