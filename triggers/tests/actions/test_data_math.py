"""data.math: decimal arithmetic on two numbers."""

import pytest

from triggers.tests import make
from triggers.tests.actions import play

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("left", "operation", "right", "decimals", "value"),
    [
        ("0.1", "add", "0.2", 2, "0.30"),
        ("1", "subtract", "1.005", 3, "-0.005"),
        ("{{ contact.score }}", "multiply", "1.5", 2, "63.00"),
        ("10", "divide", "3", 4, "3.3333"),
        (" 7 ", "divide", "2", 0, "4"),
        ("1e3", "add", "0", 0, "1000"),
        ("1e15", "add", "0", 0, "1000000000000000"),
    ],
)
def test_the_result_is_exact(left: str, operation: str, right: str, decimals: int, value: str) -> None:
    done = play.perform(
        "data.math", make.contact(score=42), into="sum", left=left, operation=operation, right=right, decimals=decimals
    )

    assert (done.status, done.summary, done.result) == ("done", f"sum is {value}.", {"value": value})
    assert done.run.vars["sum"] == value


@pytest.mark.parametrize(
    ("left", "operation", "right", "why"),
    [
        ("many", "add", "1", "“many” is no number."),
        ("1", "add", "{{ contact.first_name }}", "“{{ contact.first_name }}” is no number."),
        ("{{ contact.city }}", "add", "1", "“{{ contact.city }}” is no number."),
        ("NaN", "add", "1", "“NaN” is no number."),
        ("Infinity", "add", "1", "“Infinity” is no number."),
        ("1e999999", "multiply", "1", "“1e999999” is no number."),
        ("1", "divide", "0.00", "It would divide by zero."),
        ("1e15", "multiply", "1e15", "The result is too large."),
    ],
)
def test_what_is_no_number_fails(left: str, operation: str, right: str, why: str) -> None:
    done = play.perform("data.math", into="sum", left=left, operation=operation, right=right)

    assert (done.status, done.error, "sum" in done.run.vars) == ("failed", why, False)


def test_a_dry_run_reckons() -> None:
    assert play.preview("data.math", into="sum", left="2", operation="add", right="2") == "sum is 4.00."


@pytest.mark.parametrize(
    ("changed", "paths"),
    [
        ({}, []),
        ({"right": "{{ vars.n }}"}, []),
        ({"left": "{{ x }}"}, ["left"]),
        ({"into": "Sum", "operation": "power"}, ["into", "operation"]),
        ({"decimals": 11}, ["decimals"]),
    ],
)
def test_problems(changed: dict[str, object], paths: list[str]) -> None:
    config = {"into": "sum", "left": "1", "operation": "add", "right": "1", **changed}

    assert [path for path, _why in play.problems("data.math", **config)] == paths
