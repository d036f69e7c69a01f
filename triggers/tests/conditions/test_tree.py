import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triggers.conditions.fields import OPERATORS
from triggers.conditions.judge import judge
from triggers.conditions.nodes import Group, Leaf, Not
from triggers.conditions.sentence import describe
from triggers.conditions.tree import ALWAYS, InvalidTree, Problem, check, compile_tree, fields_of
from triggers.tests.conditions.trees import FIELDS, facts, leaf, trees

GOOD = leaf("contact.name", "is", "Anna")
NOW = datetime(2026, 3, 31, tzinfo=UTC)


def problems(tree) -> list[tuple]:
    return [(problem.path, problem.message) for problem in check(tree, FIELDS.get)]


def nested(depth: int) -> dict:
    tree = GOOD
    for level in range(depth):
        tree = {"not": tree} if level % 2 else {"all": [tree]}
    return tree


@pytest.mark.parametrize(
    "tree",
    [
        None,
        GOOD,
        {"field": "contact.name", "op": "is_set"},
        {"all": [GOOD, {"any": [GOOD, {"not": GOOD}]}]},
        nested(4),
        {"any": [GOOD] * 50},
    ],
)
def test_what_is_right_has_no_problems(tree):
    assert check(tree, FIELDS.get) == []


A_NODE = "Enter a condition or a group of conditions."
ONE_KEY = 'Use one of "all", "any" and "not" per group, and no other key.'
KEYS = "A condition has field, op and value; a group has all, any or not."
EMPTY = "Add at least one condition to the group."


@pytest.mark.parametrize(
    ("tree", "path", "message"),
    [
        ([], (), A_NODE),
        ("1 == 1", (), A_NODE),
        (True, (), A_NODE),
        ({}, ("field",), "Choose a field."),
        ({"all": []}, ("all",), EMPTY),
        ({"any": {}}, ("any",), EMPTY),
        ({"not": None}, ("not",), A_NODE),
        ({"not": [GOOD]}, ("not",), A_NODE),
        ({"all": [GOOD], "any": [GOOD]}, (), ONE_KEY),
        ({"all": [GOOD], "op": "is"}, (), ONE_KEY),
        ({"all": [GOOD, 5]}, ("all", 1), A_NODE),
        ({**GOOD, "_connector": "OR"}, (), KEYS),
        ({**GOOD, "_negated": True}, (), KEYS),
        ({"feild": "contact.name"}, (), KEYS + " Did you mean field?"),
        ({5: GOOD}, (), KEYS),
        (leaf("", "is", "x"), ("field",), "Choose a field."),
        (leaf(5, "is", "x"), ("field",), "Choose a field."),
        (leaf("shoe", "is", "x"), ("field",), 'There is no field "shoe".'),
        (leaf("contact.naem", "is", "x"), ("field",), 'There is no field "contact.naem". Did you mean'),
        (nested(5), ("all", 0, "not", "all", 0, "not"), "Nest groups at most 4 deep."),
        ({"all": [GOOD] * 51}, (), "Use at most 50 conditions."),
        (leaf("contact.score", "gt", "x"), ("value",), "Enter a number, for example 5000."),
        ({"all": [leaf("contact.name", "is_any_of", ["x", 5])]}, ("all", 0, "value", 1), "Enter text."),
    ],
)
def test_what_is_wrong_is_named_where_it_is(tree, path, message):
    ((found_path, found_message),) = problems(tree)

    assert found_message.startswith(message)
    assert found_path == path


def test_close_names_are_suggested():
    ((_, unknown_field),) = problems(leaf("contact.contry", "is", "DE"))
    ((_, unknown_op),) = problems(leaf("contact.vip", "is_nt_set"))

    assert unknown_field.startswith('There is no field "contact.contry". Did you mean contact.country')
    assert unknown_op == ("Choose a comparison that fits VIP: is, is_set, is_not_set. Did you mean is_not_set, is_set?")


def test_a_lookup_that_is_a_plain_function_suggests_nothing():
    ((problem),) = check(leaf("contact.contry", "is", "DE"), lambda name: FIELDS.get(name))

    assert problem.message == 'There is no field "contact.contry".'


def test_every_problem_is_reported_at_once():
    tree = {"all": [leaf("shoe", "is", 1), leaf("contact.name", "gt", 1), {"not": leaf("contact.vip", "is", 1)}]}

    assert [path for path, _ in problems(tree)] == [
        ("all", 0, "field"),
        ("all", 1, "op"),
        ("all", 2, "not", "value"),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "contact.name__icontains",
        "contact__name",
        "contact.owner__password",
        "contact.__class__",
        "__class__.__mro__",
        "contact.name.__init__.__globals__",
        "_connector",
        "_negated",
        "pk__in",
        "contact.name' OR 1=1 --",
        "{{ contact.name }}",
        "{contact.name.__class__}",
        "contact.name\0",
        "contact.name\ud800",
        "CONTACT.NAME",
        "contact.name ",
        pytest.param("x" * 100_000, id="endless"),
    ],
)
def test_a_name_that_is_not_a_field_reaches_nothing(name):
    ((path, message),) = problems(leaf(name, "is", "x"))

    assert path == ("field",)
    assert message.startswith("There is no field")
    assert len(message) < 400


