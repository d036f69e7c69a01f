from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from triggers.text import TextError, render, render_json, render_line

VALUES: dict[str, Any] = {
    "contact": {
        "first_name": "Ada",
        "last_name": None,
        "score": 7,
        "price": Decimal("19.90"),
        "vip": True,
        "tags": ["VIP", "new"],
        "born": date(1815, 12, 10),
        "two_lines": "Hi\r\nBcc: all@example.org",
        "long": "a" * 65_536,
        "_secret": "secret",
        "a__b": "secret",
    },
    "event": {"items": [{"name": "Tea", "size": 3}, {"name": "Milk"}], "many": list(range(1_001))},
    "vars": {},
}


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Dear {{ contact.first_name }},", "Dear Ada,"),
        ("{{contact['first_name']}}", "Ada"),
        ("a {{- contact.score -}} b", "a7b"),
        ("{{ contact.price }}", "19.90"),
        ("{{ contact.tags }}", "VIP, new"),
        (
            "{{ contact.tags.size }}{{ contact.tags.first }}{{ contact.tags[1] }}{{ contact.tags[9] }}",
            "2VIPnew",
        ),
        ("{% if contact.vip %}yes{% else %}no{% endif %}", "yes"),
        ("{% if contact.score > 5 and contact.tags contains 'VIP' %}yes{% endif %}", "yes"),
        ("{% if contact.nothing %}yes{% elsif contact.score == 7 %}seven{% endif %}", "seven"),
        ("{% unless contact.last_name %}no last name{% endunless %}", "no last name"),
        ("{% case contact.score %}{% when 6, 7 %}six or seven{% else %}other{% endcase %}", "six or seven"),
        ("{% for item in event.items %}{{ forloop.index }}:{{ item.name }} {% endfor %}", "1:Tea 2:Milk "),
        ("{% for item in event.items reversed limit: 1 %}{{ item.name }}{% endfor %}", "Tea"),
        ("{% for item in event.items %}{{ item.size }}{% break %}{% endfor %}", "3"),
        ("{% for item in vars.none %}x{% else %}nothing{% endfor %}", "nothing"),
        ("{% for contact in event.items %}{{ contact.name }}{% endfor %}", "TeaMilk"),
        ("a{% comment %}{{ b }}{% endcomment %}{% # c %}d", "ad"),
        ("a\r\nb{{ contact.score }}\rc\n", "a\r\nb7\rc\n"),
    ],
)
def test_a_text_is_filled_in(source: str, text: str) -> None:
    assert render(source, VALUES) == text


@pytest.mark.parametrize(
    "name",
    [
        "contact.last_name",
        "contact.nothing",
        "contact.last_name.deeper",
        "contact.first_name.deeper",
        "contact.first_name[0]",
        "contact.tags[9]",
        "nothing",
        "nothing.at.all",
        "contact._secret",
        "contact['_secret']",
        "contact.a__b",
        "now",
        "today",
        "partial",
        "forloop.index",
    ],
)
def test_missing_and_hidden_values_are_empty(name: str) -> None:
    assert render(f"[{{{{ {name} }}}}]", VALUES) == "[]"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{{ contact }}", "A group of fields cannot be shown as text. Name one field of the group."),
        (
            "{% for i in event.many %}x{% endfor %}",
            "The loops go round more than 1,000 times. Limit them with “limit: 20”.",
        ),
        (
            "{% for i in event.items %}" * 28 + "{% endfor %}" * 28,
            "The loops go round more than 1,000 times. Limit them with “limit: 20”.",
        ),
        ("{{ contact.long }}!", "The text becomes longer than 64 KB. Shorten it."),
        (
            "\n{{ contact.long | append: '!' }}",
            "Line 2: A filter makes a text longer than 64 KB. Shorten what it is given.",
        ),
        (
            "{% if contact.score > 'a' %}{% endif %}",
            "Line 1: This cannot be read: '<' and '>' are not supported between 'str' and 'int'.",
        ),
        ("\n{{ contact.first_name | shout }}", "Line 2: There is no filter “shout”. You can use: "),
        ("{{ contact.first_name }", "Line 1: “{{” is never closed. Close it with “}}”."),
        ("{{ contact.first_name }}\ud800", "The text cannot be rendered with these values."),
        (
            "{% for i in event.items %}{% for j in forloop %}x{% endfor %}{% endfor %}",
            "The text cannot be rendered with these values.",
        ),
        ("a" * 20_001, "The text is longer than 20 kB. Shorten it."),
    ],
)
def test_what_cannot_be_rendered_says_why(source: str, message: str) -> None:
    with pytest.raises(TextError) as raised:
        render(source, VALUES)

    assert str(raised.value).startswith(message)


