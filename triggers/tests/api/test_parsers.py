"""The JSON corpus (reliability, T19): everything hostile is a 4xx within a second, and read no further than allowed."""

import gzip
import json
from io import BytesIO
from typing import Any

import pytest
from rest_framework.test import APIClient

from triggers.api import parsers
from triggers.api.parsers import (
    Compressed,
    LengthMissing,
    StrictJSONParser,
    TooLarge,
    Unreadable,
    check_headers,
    parse_json,
    read_body,
)
from triggers.tests.api import calls

MB = 1024 * 1024


def test_json_comes_back_as_it_was_sent() -> None:
    value = {"a": [1, -2.5, None, True, "ä €"], "": {"b": {}}, "big": 10**29}

    assert parse_json(json.dumps(value).encode()) == value
    assert parse_json(json.dumps(value, ensure_ascii=False).encode()) == value


@pytest.mark.parametrize("depth", [1, 32])
def test_nesting_up_to_the_limit_is_read(depth: int) -> None:
    assert json.dumps(parse_json(b"[" * depth + b"]" * depth)) == "[" * depth + "]" * depth


REFUSED: dict[str, tuple[bytes, str]] = {
    "33 deep": (b"[" * 33 + b"]" * 33, "Objects and lists may nest at most 32 deep."),
    "500 deep": (b"[" * 500 + b"]" * 500, "Objects and lists may nest at most 32 deep."),
    "depth 100,000": (b"[" * 100_000, "Objects and lists may nest at most 32 deep."),
    "objects 100,000 deep": (b'{"a":' * 100_000, "Objects and lists may nest at most 32 deep."),
    "only brackets": (b"[" * MB, "Objects and lists may nest at most 32 deep."),
    "60,000 keys": (
        json.dumps({f"k{n}": 1 for n in range(60_000)}).encode(),
        "An object may have at most 1000 keys.",
    ),
    "many objects of many keys": (
        json.dumps([{f"k{n}": 1 for n in range(900)}] * 60).encode(),
        "The document may have at most 20000 keys.",
    ),
    "100,000 digits": (b"9" * 100_000, "A number may have at most 30 digits."),
    "negative, 31 digits": (b"-" + b"9" * 31, "A number may have at most 30 digits."),
    "long fraction": (
        b"0." + b"1" * 100_000,
        "The number 0.111111111111111111… is too long or too large; send at most 30 digits.",
    ),
    "infinite": (b"1e999", "The number 1e999… is too long or too large; send at most 30 digits."),
    "NaN": (b'{"a": NaN}', "NaN is not JSON; send a number or null."),
    "Infinity": (b"[-Infinity]", "-Infinity is not JSON; send a number or null."),
    "duplicate": (b'{"a": 1, "b": 2, "a": 3}', "The key “a” stands twice in one object; keep one."),
    "duplicate, escaped": (b'{"a": 1, "\\u0061": 2}', "The key “a” stands twice in one object; keep one."),
    "not UTF-8": (b'{"a": "\xff"}', "Byte 7 is not UTF-8; send the JSON as UTF-8."),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "Byte 0 is not UTF-8; send the JSON as UTF-8."),
    "overlong UTF-8": (b'"\xc0\xaf"', "Byte 1 is not UTF-8; send the JSON as UTF-8."),
    "half a character": (b'["\\ud800"]', "A text holds half of a character (\\ud800 to \\udfff); remove it."),
    "half a character in a key": (
        b'{"\\udfff": 1}',
        "A text holds half of a character (\\ud800 to \\udfff); remove it.",
    ),
    "NUL": (b'{"a": "x\\u0000"}', "A text holds the character \\u0000; remove it."),
    "long text": (b'"' + b"x" * 65_537 + b'"', "A text may have at most 65536 bytes."),
    "long text in bytes": ('"{}"'.format("ä" * 32_769).encode(), "A text may have at most 65536 bytes."),
    "long key": (b'{"' + b"x" * 65_537 + b'": 1}', "A text may have at most 65536 bytes."),
    "empty": (b"", "This is not JSON, at line 1 column 1: Expecting value."),
    "cut off": (b'{"a": [1,\n', "This is not JSON, at line 2 column 1: Expecting value."),
    "two values": (b"{} {}", "This is not JSON, at line 1 column 4: Extra data."),
    "single quotes": (
        b"{'a': 1}",
        "This is not JSON, at line 1 column 2: Expecting property name enclosed in double quotes.",
    ),
}


@pytest.mark.parametrize(("body", "told"), REFUSED.values(), ids=REFUSED)
def test_the_corpus_is_refused_with_what_would_be_right(body: bytes, told: str) -> None:
    with pytest.raises(Unreadable) as refused:
        parse_json(body)

    assert (refused.value.status_code, str(refused.value.detail)) == (400, told)


