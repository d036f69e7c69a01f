from datetime import UTC, date, datetime

import pytest

from triggers.text import TextError, render
from triggers.text.filters import FILTERS

VALUES = {
    "contact": {
        "name": " ada LOVELACE ",
        "bio": "one two  three four",
        "html": '<p>Hi <b>there</b></p><script>x()</script><!-- <i>no</i> -->&amp; <a href="x">you</a> 1 < 2',
        "lines": "a\nb\r\nc",
        "query": "a b&c=ü/",
        "tags": ["VIP", "new"],
        "none": None,
        "no": False,
        "zero": 0,
        "typed": "",
        "bare": [],
        "born": date(1815, 12, 10),
        "seen": datetime(2026, 11, 21, 9, 5, tzinfo=UTC),
    },
    "now": datetime(2026, 1, 2, tzinfo=UTC),
}


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("contact.name | strip", "ada LOVELACE"),
        ("contact.name | strip | upcase", "ADA LOVELACE"),
        ("contact.name | strip | downcase", "ada lovelace"),
        ("contact.name | strip | capitalize", "Ada lovelace"),
        ("contact.name | strip | append: '!'", "ada LOVELACE!"),
        ("contact.name | strip | append: 1", "ada LOVELACE1"),
        ("contact.name | strip | prepend: 'Dear '", "Dear ada LOVELACE"),
        ("contact.name | strip | remove: 'a'", "d LOVELACE"),
        ("contact.bio | truncate: 10", "one two..."),
        ("contact.bio | truncate: 10, ''", "one two  t"),
        ("contact.bio | truncate: 19", "one two  three four"),
        ("contact.bio | truncate: 2", "..."),
        ("contact.bio | truncate", "one two  three four"),
        ("contact.bio | truncatewords: 2", "one two..."),
        ("contact.bio | truncatewords: 3, ' …'", "one two three …"),
        ("contact.bio | truncatewords: 4", "one two  three four"),
        ("contact.bio | truncatewords: 0", "one..."),
        ("'<a href=\"x\">' | escape", "&lt;a href=&quot;x&quot;&gt;"),
        ("contact.query | url_encode", "a+b%26c%3D%C3%BC%2F"),
        ("contact.html | strip_html", "Hi there&amp; you 1 < 2"),
        ("contact.lines | newline_to_br", "a<br />\nb<br />\nc"),
        ("contact.tags | first", "VIP"),
        ("contact.tags | last", "new"),
        ("contact.bare | first", ""),
        ("contact.tags | size", "2"),
        ("contact.bio | size", "19"),
        ("contact.missing | size", "0"),
        ("contact.zero | size", "0"),
        ("contact.tags | upcase", "VIP, NEW"),
        ("contact.missing | upcase", ""),
    ],
)
def test_text_filters(expression: str, text: str) -> None:
    assert render(f"{{{{ {expression} }}}}", VALUES) == text


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("contact.missing | default: 'there'", "there"),
        ("nothing.at.all | default: 'there'", "there"),
        ("contact.none | default: 'there'", "there"),
        ("contact.typed | default: 'there'", "there"),
        ("contact.bare | default: 'there'", "there"),
        ("contact.no | default: 'there'", "there"),
        ("contact.no | default: 'there', allow_false: true", "false"),
        ("contact.zero | default: 'there'", "0"),
        ("contact.bio | default: 'there'", "one two  three four"),
        ("contact.missing | default: contact.zero", "0"),
        ("contact.missing | default", ""),
    ],
)
def test_default_stands_in_for_what_is_missing_or_empty(expression: str, text: str) -> None:
    assert render(f"{{{{ {expression} }}}}", VALUES) == text


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("contact.born | date: '%d %B %Y'", "10 December 1815"),
        ("contact.seen | date: '%Y-%m-%d %H:%M %Z'", "2026-11-21 09:05 UTC"),
        ("'2026-11-21T09:05:00Z' | date: '%d.%m.%Y %H:%M'", "21.11.2026 09:05"),
        ("'2026-11-21' | date: '%A'", "Saturday"),
        ("1700000000 | date: '%Y-%m-%d %H:%M'", "2023-11-14 22:13"),
        ("'1700000000' | date: '%Y'", "2023"),
        ("'next Tuesday' | date: '%Y'", "next Tuesday"),
        ("contact.missing | date: '%Y'", ""),
        ("contact.tags | date: '%Y'", "VIP, new"),
        ("'now' | date: '%d %b %Y'", "02 Jan 2026"),
        ("'today' | date: '%Y'", "2026"),
        ("99999999999999999999 | date: '%Y'", "99999999999999999999"),
    ],
)
def test_date(expression: str, text: str) -> None:
    assert render(f"{{{{ {expression} }}}}", VALUES) == text


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{{ 'now' | date: '%Y' }}", "Line 1: There is no “now” in this text. Use a date field instead."),
        (
            "\n{{ contact.born | date: '" + "%Y" * 51 + "' }}",
            f"Line 2: “{'%Y' * 20}” is not a date format. Write one such as %d %B %Y.",
        ),
    ],
)
def test_a_date_that_cannot_be_written_says_so(source: str, message: str) -> None:
    with pytest.raises(TextError) as raised:
        render(source, {"contact": VALUES["contact"]})

    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a < b and c", "a < b and c"),
        ("<p", "<p"),
        ("<!-- never closed", "<!-- never closed"),
        ("a<!-- b --><!-- c -->d", "ad"),
        ("<STYLE>p{}</STYLE>a", "a"),
        ("<script>never closed", ""),
        ("<br/>a<br />b", "ab"),
        ("<<b>b", "<b"),
    ],
)
def test_strip_html_of_odd_markup(html: str, text: str) -> None:
    assert render("{{ contact.html | strip_html }}", {"contact": {"html": html}}) == text


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("contact.x", "&lt;b&gt; &amp; &#39;"),
        ("contact.x | upcase", "&lt;B&gt; &amp; &#39;"),
        ("contact.x | escape", "&lt;b&gt; &amp; &#39;"),
        ("contact.x | append: '<br>'", "&lt;b&gt; &amp; &#39;<br>"),
        ("contact.x | prepend: '<br>'", "<br>&lt;b&gt; &amp; &#39;"),
        ("'<br>' | append: contact.x", "<br>&lt;b&gt; &amp; &#39;"),
        ("contact.x | truncate: 3, '<i>…</i>'", "<i>…</i>"),
        ("contact.words | truncatewords: 2, '<i>…</i>'", "&lt;a&gt; b<i>…</i>"),
        ("contact.x | strip_html", " &amp; &#39;"),
        ("contact.x | newline_to_br", "&lt;b&gt; &amp; &#39;"),
        ("contact.x | url_encode", "%3Cb%3E+%26+%27"),
        ("contact.missing | default: '<i>you</i>'", "<i>you</i>"),
        ("contact.missing | default: contact.x", "&lt;b&gt; &amp; &#39;"),
        ("contact.list", "&lt;i&gt;, 2"),
        ("contact.list | first", "&lt;i&gt;"),
        ("contact.x | date: '%Y'", "&lt;b&gt; &amp; &#39;"),
        ("contact.born | date: contact.x", "&lt;b&gt; &amp; &#39;"),
        ("contact.born | date: '%d&nbsp;%B'", "10&nbsp;December"),
        ("contact.x | remove: '&'", "&lt;b&gt;  &#39;"),
    ],
)
def test_in_html_values_are_escaped_and_what_the_author_wrote_is_not(expression: str, text: str) -> None:
    contact = {"x": "<b> & '", "words": "<a> b c", "list": ["<i>", 2], "born": date(1815, 12, 10)}

    assert render(f"{{{{ {expression} }}}}", {"contact": contact}, html=True) == text


def test_the_filters_are_these_and_no_others() -> None:
    assert " ".join(sorted(FILTERS)) == (
        "abs append capitalize ceil date default divided_by downcase escape first floor last minus "
        "newline_to_br plus prepend remove round size strip strip_html times truncate truncatewords "
        "upcase url_encode"
    )
