"""From bytes to an object: JSON and forms, and everything that is neither."""

import pytest

from capture.reading import MAX_QUERY, nested, read, read_query
from triggers.api.parsers import Unreadable

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON",
        "application/vnd.x+json",
        "text/plain",
        "",
    ],
)
def test_json_is_read_whatever_the_sender_calls_it(content_type: str) -> None:
    assert read(content_type, '{"name": "Zoë"}'.encode()) == ({"name": "Zoë"}, [])


def test_a_form_is_read_as_an_object() -> None:
    assert read(FORM, b"email=mia%40example.org&name=Zo%C3%AB+B&empty=") == (
        {"email": "mia@example.org", "name": "Zoë B", "empty": ""},
        [],
    )


def test_nothing_at_all_is_an_empty_form() -> None:
    assert read("", b"") == ({}, [])
    assert read(FORM, b"") == ({}, [])


def multipart(*parts: bytes) -> tuple[str, bytes]:
    body = b"".join(b"--edge\r\n" + part + b"\r\n" for part in parts) + b"--edge--\r\n"
    return "multipart/form-data; boundary=edge", body


def test_a_multipart_form_is_read_and_its_files_are_named() -> None:
    content_type, body = multipart(
        'Content-Disposition: form-data; name="name"\r\n\r\nZoë'.encode(),
        b'Content-Disposition: form-data; name="tags[]"\r\n\r\nsolar',
        b'Content-Disposition: form-data; name="cv"; filename="cv.pdf"\r\n\r\n\xff\xfe',
    )

    assert read(content_type, body) == (
        {"name": "Zoë", "tags": ["solar"]},
        ["The file “cv.pdf” was not taken."],
    )


@pytest.mark.parametrize(
    ("pairs", "fields"),
    [
        ([("a", "1"), ("a", "2")], {"a": ["1", "2"]}),
        ([("a[]", "1")], {"a": ["1"]}),
        ([("a[]", "1"), ("a[]", "2")], {"a": ["1", "2"]}),
        ([("data[merges][EMAIL]", "x"), ("data[id]", "7")], {"data": {"merges": {"EMAIL": "x"}, "id": "7"}}),
        ([("f[0][value]", "x"), ("f[1][value]", "y")], {"f": [{"value": "x"}, {"value": "y"}]}),
        ([("f[1]", "x")], {"f": {"1": "x"}}),
        ([("a", "1"), ("a[b]", "2")], {"a": "1", "a[b]": "2"}),
        ([("a[][b]", "1")], {"a[][b]": "1"}),
        ([("a[b", "1"), ("[b]", "2"), ("", "3")], {"a[b": "1", "[b]": "2", "": "3"}),
        ([("a" + "[b]" * 8, "1")], {"a" + "[b]" * 8: "1"}),
    ],
)
def test_names_with_brackets_nest(pairs: list[tuple[str, str]], fields: object) -> None:
    assert nested(pairs) == fields


@pytest.mark.parametrize(
    ("content_type", "body", "status", "message"),
    [
        (
            "application/json", b'{"a": ', 400,
            "This is not JSON, at line 1 column 7: Expecting value.",
        ),
        ("application/json", b"", 400, "This is not JSON, at line 1 column 1: Expecting value."),
        ("application/json", b'{"a": "\xff"}', 400, "Byte 7 is not UTF-8; send the JSON as UTF-8."),
        ("application/json", b'{"a": 1, "a": 2}', 400, "The key “a” stands twice in one object; keep one."),
        ("application/json", b'{"a": NaN}', 400, "NaN is not JSON; send a number or null."),
        (
            "application/json", b"[" * 1000 + b"]" * 1000, 400,
            "Objects and lists may nest at most 32 deep.",
        ),
        (
            "application/json", b"{" + b",".join(b'"k%d": 1' % n for n in range(10_000)) + b"}", 400,
            "An object may have at most 1000 keys.",
        ),
        ("application/json", b'{"a": "\\u0000"}', 400, "A text holds the character \\u0000; remove it."),
        (
            "application/json", b'{"a": "\\ud800"}', 400,
            "A text holds half of a character (\\ud800 to \\udfff); remove it.",
        ),
        (
            "application/json", b"[]", 400,
            'Send a JSON object, such as {"email": "anna@example.com"}, not a list or a single value.',
        ),
        (
            "application/json", b'"text"', 400,
            'Send a JSON object, such as {"email": "anna@example.com"}, not a list or a single value.',
        ),
        (
            "application/json", b"null", 400,
            'Send a JSON object, such as {"email": "anna@example.com"}, not a list or a single value.',
        ),
        (FORM, b"name=Zo%EB", 400, "The form's text is not UTF-8; send it as UTF-8."),
        (FORM, b"name=Zo\xeb", 400, "The form's text is not UTF-8; send it as UTF-8."),
        (FORM, b"name=%00", 400, "A text holds the character \\u0000; remove it."),
        (FORM, b"a=" + b"x" * 70_000, 400, "A text may have at most 65536 bytes."),
        (FORM, b"&".join(b"k%d=1" % n for n in range(1001)), 400, "A form may have at most 1000 fields."),
        (
            "multipart/form-data", b"--edge", 400,
            "The multipart form is broken; send it whole.",
        ),
        (
            *multipart(b'Content-Disposition: form-data; name="name"\r\n\r\nZo\xeb'), 400,
            "The form's text is not UTF-8; send it as UTF-8.",
        ),
        (
            *multipart(*(b'Content-Disposition: form-data; name="k%d"\r\n\r\n1' % n for n in range(1001))), 400,
            "A form may have at most 1000 fields.",
        ),
        ("application/xml", b"<a/>", 415, "Send application/json or a form, not application/xml."),
        ("x" * 200, b"<a/>", 415, f"Send application/json or a form, not {'x' * 80}."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_what_would_be_right(
    content_type: str, body: bytes, status: int, message: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        read(content_type, body)

    assert (refused.value.status_code, str(refused.value.detail)) == (status, message)


def test_the_query_is_read_like_a_form() -> None:
    assert read_query("utm_source=letter&tag=a&tag=b&x[y]=1") == {
        "utm_source": "letter",
        "tag": ["a", "b"],
        "x": {"y": "1"},
    }


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("a=" + "x" * MAX_QUERY, "The query may have at most 8192 characters."),
        ("a=%ff", "The form's text is not UTF-8; send it as UTF-8."),
        ("a=%00", "A text holds the character \\u0000; remove it."),
    ],
)
def test_a_query_that_cannot_be_read_is_refused(query: str, message: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_query(query)

    assert str(refused.value.detail) == message