@pytest.mark.parametrize("unit", [b"[],", b"{},", b"0,", b'"",', b"1e-999999999,"])
def test_the_worst_that_is_allowed_is_read(unit: bytes) -> None:
    body = b"[" + unit * ((MB - 10) // len(unit)) + b"0]"

    value = parse_json(body)

    assert len(value) == (MB - 10) // len(unit) + 1


def test_texts_at_their_limit_are_read() -> None:
    assert parse_json(b'"' + b"x" * 65_536 + b'"') == "x" * 65_536


def test_a_longer_body_is_too_large() -> None:
    with pytest.raises(TooLarge) as refused:
        parse_json(b" " * 11, limit=10)

    assert refused.value.status_code == 413
    assert str(refused.value.detail) == "The body may have at most 10 bytes; send less at once."


class Endless:
    """A body of a gigabyte that counts what is taken of it."""

    def __init__(self) -> None:
        self.taken = 0

    def read(self, size: int) -> bytes:
        size = min(size, 1024 * MB - self.taken)
        self.taken += size
        return b"x" * size


def test_of_a_gigabyte_no_more_than_the_limit_is_read() -> None:
    stream = Endless()

    with pytest.raises(TooLarge):
        read_body(stream, limit=MB)  # type: ignore[arg-type]

    assert stream.taken == MB + 1


def test_a_body_of_exactly_the_limit_is_read() -> None:
    assert read_body(BytesIO(b"12345"), limit=5) == b"12345"


@pytest.mark.parametrize(
    ("meta", "refusal"),
    [
        ({"HTTP_CONTENT_ENCODING": "gzip", "CONTENT_LENGTH": "10"}, Compressed),
        ({"HTTP_CONTENT_ENCODING": "identity, br", "CONTENT_LENGTH": "10"}, Compressed),
        ({"HTTP_TRANSFER_ENCODING": "chunked"}, LengthMissing),
        ({"CONTENT_LENGTH": "1048577"}, TooLarge),
        ({"CONTENT_LENGTH": "1073741824"}, TooLarge),
    ],
)
def test_headers_alone_are_enough_to_refuse(meta: dict[str, str], refusal: type[Unreadable]) -> None:
    with pytest.raises(refusal):
        check_headers(meta)


@pytest.mark.parametrize(
    "meta",
    [{}, {"CONTENT_LENGTH": ""}, {"CONTENT_LENGTH": "1048576"}, {"HTTP_CONTENT_ENCODING": "Identity"}],
)
def test_plain_headers_pass(meta: dict[str, str]) -> None:
    assert check_headers(meta) is None


def test_without_a_limit_the_length_is_left_to_the_reader() -> None:
    assert check_headers({"CONTENT_LENGTH": "1073741824"}, limit=None) is None


def test_the_parser_reads_what_a_view_is_sent() -> None:
    assert StrictJSONParser().parse(BytesIO(b'{"a": 1}')) == {"a": 1}


@pytest.mark.django_db
class TestOverTheApi:
    """The same through a view: problem documents, and never a 500."""

    def post(self, body: bytes, **headers: Any) -> Any:
        client: APIClient = calls.client()
        return client.post("/api/v1/events/", body, content_type="application/json", **headers)

    @pytest.mark.parametrize(("body", "told"), [case for name, case in REFUSED.items() if name != "empty"])
    def test_the_corpus_is_answered_with_problems(self, body: bytes, told: str) -> None:
        response = self.post(body)

        assert response["Content-Type"] == "application/problem+json"
        assert (response.status_code, response.json()["detail"]) == (400, told)

    def test_a_gzip_bomb_is_not_unpacked(self) -> None:
        response = self.post(gzip.compress(b" " * 100 * MB), HTTP_CONTENT_ENCODING="gzip")

        assert (response.status_code, response.json()["type"]) == (415, "urn:concours:problem:compressed")

    def test_a_million_keys_are_too_large(self) -> None:
        response = self.post(json.dumps({f"k{n}": 1 for n in range(1_000_000)}).encode())

        assert (response.status_code, response.json()["type"]) == (413, "urn:concours:problem:too_large")

    def test_a_chunked_body_is_not_taken_for_an_empty_one(self) -> None:
        response = self.post(b"", HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH="")

        assert (response.status_code, response.json()["type"]) == (411, "urn:concours:problem:length_missing")

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""])
    def test_anything_but_json_is_refused(self, kind: str) -> None:
        response = calls.client().generic("POST", "/api/v1/events/", b"a=1", content_type=kind)

        assert (response.status_code, response.json()["detail"]) == (415, "Send the body as application/json.")


def test_limits_are_the_ones_of_the_rule() -> None:
    assert (parsers.MAX_BYTES, parsers.MAX_DEPTH, parsers.MAX_KEYS, parsers.MAX_TEXT) == (MB, 32, 1000, 64 * 1024)
