from ipaddress import ip_address

import pytest

from triggers.outside.public_urls import UnsafeUrl, check_address, check_url, is_public, parse, port_of
from triggers.tests.spellings import PRIVATE


@pytest.fixture(autouse=True)
def production(settings):
    settings.OUTGOING_ALLOW_HTTP = False
    settings.OUTGOING_ALLOW_LOOPBACK = False
    settings.OUTGOING_PORTS = [443, 8443]


@pytest.mark.parametrize(
    ("typed", "called", "port"),
    [
        ("https://example.com/hook", "https://example.com/hook", 443),
        ("https://example.com", "https://example.com/", 443),
        (
            "HTTPS://Example.COM:8443/Hook?a=b c".replace(" ", "%20"),
            "https://example.com:8443/Hook?a=b%20c",
            8443,
        ),
        ("https://example.com./hook", "https://example.com./hook", 443),
        ("https://bücher.example/päth", "https://xn--bcher-kva.example/p%C3%A4th", 443),
        ("https://my_hooks.example.com/", "https://my_hooks.example.com/", 443),
        ("https://8.8.8.8/", "https://8.8.8.8/", 443),
        ("https://[2606:4700::1111]:8443/", "https://[2606:4700::1111]:8443/", 8443),
        ("https://1.2.3.4.example.com/", "https://1.2.3.4.example.com/", 443),
    ],
)
def test_a_public_url_passes_as_it_will_be_called(typed, called, port):
    check_url(typed)

    parts = parse(typed)

    assert (parts.geturl(), port_of(parts)) == (called, port)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "The URL does not start with https://. Write it like https://example.com/hook."),
        ("example.com/hook", "The URL does not start with https://. Write it like https://example.com/hook."),
        (
            "ftp://example.com/",
            "The URL does not start with https://. Write it like https://example.com/hook.",
        ),
        ("https://", "The URL is not complete. Write it like https://example.com/hook."),
        ("https://example.com:port/", "The URL is not complete. Write it like https://example.com/hook."),
        ("https://exa mple.com/", "The URL contains a space, a line break or a backslash. Take it out."),
        (
            "https://example.com/\r\nHost: x",
            "The URL contains a space, a line break or a backslash. Take it out.",
        ),
        (
            "https://me:secret@example.com/",
            "The URL contains a user name or password. Take it out and use a header.",
        ),
        (
            "http://example.com/",
            "The URL starts with http://, which others can read on the way. Use https://.",
        ),
        ("https://example.com:22/", "Port 22 is not allowed. Use one of these: 443, 8443."),
        (
            "https://10.0.0.1/",
            "10.0.0.1 is not a public address. Use a URL that can be reached from the internet.",
        ),
        (
            "https://localhost/",
            "localhost is not a public address. Use a URL that can be reached from the internet.",
        ),
        (
            "https://0x7f.1/",
            "“0x7f.1” is not a usual address. Write four plain numbers, such as 192.0.2.7.",
        ),
        ("https://exa$mple.com/", "“exa$mple.com” is not a host name. Write it like example.com."),
    ],
)
def test_a_refusal_says_what_is_wrong_and_what_would_be_right(url, message):
    with pytest.raises(UnsafeUrl) as refusal:
        check_url(url)

    assert str(refusal.value) == message


def test_http_and_its_port_pass_where_the_setting_allows_them(settings):
    settings.OUTGOING_ALLOW_HTTP = True

    check_url("http://example.com/")

    with pytest.raises(UnsafeUrl, match=r"Port 8000 is not allowed. Use one of these: 443, 8443, 80\."):
        check_url("http://example.com:8000/")


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "app.localhost"])
def test_loopback_passes_with_any_port_where_the_setting_allows_it(settings, host):
    settings.OUTGOING_ALLOW_LOOPBACK = True

    check_url(f"http://{host}:5000/")


def test_allowing_loopback_opens_nothing_else(settings):
    settings.OUTGOING_ALLOW_LOOPBACK = True

    for url in ("https://10.0.0.1/", "https://[::ffff:10.0.0.1]/", "https://0.0.0.0/", "https://[::]/"):
        with pytest.raises(UnsafeUrl, match="is not a public address"):
            check_url(url)
    with pytest.raises(UnsafeUrl, match="starts with http://"):
        check_url("http://example.com/")


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_the_internet_does_not_route_is_not_public(address):
    assert is_public(ip_address(address)) is False


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2606:4700::1111", "2a01:4f8::1"]
)
def test_an_address_the_internet_routes_is_public(address):
    assert is_public(ip_address(address)) is True


def test_an_address_behind_a_name_is_refused_under_that_name():
    with pytest.raises(UnsafeUrl, match=r"^hooks\.example\.com is not a public address\."):
        check_address(ip_address("10.0.0.1"), "hooks.example.com")
