"""branch: the first case whose condition holds."""

from typing import Any

import pytest

from triggers.tests import make
from triggers.tests.actions import play

pytestmark = pytest.mark.django_db


def case(uid: str, value: str, **more: Any) -> dict[str, Any]:
    condition = {"field": "contact.country", "op": "is", "value": value}
    then = [make.action(f"{uid}1", "data.set", values={"took": uid})]
    return {"uid": uid, "if": condition, "then": then, **more}


BRANCH = {
    "uid": "b",
    "branch": [case("de", "DE", name="Germany"), case("also", "DE"), case("fr", "FR")],
    "else": [make.action("e1", "run.stop", reason="Elsewhere.")],
}


@pytest.mark.parametrize(
    ("country", "outcome", "summary", "trail"),
    [
        ("DE", "de", "Took “Germany”.", [("b", "done"), ("de1", "done"), ("end", "done")]),
        ("FR", "fr", "Took “fr”.", [("b", "done"), ("fr1", "done"), ("end", "done")]),
        ("IT", "else", "None of the cases held.", [("b", "done"), ("e1", "done")]),
        ("", "else", "None of the cases held.", [("b", "done"), ("e1", "done")]),
    ],
)
def test_the_first_case_that_holds_is_taken(country: str, outcome: str, summary: str, trail: list[Any]) -> None:
    run = play.start(BRANCH, make.action("end", "data.set", values={"x": "y"}), who=make.contact(country=country))

    taken = run.actions.get(uid="b")
    assert (taken.outcome, taken.summary, make.trail(run)) == (outcome, summary, trail)


def test_a_case_may_ask_what_an_earlier_action_left() -> None:
    branch = {
        "uid": "b",
        "branch": [{"uid": "big", "if": {"field": "actions.m.value", "op": "is", "value": "4.00"}, "then": []}],
        "else": [make.action("e1", "run.stop")],
    }

    run = play.start(make.action("m", "data.math", into="n", left="2", operation="multiply", right="2"), branch)

    assert make.trail(run) == [("m", "done"), ("b", "done")]


def test_a_dry_run_goes_the_way_the_facts_lead_and_writes_nothing() -> None:
    steps = play.rehearse(BRANCH, who=make.contact(country="FR"))

    assert [(step.uid, step.text, step.outcome) for step in steps] == [
        ("b", "Took “fr”.", "fr"),
        ("fr1", "Sets took.", ""),
    ]


@pytest.mark.parametrize(
    ("node", "found"),
    [
        ({**BRANCH, "branch": []}, ("actions[0].branch", "Add at least one case.")),
        (
            {**BRANCH, "branch": [{"uid": "de", "if": None, "then": []}]},
            ("actions[0].branch[0].if", "Say when this case applies, or put its actions under otherwise."),
        ),
    ],
)
def test_problems(node: dict[str, Any], found: tuple[str, str]) -> None:
    assert play.problems_of(BRANCH) == []
    assert play.problems_of(node) == [found]