def test_one_list_nested_too_deep_is_refused() -> None:
    source = "{% for i in event.one %}" * 30 + "x" + "{% endfor %}" * 30

    with pytest.raises(TextError) as raised:
        render(source, {"event": {"one": [1]}})

    assert str(raised.value) == "Loops are nested too deep. Flatten them."


def test_exactly_64_kb_are_allowed_and_longer_values_are_cut() -> None:
    assert render("{{ contact.long }}", VALUES) == "a" * 65_536
    assert render("{{ contact.long }}", {"contact": {"long": "b" * 70_000}}) == "b" * 65_536


def test_only_html_is_escaped() -> None:
    values = {"contact": {"first_name": "<b>Ada</b>"}}

    assert render("<p>{{ contact.first_name }}</p>", values) == "<p><b>Ada</b></p>"
    assert render("<p>{{ contact.first_name }}</p>", values, html=True) == "<p>&lt;b&gt;Ada&lt;/b&gt;</p>"


def test_rendering_leaves_the_values_alone() -> None:
    values = {"event": {"items": [{"name": "Tea"}]}}

    render("{% for item in event.items %}{{ item.name | upcase }}{% endfor %}", values)

    assert values == {"event": {"items": [{"name": "Tea"}]}}


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("  Welcome {{ contact.first_name }} ", "Welcome Ada"),
        ("{{ contact.two_lines }}", "Hi Bcc: all@example.org"),
        ("a\r\n\r\n  b\rc\nd", "a b c d"),
        ("a\u2028b\x85c\x0bd\x1ce", "a b c d e"),
        ("{{ contact.nothing }}\n", ""),
    ],
)
def test_a_line_is_one_line(source: str, line: str) -> None:
    assert render_line(source, VALUES) == line


def test_json_keeps_keys_and_types() -> None:
    tree = {
        "{{ contact.first_name }}": "{{ contact.first_name }}",
        "score": "{{ contact.score }}",
        "price": "{{ contact.price }}",
        "vip": "{{- contact.vip -}}",
        "tags": "{{ contact.tags }}",
        "first": "{{ contact.tags[0] }}",
        "born": "{{ contact.born }}",
        "none": ["{{ contact.last_name }}", "{{ contact.nothing }}", "{{ contact._secret }}"],
        "text": "{{ contact.score }} points",
        "filtered": "{{ contact.score | plus: 1 }}",
        "spaced": " {{ contact.score }}",
        "literal": "{{ 7 }}",
        "same": [1, 2.5, True, None, "plain"],
    }

    assert render_json(tree, VALUES) == {
        "{{ contact.first_name }}": "Ada",
        "score": 7,
        "price": 19.9,
        "vip": True,
        "tags": ["VIP", "new"],
        "first": "VIP",
        "born": "1815-12-10",
        "none": [None, None, None],
        "text": "7 points",
        "filtered": "8",
        "spaced": " 7",
        "literal": "7",
        "same": [1, 2.5, True, None, "plain"],
    }


def test_json_is_not_escaped_or_broken_by_values() -> None:
    values = {"contact": {"first_name": '"}, <b>\n'}}

    assert render_json({"a": "Hi {{ contact.first_name }}"}, values) == {"a": 'Hi "}, <b>\n'}


def nested(levels: int) -> Any:
    tree: Any = "a"
    for _ in range(levels):
        tree = {"a": [tree]}
    return tree


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        (nested(11), "The data is nested more than 20 deep. Flatten it."),
        ([[]] * 20_000, "The data is larger than 256 KB. Send less of it."),
        (["a"] * 20_000, "The data is larger than 256 KB. Send less of it."),
        (["{{ contact.long }}"] * 5, "The data is larger than 256 KB. Send less of it."),
        ([{"a" * 300_000: 1}], "The data is larger than 256 KB. Send less of it."),
        ({"a": object()}, "The data holds something that is not JSON."),
        ({"a": "{{ contact"}, "Line 1: “{{” is never closed. Close it with “}}”."),
        ({"a": "{{ contact.score | shout }}"}, "Line 1: There is no filter “shout”. You can use: "),
    ],
)
def test_json_is_bounded(tree: Any, message: str) -> None:
    with pytest.raises(TextError) as raised:
        render_json(tree, VALUES)

    assert str(raised.value).startswith(message)


def test_json_twenty_deep_is_allowed() -> None:
    assert render_json(nested(10), VALUES) == nested(10)
