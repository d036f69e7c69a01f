"""What hostile and careless people write into a text (T25): nothing is run, all of it ends soon."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triggers.text import TextError, TextProblem, check, merge_fields, render, render_json, render_line

# Calls and returns within one text; the dearest below needs half of them.
MOST_CALLS = 8_000_000


class Contact:
    """What must never come near a template: reading it in any way is noted."""

    touched: list[str] = []

    def __getattribute__(self, name: str) -> Any:
        Contact.touched.append(name)
        return object.__getattribute__(self, name)

    def delete(self) -> str:
        return "deleted"

    def __str__(self) -> str:
        Contact.touched.append("str")
        return "contact"


def values() -> dict[str, Any]:
    return {
        "contact": {
            "first_name": "Ada",
            "long": "a" * 70_000,
            "odd": "ΐ" * 65_000,
            "open": ">" + "<a " * 21_000,
            "deep": [list(range(1_000)) for _ in range(90)],
            "_connector": "secret",
            "a__b": "secret",
        },
        "event": {"two": [1, 2], "hundred": list(range(100)), "many": list(range(1_000))},
    }


INERT = [
    "{{7*7}}",
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ contact.__class__ }}",
    "{{ contact['__class__'] }}",
    "{{ contact.first_name.__class__ }}",
    "{{ contact._connector }}",
    "{{ contact.a__b }}",
    "{{ contact.delete }}",
    "{{ contact.delete() }}",
    "{{ x.delete }}",
    "{{ contact[event.two] }}",
    "{{ [contact.first_name] }}",
    "{{ request.user.password }}",
    "{{ settings.SECRET_KEY }}",
    "{{ self.__init__.__globals__ }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ contact | attr: '__class__' }}",
    "{{ contact.first_name | safe }}",
    "{{ contact.first_name | replace: 'A', contact.first_name }}",
    "{{ contact.first_name | upcase: context: 1 }}",
    "{{ contact.first_name | escape: environment: contact }}",
    "{{ 'a' | ljust: 200000000 }}",
    "{{ 'a' * 200000000 }}",
    "{{ now }}",
    "{{ today }}",
    "{{ partial }}",
    "{{ forloop }}",
    "{% for item in forloop %}{{ item }}{% endfor %}",
    "{% debug %}",
    "{% load static %}",
    "{% include 'settings.py' %}",
    "{% render 'x' %}",
    "{% extends 'x' %}",
    "{% import os %}",
    "{% raw %}{{ contact.first_name }}{% endraw %}",
    "{% assign x = 'a' %}{{ x }}",
    "{% capture x %}a{% endcapture %}{{ x }}",
    "{% echo contact.first_name %}",
    "{% cycle 'a', 'b' %}",
    "{% tablerow x in event.two %}a{% endtablerow %}",
    "{% increment x %}",
    "{% decrement x %}",
    "{% ifchanged %}a{% endifchanged %}",
    "{% liquid echo 'a' %}",
    "{% doc %}a{% enddoc %}",
]


@pytest.mark.parametrize("source", INERT)
def test_nothing_in_a_template_reaches_beyond_its_values(source: str) -> None:
    problems = check(source, lambda name: name in ("contact.first_name", "event.two"))

    try:
        text = render(source, values())
    except TextError:
        text = ""

    assert len(problems) > 0
    assert text == ""


@pytest.mark.parametrize(
    "source",
    ["{0.__class__}", "{contact.__class__}", "%s %(contact)s", "${7*7}", "#{7*7}", "<%= 7*7 %>", "}} %}"],
)
def test_the_placeholders_of_other_languages_are_plain_text(source: str) -> None:
    assert check(source, lambda name: False) == []
    assert render(source, values()) == source


@pytest.mark.parametrize("source", ["{{ contact.delete }}", "{{ contact }}", "{% if contact %}a{% endif %}"])
def test_an_object_among_the_values_is_refused_untouched(source: str) -> None:
    Contact.touched = []

    with pytest.raises(TextError) as raised:
        render(source, {"contact": Contact()})

    assert str(raised.value) == ("A value of the kind “Contact” cannot stand in a text. Use text, numbers and dates.")
    assert Contact.touched == []


def filled(unit: str, length: int = 19_500) -> str:
    return unit * (length // len(unit))


def looped(body: str) -> str:
    return "{% for item in event.many %}" + body + "{% endfor %}"


EXPENSIVE = {
    "unclosed braces with blanks": "{{" + " " * 19_000,
    "closed braces with blanks": filled("{{" + " " * 990 + "}}"),
    "tags with blanks": filled("{% if" + " " * 990 + "%}"),
    "unclosed tag with a long name": "{%" + "a" * 19_000,
    "unclosed raw": filled("{% raw %}"),
    "unclosed doc": filled("{% doc %}"),
    "opening braces": filled("{{"),
    "unclosed blocks": filled("{% if contact.first_name %}"),
    "nested blocks": "{% if 1 %}" * 900 + "{% endif %}" * 900,
    "nested loops": "{% for a in event.two %}" * 29 + "x" + "{% endfor %}" * 29,
    "multiplying loops": "{% for a in event.hundred %}" * 2 + "x" + "{% endfor %}" * 2,
    "many loops": filled(looped("")),
    "repeated when": "{% case 1 %}{% when 1, 1, 1, 1, 1, 1, 1, 1 %}" * 25 + "{% endcase %}" * 25,
    "long conditions in a loop": looped(filled("{% if " + "1 == 2 or " * 90 + "1 == 2 %}{% endif %}", 19_000)),
    "deep conditions": filled("{% if " + "a == " * 190 + "a %}{% endif %}"),
    "branches in a loop": looped("{% if 1 == 2 %}" + filled("{% elsif 1 == 2 %}", 19_000) + "{% endif %}"),
    "comments in a loop": looped(filled("{% comment %}{% endcomment %} ", 19_000)),
    "brackets": "{{" + "[" * 900 + "}}",
    "parentheses": "{{" + "(" * 900 + "}}",
    "quotes": "{{" + "[\"'" * 300 + "}}",
    "huge range joined": '{{ (1..100000000) | join: "," }}',
    "huge range looped": "{% for i in (1..100000000) %}x{% endfor %}",
    "range as a limit": "{% for i in event.two limit: (1..100000000) %}x{% endfor %}",
    "range in a case": "{% case contact.first_name %}{% when (1..100000000) %}x{% endcase %}",
    "range in a condition": "{% if (1..100000000) contains 5 %}x{% endif %}",
    "doubling append": "{{ contact.long" + " | append: contact.long" * 40 + " }}",
    "doubling append in a loop": looped("{{ contact.long | append: contact.long | truncate: 1 }}"),
    "long filter chains": looped("{{ contact.odd" + " | downcase" * 80 + " | truncate: 1 }}"),
    "tags that never close": filled("{{ contact.open | strip_html | truncate: 1 }}"),
    "percent encoding": filled("{{ contact.odd | truncate: 7000 | url_encode | truncate: 1 }}"),
    "growing numbers": "{{ 99999999" + " | times: 99999999" * 50 + " }}",
    "many decimals": "{{ 1.5 | round: 1000000000 }}",
    "wide dates": '{{ "2026-01-01" | date: "%999999999Y" }}',
    "deep comparisons": looped(filled("{% if contact.deep == contact.deep %}{% endif %}", 19_000)),
    "long texts compared": looped(filled("{% if contact.long contains contact.odd %}{% endif %}", 19_000)),
    "reversed lists": looped(filled("{% for b in event.many reversed limit: 1 %}{% endfor %}", 19_000)),
}


@contextmanager
def counted() -> Iterator[list[int]]:
    """Counts calls and returns, of Python and of C; one that goes far beyond the bound is ended."""
    calls = [0]

    def count(*_event: object) -> None:
        calls[0] += 1
        if calls[0] > 2 * MOST_CALLS:
            sys.setprofile(None)
            pytest.fail("the text goes on and on")

    sys.setprofile(count)
    try:
        yield calls
    finally:
        sys.setprofile(None)


@pytest.mark.parametrize("source", EXPENSIVE.values(), ids=EXPENSIVE.keys())
def test_no_text_keeps_a_worker_busy(source: str) -> None:
    with counted() as calls:
        check(source, lambda name: True)
        try:
            text = render(source, values())
        except TextError:
            text = ""

    assert len(text.encode()) <= 64 * 1024
    assert calls[0] < MOST_CALLS


RANGES = [source for name, source in EXPENSIVE.items() if "range" in name]


@pytest.mark.parametrize("source", RANGES)
def test_a_range_is_refused_when_saving_and_when_rendering(source: str) -> None:
    problems = check(source, lambda name: True)

    assert TextProblem("A range such as (1..5) cannot be used. Loop over a list field.", 1) in problems
    with pytest.raises(TextError):
        render(source, values())


WORDS = """
{{ }} {% %} {%- -%} | : , . .. ( ) [ ] ' " == > = contains and or if endif else elsif unless endunless case
when endcase for endfor in limit offset reversed break continue comment endcomment # raw endraw contact
contact.first_name event.two event.two.first item forloop.index 1 2.5 -1 nil empty blank true upcase date
default truncate append plus times divided_by round first size strip_html __class__
"""
PIECES = st.sampled_from([*WORDS.split(), " ", "\n", "\r", "\x00", "ü", "\ud800"])
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(PIECES, max_size=40).map(" ".join),
    st.lists(PIECES, max_size=6).map(lambda pieces: "{{ contact.first_name " + " ".join(pieces) + " }}"),
    st.lists(PIECES, max_size=6).map(lambda pieces: "{% if " + " ".join(pieces) + " %}a{% endif %}"),
)
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.dates(), st.datetimes()
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def told(act: Callable[..., Any], *args: Any) -> str:
    """What a person is told when the text is refused; anything but a TextError fails the test."""
    try:
        act(*args)
    except TextError as error:
        return str(error)
    return "done"


def try_everything(source: str, name: Any, two: Any) -> None:
    given_values = {"contact": {"first_name": name}, "event": {"two": two}}

    assert all(problem.message for problem in check(source, lambda field: len(field) % 2 == 0))
    assert told(merge_fields, source)
    assert told(render, source, given_values)
    assert told(partial(render, html=True), source, given_values)
    assert told(render_line, source, given_values)
    assert told(render_json, [source], given_values)


@given(source=TEXTS, name=VALUES, two=VALUES)
@settings(max_examples=500, deadline=None)
def test_any_text_is_rendered_or_refused(source: str, name: Any, two: Any) -> None:
    try_everything(source, name, two)


@pytest.mark.nightly
@given(source=TEXTS, name=VALUES, two=VALUES)
@settings(max_examples=100_000, deadline=None)
def test_any_text_is_rendered_or_refused_at_length(source: str, name: Any, two: Any) -> None:
    try_everything(source, name, two)


def scores(score: int) -> str:
    source = "{% for n in event.two %}{{ n | plus: contact.score }} {% endfor %}{{ contact.score }}"
    return render(source, {"contact": {"score": score}, "event": {"two": [1, 2]}})


def test_texts_render_side_by_side() -> None:
    with ThreadPoolExecutor(8) as threads:
        texts = list(threads.map(scores, range(500)))

    assert texts == [f"{score + 1} {score + 2} {score}" for score in range(500)]
