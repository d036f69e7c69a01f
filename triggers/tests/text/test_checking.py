import pytest

from triggers.text import TextError, TextProblem, check, merge_fields
from triggers.text.filters import FILTERS

FIELDS = {"contact.first_name", "contact.tags", "contact.size", "event.items", "vars.code"}
RANGE = "A range such as (1..5) cannot be used. Loop over a list field."


def known(name: str) -> bool:
    return name in FIELDS


@pytest.mark.parametrize(
    "source",
    [
        "",
        "Hello",
        "{{ contact.first_name | default: 'there' }}",
        "{{ contact['first_name'] }}",
        "{{ contact.size }} {{ contact.tags.size }} {{ contact.tags.first }} {{ contact.tags[0] }}",
        "{% for item in event.items %}{{ item.name }} {{ forloop.index }}{% endfor %}",
        "{{ event.items[0].name | truncate: 10, '…' }}",
        "{{ event.items.first.name }}",
        "{% if contact.tags contains 'VIP' and contact.tags.size > 1 %}{{ vars.code }}{% endif %}",
        "{{ contact.first_name | default: 'x', allow_false: true }}",
        "{% comment %}{{ contact.nothing }}{% endcomment %}",
    ],
)
def test_a_sound_text_has_no_problems(source: str) -> None:
    assert check(source, known) == []


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("contact.frist_name", "Choose one from the list, such as contact.first_name."),
        ("contact", "Choose one from the list, such as contact.first_name."),
        ("contact.nothing.size", "Choose one from the list, such as contact.first_name."),
        ("contact._connector", "Choose one from the list, such as contact.first_name."),
        ("contact.first__name", "Choose one from the list, such as contact.first_name."),
        ("Contact.First_Name", "Did you mean “contact.first_name”?"),
        ("first_name", "Did you mean “contact.first_name”?"),
        ("code", "Did you mean “vars.code”?"),
    ],
)
def test_an_unknown_field_is_named_with_its_line_and_what_would_be_right(name: str, advice: str) -> None:
    problems = check(f"Hello\n{{{{ {name} }}}}", known)

    assert problems == [TextProblem(f"“{name}” is not a merge field. {advice}", 2)]


@pytest.mark.parametrize(
    "source",
    [
        "{{ x }}",
        "{{ contact.first_name | append: x }}",
        "{{ contact.first_name | default: 'a', allow_false: x }}",
        "{% if x %}{% endif %}",
        "{% if false %}{% elsif true and x == 1 %}{% endif %}",
        "{% unless x %}{% endunless %}",
        "{% case x %}{% endcase %}",
        "{% case 1 %}{% when 2, x %}{% endcase %}",
        "{% for item in x %}{% endfor %}",
        "{% for item in event.items limit: x %}{% endfor %}",
        "{% for item in event.items offset: x %}{% endfor %}",
        "{% for item in event.items %}{{ x }}{% endfor %}",
        "{% for x in event.items %}{% endfor %}{{ x }}",
        "{% for item in event.items %}{% else %}{{ x }}{% endfor %}",
    ],
)
def test_a_field_is_found_wherever_it_stands(source: str) -> None:
    problems = check(source, known)

    assert problems == [
        TextProblem("“x” is not a merge field. Choose one from the list, such as contact.first_name.", 1)
    ]


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ("upcas", "There is no filter “upcas”. You can use: upcase."),
        ("replace: 'a', 'b'", f"There is no filter “replace”. You can use: {', '.join(FILTERS)}."),
        ("upcase: 1", "The filter “upcase” is not written like this. Write it so: upcase."),
        ("date", 'The filter “date” is not written like this. Write it so: date: "%d %B %Y".'),
        ("append: 'a', 'b'", 'The filter “append” is not written like this. Write it so: append: "!".'),
        ("escape: environment: 1", "The filter “escape” is not written like this. Write it so: escape."),
        ("truncate: num: 3", "The filter “truncate” is not written like this. Write it so: truncate: 50."),
    ],
)
def test_a_filter_that_does_not_exist_or_fit_is_named(filters: str, message: str) -> None:
    assert check(f"{{{{ contact.first_name | {filters} }}}}", known) == [TextProblem(message, 1)]


