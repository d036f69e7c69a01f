"""Values go into inputs and come back as just what they were."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triggers.admin.builder.values import JSON, as_json, as_text, line_ends, read_json, same, scalar

json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(json)
def test_json_written_is_read_back(value: Any) -> None:
    assert same(read_json(as_json(value)), value)


@settings(max_examples=60, deadline=None)
@given(st.booleans() | st.integers() | st.text(max_size=8), st.booleans())
def test_a_scalar_comes_back_from_its_input(value: Any, number: bool) -> None:
    name, text = scalar("a1.title", value, number=number)

    assert same(read_json(text) if name.endswith(JSON) else text, value)


@pytest.mark.parametrize(("text", "value"), [("NaN", "NaN"), ("[" * 100_000, "[" * 100_000), ("{", "{"), ("7", 7)])
def test_what_is_no_json_is_the_text_it_is(text: str, value: Any) -> None:
    assert read_json(text) == value


def test_true_is_not_one_and_nothing_is_an_empty_input() -> None:
    assert not same(True, 1)
    assert not same(1, 1.0)
    assert same({"a": 1, "b": 2}, {"b": 2, "a": 1})
    assert scalar("x", None) == ("x", "")
    assert scalar("x", None, number=True) == ("x:json", "")
    assert (as_text("7"), as_text(7)) == ("7", "7")
    assert line_ends("a\r\nb\nc") == "a\nb\nc"
