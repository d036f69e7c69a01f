"""Whatever bytes come to a public address: never a fault of ours, and nothing stored that was not meant."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capture.models import LinkClick, PageView, Site, Submission, TriggerLink
from capture.tests import make

pytestmark = pytest.mark.django_db
FUZZ = settings(max_examples=120, deadline=None, derandomize=True,
                suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
KINDS = st.sampled_from([
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data", "application/json",
    "text/plain", "", "application/x-www-form-urlencoded; charset=utf-7", "multipart/form-data; boundary=x; charset=rot13",
    "text/html", "multipart/form-data; boundary=\x7f",
])  # fmt: skip
PARTS = st.lists(st.sampled_from([
    b"--x\r\n", b"--x--\r\n", b"\r\n\r\n", b'Content-Disposition: form-data; name="papers"; filename="a.txt"\r\n',
    b'Content-Disposition: form-data; name="first_name"\r\n', b"Content-Transfer-Encoding: base64\r\n", b"&", b"=",
    b"first_name=", b"email=", b"_state=", b"_back=1", b"website_=", b"%00", b"%ff%fe", b"\xff", b"\0", b"{", b'"', b"}",
    b"colour=", b"when=9999-99-99", b"size=1e999", b"\xed\xa0\x80",
]) | st.binary(max_size=20), max_size=14).map(b"".join)  # fmt: skip
VALUES = st.text(max_size=40) | st.binary(max_size=30).map(lambda raw: raw.decode("latin-1"))


@FUZZ
@given(kind=KINDS, body=PARTS)
def test_bytes_at_a_form(kind: str, body: bytes) -> None:
    form = _form()

    answer = make.VISITOR.generic("POST", f"/f/{form.key}/", body, content_type=kind)

    assert answer.status_code < 500
    assert not Submission.objects.exclude(status="trap").exists()


@FUZZ
@given(first=VALUES, email=VALUES, size=VALUES, when=VALUES, colour=VALUES, phone=VALUES, other=VALUES)
def test_values_in_a_form(**values: str) -> None:
    form = _form()
    other = values.pop("other")

    answer = make.send(form, {**values, "first_name": values.pop("first"), other or "x": other})

    assert answer.status_code in (200, 422)


@FUZZ
@given(token=VALUES)
def test_tokens_of_links(token: str) -> None:
    TriggerLink.objects.get_or_create(key="offer", defaults={"name": "Offer", "destination": "https://example.com"})

    answer = make.VISITOR.get(f"/l/{quote(token)}/", headers={"User-Agent": make.BROWSER})

    assert answer.status_code < 500
    assert token == "offer" or not LinkClick.objects.exists()


@FUZZ
@given(body=PARTS | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["site", "view", "url", "title", "referrer", "visitor", "video", "percent", "seconds"]), inner),
    max_leaves=12,
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_bytes_at_the_beacon(body: bytes) -> None:
    Site.objects.get_or_create(key="shop", defaults={"name": "Shop", "allowed_origins": ["https://example.com"]})

    answer = make.VISITOR.generic(
        "POST", "/b/", body, content_type="text/plain",
        headers={"User-Agent": make.BROWSER, "Origin": "https://example.com"},
    )  # fmt: skip

    assert answer.status_code < 500
    assert not PageView.objects.exists()


@FUZZ
@given(query=st.text(max_size=60), agent=VALUES, origin=VALUES, referrer=VALUES)
def test_headers_and_queries_of_a_page(query: str, agent: str, origin: str, referrer: str) -> None:
    form = _form()
    plain = {
        name: value.encode("ascii", "ignore").decode().replace("\r", "").replace("\n", "")
        for name, value in {"User-Agent": agent, "Origin": origin, "Referer": referrer}.items()
    }

    answer = make.VISITOR.get(f"/f/{form.key}/?embed=1&page={quote(query)}&utm_source={quote(query)}", headers=plain)

    assert answer.status_code == 200


def _form() -> Any:
    from capture.models import Form

    cache.clear()
    return Form.objects.filter(name="Everything").first() or make.form(
        "Everything", {"label": "First name", "maps_to": "first_name"},
        {"label": "Email", "kind": "email", "maps_to": "email"}, {"label": "Size", "kind": "number"},
        {"label": "When", "kind": "date"}, {"label": "Phone", "kind": "phone", "maps_to": "phone"},
        {"label": "Colour", "kind": "choice", "choices": [{"label": "Red"}]}, {"label": "Papers", "kind": "file"},
    )  # fmt: skip