@pytest.mark.parametrize(
    "op",
    ["icontains", "regex", "iregex", "name__is", "__eq__", "is ", "", None, 5, ["is"], {"is": 1}, "isnull"],
)
def test_an_operator_that_does_not_exist_reaches_nothing(op):
    ((path, message),) = problems(leaf("contact.name", op, "x"))

    assert path == ("op",)
    assert message.startswith("Choose a comparison that fits name: is, is_not, contains")


@pytest.mark.parametrize("value", [{"__class__": "x"}, {"$ne": None}, [["x"]], {"F": "contact.score"}, 5, True])
def test_a_value_is_never_a_structure(value):
    ((path, message),) = problems(leaf("contact.name", "is", value))

    assert (path, message) == (("value",), "Enter text.")


@pytest.mark.parametrize(
    "text",
    [
        "{{ 7*7 }}",
        "{% debug %}",
        "${7*7}",
        "{0.__class__}",
        "%(field)s %s %n",
        "__import__('os')",
        ".*",
        "(a+)+$",
        "%",
        "_",
        "x\r\nBcc: a@example.org",
        "=1+1",
    ],
)
def test_code_as_a_value_stays_the_text_it_is(text):
    node = compile_tree(leaf("contact.name", "is", text), FIELDS.get)

    for fact, expected in [(text, True), ("49", False), ("aaaa!", False)]:
        assert judge(node, {"contact.name": fact}, NOW, ZoneInfo("UTC")).passed is expected
    assert describe(leaf("contact.name", "is", text), FIELDS.get) == f"name is {text}"


def test_a_tree_as_deep_as_memory_allows_is_refused_at_once():
    deep: dict = GOOD
    for _ in range(100_000):
        deep = {"not": deep}

    ((_, message),) = problems(deep)

    assert message == "Nest groups at most 4 deep."


def test_a_tree_with_a_million_entries_is_not_read_to_the_end():
    assert len(problems({"all": [5] * 1_000_000})) == 51
    assert problems({"all": [GOOD] * 1_000_000}) == [((), "Use at most 50 conditions.")]


def test_compiling_keeps_the_shape():
    node = compile_tree({"all": [GOOD, {"not": {"any": [GOOD]}}]}, FIELDS.get)

    assert isinstance(node, Group)
    first, second = node.children
    assert isinstance(first, Leaf)
    assert (first.name, first.op, first.value, first.operand) == ("contact.name", "is", "Anna", "anna")
    assert isinstance(second, Not)
    assert isinstance(second.child, Group)
    assert second.child.kind == "any"


def test_no_tree_compiles_to_what_always_holds():
    assert compile_tree(None, FIELDS.get) is ALWAYS


def test_compiling_what_does_not_check_says_why():
    with pytest.raises(InvalidTree, match=r'all\.0\.field: There is no field "shoe"\.') as invalid:
        compile_tree({"all": [leaf("shoe", "is", "x")]}, FIELDS.get)

    assert invalid.value.problems == [Problem(("all", 0, "field"), 'There is no field "shoe".')]


def test_fields_of_names_everything_asked_about():
    tree = {"all": [GOOD, {"not": leaf("event.tag", "is", "x")}, {"any": [leaf("contact.score", "gt", 5)]}]}

    assert fields_of(tree) == {"contact.name", "event.tag", "contact.score"}
    assert fields_of(None) == set()


WORDS = ["all", "any", "not", "field", "op", "value", "_connector", "__class__", "from", "to", "days", *FIELDS]
WORDS += [*OPERATORS, "DE", "won", "2026-03-31", "2026-03-31T09:00", "5", "NaN", "1e999", "", "\0", "\ud800"]
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(WORDS) | st.text(max_size=8)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=4), inner, max_size=4)
        | st.fixed_dictionaries(
            {"field": st.sampled_from(list(FIELDS)), "op": st.sampled_from(list(OPERATORS)), "value": inner}
        )
    ),
    max_leaves=20,
)


def _survives(tree, values):
    if check(tree, FIELDS.get):
        with pytest.raises(InvalidTree):
            compile_tree(tree, FIELDS.get)
        return
    verdict = judge(compile_tree(tree, FIELDS.get), values, NOW, ZoneInfo("America/Sao_Paulo"))
    json.dumps(verdict.as_json(), allow_nan=False)
    assert describe(tree, FIELDS.get)
    assert fields_of(tree) <= set(FIELDS)


@settings(max_examples=300, deadline=None)
@given(anything, facts)
def test_no_json_breaks_the_check_and_what_it_accepts_can_be_judged(tree, values):
    _survives(tree, values)


@settings(max_examples=200, deadline=None)
@given(trees(), facts)
def test_what_builders_make_can_be_judged(tree, values):
    _survives(tree, values)


@pytest.mark.nightly
@settings(max_examples=20_000, deadline=None)
@given(anything | trees(), facts)
def test_no_json_breaks_the_check_long(tree, values):
    _survives(tree, values)


@settings(max_examples=100, deadline=None)
@given(trees())
def test_every_tree_the_strategies_draw_is_right(tree):
    """Guards the properties: they prove nothing about trees that do not check."""
    assert check(tree, FIELDS.get) == []
