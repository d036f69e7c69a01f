"""URLs with merge fields: the host is fixed, and what is filled in stays in its place."""

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triggers import text
from triggers.outside import net
from triggers.outside.url_template import LONGEST, faults, fill, host, with_query

BASE = "https://api.example.com/"


def filled(template: str, **values: str) -> str:
    return fill(template, lambda mark: text.render_line(mark, {"v": values}))


@pytest.mark.parametrize(
    ("template", "values", "url"),
    [
        ("p/{{ v.a }}", {"a": "7"}, "p/7"),
        ("p/{{ v.a }}/{{v.b}}.json", {"a": "x", "b": "y"}, "p/x/y.json"),
        ("p/{{ v.a }}", {"a": "a/b?c=d#e&f%2e g"}, "p/a%2Fb%3Fc%3Dd%23e%26f%252e%20g"),
        ("p?q={{ v.a }}&r=1", {"a": "x&r=2#"}, "p?q=x%26r%3D2%23&r=1"),
        ("p?q={{ v.a }}", {"a": ""}, "p?q="),
        ("p/{{ v.a | upcase | default: '?' }}", {"a": "zoë"}, "p/ZO%C3%8B"),
        ("p/{{ v.a | default: '?' }}", {"a": ""}, "p/%3F"),
        ("p/..{{ v.a }}", {"a": "x"}, "p/..x"),
        ("p", {}, "p"),
        ("?q=1", {}, "?q=1"),
    ],
)
def test_values_are_escaped(template: str, values: dict[str, str], url: str) -> None:
    assert filled(BASE + template, **values) == BASE + url


@pytest.mark.parametrize("value", ["", "  ", "\r\n"])
def test_a_path_without_its_value_is_refused(value: str) -> None:
    with pytest.raises(net.UnsafeUrl, match=r"^\{\{ v\.a \}\} is empty, and the URL needs it\.$"):
        filled(BASE + "{{ v.a }}?q=1", a=value)


@pytest.mark.parametrize(
    ("template", "value"),
    [("p/{{ v.a }}", ".."), ("p/{{ v.a }}/x", "."), ("p/.{{ v.a }}", "."), ("p/%2e{{ v.a }}/x", "."), ("p/../x", "-")],
)
def test_a_path_that_leads_elsewhere_is_refused(template: str, value: str) -> None:
    with pytest.raises(net.UnsafeUrl, match="which leads elsewhere"):
        filled(BASE + template, a=value)


def test_a_url_that_becomes_too_long_is_refused() -> None:
    assert len(filled(BASE + "{{ v.a }}", a="x" * (LONGEST - len(BASE)))) == LONGEST
    with pytest.raises(net.UnsafeUrl, match=r"^The URL is longer than 4000 characters\."):
        filled(BASE + "{{ v.a }}", a="x" * (LONGEST - len(BASE) + 1))


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_value_moves_the_host_the_path_or_the_query(a: str, b: str) -> None:
    try:
        url = fill(BASE + "p/{{ a }}/end?q={{ b }}&r=1", lambda mark: a if "a" in mark else b)
    except net.UnsafeUrl:
        assert a in ("", ".", "..")
        return

    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc, parts.fragment) == ("https", "api.example.com", "")
    assert [unquote(part) for part in parts.path.split("/")][:2] == ["", "p"]
    assert (parts.path.count("/"), parts.path.endswith("/end")) == (3, True)
    assert (parts.query.count("&"), parts.query.endswith("&r=1")) == (1, True)


HOST_FIRST = (
    "Write out the host: https://api.example.com/. Merge fields may stand behind it, in the path and in the query, "
    "and nowhere else."
)


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        ("{{ v.a }}", HOST_FIRST),
        ("https://{{ v.a }}/", HOST_FIRST),
        ("https://{{ v.a }}.example.com/", HOST_FIRST),
        ("https://example.com{{ v.a }}", HOST_FIRST),
        ("https://example.com:{{ v.a }}/", HOST_FIRST),
        ("{{ v.a }}://example.com/", HOST_FIRST),
        ("ftp://example.com/", HOST_FIRST),
        ("example.com/x", HOST_FIRST),
        ("", HOST_FIRST),
        (BASE + "{% if v.a %}x{% endif %}", "Tags such as {% if %} cannot stand in a URL. Use merge fields alone."),
        (BASE + "{{ v.a | url_encode }}", "Values are escaped for the URL by themselves. Take url_encode out."),
        (
            "https://10.0.0.1/{{ v.a }}",
            "10.0.0.1 is not a public address. Use a URL that can be reached from the internet.",
        ),
        (
            "https://me:pw@example.com/{{ v.a }}",
            "The URL contains a user name or password. Take it out and use a header.",
        ),
        (BASE + "a b", "The URL contains a space, a line break or a backslash. Take it out."),
    ],
)
def test_what_is_wrong_is_told_and_never_filled(template: str, fault: str) -> None:
    assert faults(template) == [fault]
    with pytest.raises(net.UnsafeUrl) as refusal:
        filled(template, a="x")
    assert str(refusal.value) == fault


@pytest.mark.parametrize(
    "template", [BASE, BASE[:-1], BASE + "{{ v.a }}/{{ v.b }}?q={{ v.c }}", "https://a.example?q=1"]
)
def test_what_is_right_passes(template: str) -> None:
    assert faults(template) == []


@pytest.mark.parametrize(
    ("template", "found"),
    [(BASE + "{{ v.a }}", "api.example.com"), ("https://API.Example.com:8443?x", "api.example.com"), ("{{ v.a }}", "")],
)
def test_host(template: str, found: str) -> None:
    assert host(template) == found


@pytest.mark.parametrize(
    ("url", "query", "found"),
    [
        (BASE, "", BASE),
        (BASE, "a=1", BASE + "?a=1"),
        (BASE + "?z=0", "a=1", BASE + "?z=0&a=1"),
        (BASE + "#part", "a=1", BASE + "?a=1"),
    ],
)
def test_with_query(url: str, query: str, found: str) -> None:
    assert with_query(url, query) == found
