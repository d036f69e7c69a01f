import pytest

from triggers.text.errors import TextError
from triggers.text.scan import is_marked, scan

ALLOWED = "Tags you can use: if, unless, case, for, comment."


@pytest.mark.parametrize(
    "source",
    [
        "",
        "no braces",
        "{ one } }} %}",
        "{{ a }}{{- a -}}",
        "{% if a %}{% elsif b %}{% else %}{% endif %}",
        "{%- unless a -%}{% else %}{%- endunless -%}",
        "{% case a %}{% when 1 %}{% else %}{% endcase %}",
        "{% for a in b %}{% if a %}{% break %}{% endif %}{% continue %}{% else %}{% endfor %}",
        "{% comment %}{% assign %}{% if %}{% comment %}{% endcomment %}{% endif %}{% endcomment %}",
        "{% # a remark %}",
    ],
)
def test_what_can_be_read_passes(source: str) -> None:
    assert scan(source) is None


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("a\n{{ b", 2, "“{{” is never closed. Close it with “}}”."),
        ("a\n\n{% if b }}", 3, "“{%” is never closed. Close it with “%}”."),
        ("{{ }}", 1, "The braces are empty. Name a merge field, such as {{ contact.first_name }}."),
        ("{%%}", 1, f"The tag “” cannot be used here. {ALLOWED}"),
        ("{% 'a' %}", 1, f"The tag “” cannot be used here. {ALLOWED}"),
        ("\n{% assign a = 1 %}", 2, f"The tag “assign” cannot be used here. {ALLOWED}"),
        ("{% comment %}{% raw %}{% endcomment %}", 1, f"The tag “raw” cannot be used here. {ALLOWED}"),
        ("{% if a %}\n{% for b in c %}{% endfor %}", 1, "“if” is never closed. Close it with {% endif %}."),
        (
            "{% if a %}\n{% endfor %}",
            2,
            "“endfor” does not close the block that is open here. Remove it, or open its block.",
        ),
        ("{% else %}", 1, "“else” stands outside its block. It belongs inside: if, unless, case, for."),
        ("{% if a %}{% when 1 %}", 1, "“when” stands outside its block. It belongs inside: case."),
        ("{% if a %}{% break %}{% endif %}", 1, "“break” stands outside its block. It belongs inside: for."),
        ("{% if a %}" * 31, 1, "Blocks are nested more than 30 deep. Flatten them."),
        (
            "{{ '" + "a" * 1_000 + "' }}",
            1,
            "More than 1,000 characters or a long gap stand between two braces. Shorten this.",
        ),
        (
            "{{" + " " * 64 + "a }}",
            1,
            "More than 1,000 characters or a long gap stand between two braces. Shorten this.",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_line(source: str, line: int, message: str) -> None:
    with pytest.raises(TextError) as raised:
        scan(source)

    assert (raised.value.line, raised.value.message) == (line, message)


@pytest.mark.parametrize("source", ["a" * 20_001, "ü" * 10_001])
def test_more_than_20_kb_are_refused(source: str) -> None:
    with pytest.raises(TextError) as raised:
        scan(source)

    assert str(raised.value) == "The text is longer than 20 kB. Shorten it."


def test_20_kb_are_allowed() -> None:
    assert scan("ü" * 10_000) is None


def test_a_text_is_marked_by_opening_braces_only() -> None:
    assert [is_marked(source) for source in ("{{ a", "{% a", "}} %} {a}", "")] == [True, True, False, False]
