"""Addresses that staff enter: what is one, and what its origin is."""

import pytest
from django.core.exceptions import ValidationError

from capture.addresses import as_origins, check_destination, check_origins, origin_of


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://www.example.com/a?b#c", "https://www.example.com"), ("HTTP://Example.COM:80/", "http://example.com"),
        ("https://example.com:8443", "https://example.com:8443"), ("https://bücher.example/x", "https://xn--bcher-kva.example"),
        ("http://[::1]:8000/", "http://[::1]:8000"), ("http://127.0.0.1:8062", "http://127.0.0.1:8062"),
        ("javascript:alert(1)", ""), ("//example.com", ""), ("https://", ""), ("https://a b.example", ""),
        ("https://*.example.com", ""), ("https://example.com:99999", ""), ("https://exa;mple.com", ""), ("null", ""),
        ("https://[bad", ""), ("https://a..b", ""), ("\0", ""),
    ],
)  # fmt: skip
def test_an_origin_is_scheme_host_and_port(address: str, origin: str) -> None:
    assert origin_of(address) == origin


@pytest.mark.parametrize("address", ["https://www.example.com/a?b=1&c=%20#d", "http://example.com"])
def test_a_whole_address_is_a_destination(address: str) -> None:
    check_destination(address)


@pytest.mark.parametrize(
    "address",
    ["", None, "example.com", "https://a@evil.example/", "https://x.example\\@evil.example", "https://x.example/\r\nA: b",
     "data:text/html,x", "ftp://x.example", "https://x.example/ a"],
)  # fmt: skip
def test_anything_else_is_none(address: object) -> None:
    with pytest.raises(ValidationError):
        check_destination(address)


@pytest.mark.parametrize("value", [None, "x", [1], ["https://a.example/"], ["*"], ["https://a.example"] * 51])
def test_websites_are_a_list_of_origins(value: object) -> None:
    with pytest.raises(ValidationError):
        check_origins(value)


def test_pasted_addresses_become_their_website_once() -> None:
    typed = ["https://a.example/contact", "https://a.example", "", "nowhere"]

    assert as_origins(typed) == ["https://a.example", "nowhere"]
