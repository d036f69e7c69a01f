"""Choices as staff write them."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from capture.forms import choices_text

TEXT = "Yes | 5 | 2\nNo || disqualify\n\nPerhaps\nLater | -3"


def test_a_line_is_a_choice_with_points_and_where_it_leads() -> None:
    assert choices_text.parse(TEXT) == [
        {"label": "Yes", "points": 5, "to": "2"}, {"label": "No", "to": "disqualify"}, {"label": "Perhaps"},
        {"label": "Later", "points": -3},
    ]  # fmt: skip


def test_what_is_written_is_read_again() -> None:
    choices = choices_text.parse(TEXT)

    assert choices_text.parse(choices_text.written(choices)) == choices


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A | much", "Line 1: “much” are no points. Write a whole number, such as 5."),
        ("A | 1 | 2 | 3", "Line 1 has more than three parts. Write: Label | points | where it leads."),
        ("A\nA", "“A” is there twice. Each choice stands once."),
        ("A | 1 | away", "“A” leads to “away”. Enter the number of a later page, end or disqualify."),
        ("| 5", "Each choice needs a label of at most 200 characters."),
        ("A | 99999999", "The points of “A” are no whole number."),
        ("\n".join(f"c{n}" for n in range(201)), "Enter at most 200 choices."),
    ],
)
def test_what_is_wrong_is_said(text: str, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        choices_text.parse(text)

    assert refused.value.messages == [said]


@pytest.mark.parametrize("value", [None, {}, [1], [{}], [{"label": 1}], [{"label": "a", "x": 1}],
                                   [{"label": "a", "points": True}], [{"label": "a", "to": 2}]])  # fmt: skip
def test_what_is_no_list_of_choices_is_refused(value: Any) -> None:
    with pytest.raises(ValidationError):
        choices_text.check(value)