@pytest.mark.parametrize("name", ["_item", "item._secret", "item['a__b']"])
def test_a_hidden_name_is_unknown_in_a_loop_too(name: str) -> None:
    problems = check(
        f"{{% for item in event.items %}}{{% for _item in item.list %}}{{{{ {name} }}}}{{% endfor %}}{{% endfor %}}",
        known,
    )

    assert [problem.message.split(". ")[1] for problem in problems] == [
        "Choose one from the list, such as contact.first_name."
    ]


def test_a_name_taken_from_another_field_is_refused() -> None:
    problems = check("{{ contact[vars.code] }}", known)

    assert problems == [
        TextProblem("“contact[vars.code]” takes a field's name from another field. Write the name itself.", 1)
    ]


@pytest.mark.parametrize(
    ("source", "line", "reason"),
    [
        ("{{ contact.first_name | }}", 1, "expected word, found end of expression"),
        ("a\n{{ contact.first_name + 1 }}", 2, "unexpected '+'"),
        ("{% for item of event.items %}{% endfor %}", 1, "expected in, found word"),
        ("{{ contact.0 }}", 1, "expected an identifier, found integer"),
        ("{% if contact.first_name = 1 %}{% endif %}", 1, "expected end of expression, found '='"),
    ],
)
def test_a_text_liquid_cannot_read_is_one_problem_with_its_line(source: str, line: int, reason: str) -> None:
    problems = check(source, known)

    assert problems == [TextProblem(f"This cannot be read: {reason}.", line)]


def test_a_condition_too_long_to_follow_is_refused() -> None:
    problems = check("{% if " + "1<" * 490 + "1 %}{% endif %}", known)

    assert problems == [TextProblem("A condition or a path in the text is too long. Split it.", None)]


def test_a_field_called_like_a_word_of_liquid_is_written_in_brackets() -> None:
    problems = check("a\n{{ contact.limit }}", known)

    assert problems == [
        TextProblem('“limit” is a word of Liquid. Write a field of this name in brackets: ["limit"].', 2)
    ]
    assert check('{{ contact["limit"] }}', lambda name: name == "contact.limit") == []


def test_every_problem_is_reported_by_line_and_once() -> None:
    source = "{{ x }}{{ x }}\n{{ y | shout }}\n{% for a in (1..3) %}{{ z }}{% endfor %}"

    problems = check(source, known)

    assert [(problem.line, problem.message.split(". ")[0]) for problem in problems] == [
        (1, "“x” is not a merge field"),
        (2, "There is no filter “shout”"),
        (2, "“y” is not a merge field"),
        (3, RANGE.split(". ")[0]),
        (3, "“z” is not a merge field"),
    ]


def test_merge_fields_are_the_dotted_names_without_loop_variables() -> None:
    source = (
        "{{ contact.first_name | default: vars.name }}{{ contact['last_name'] }}{{ contact._x }}"
        "{% for item in event.items %}{{ item.name }}{{ forloop.index }}{% endfor %}"
    )

    assert merge_fields(source) == {"contact.first_name", "contact.last_name", "vars.name", "event.items"}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("{{ contact.tags.size }}", {"contact.tags.size", "contact.tags"}),
        ("{{ event.items[0].name }}", {"event.items"}),
        ("{{ event.items.first.name }}", {"event.items.first.name", "event.items"}),
        ("{{ contact.size }}", {"contact.size", "contact"}),
        ("no fields", set()),
    ],
)
def test_a_field_before_an_item_or_a_property_is_named_too(source: str, names: set[str]) -> None:
    assert merge_fields(source) == names


def test_merge_fields_of_an_unreadable_text_raise() -> None:
    with pytest.raises(TextError) as raised:
        merge_fields("a\n{{ b")

    assert str(raised.value) == "Line 2: “{{” is never closed. Close it with “}}”."
