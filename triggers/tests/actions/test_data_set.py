"""data.set: variables of the run."""

import pytest

from triggers.tests import make
from triggers.tests.actions import play

pytestmark = pytest.mark.django_db


def test_values_are_kept_with_their_types() -> None:
    values = {
        "name": "Dear {{ contact.first_name }}",
        "score": "{{ contact.score }}",
        "nested": {"tags": ["{{ event.tag }}", 7]},
        "none": "{{ contact.birth_date }}",
        "flag": True,
    }

    done = play.perform("data.set", make.contact(score=42), values=values)

    found = {"name": "Dear Anna", "score": 42, "nested": {"tags": ["VIP", 7]}, "none": None, "flag": True}
    assert (done.status, done.result) == ("done", found)
    assert {name: done.run.vars[name] for name in values} == found


def test_it_names_what_it_sets() -> None:
    assert play.perform("data.set", values={"order_id": 1}).summary == "Sets order_id."


def test_a_later_value_reads_the_earlier_one() -> None:
    run = play.start(
        make.action("a1", "data.set", values={"n": {"deep": "1"}}),
        make.action("a2", "data.set", values={"n": "{{ vars.n.deep }}2"}),
        make.action("a3", "data.set", values={"m": "{{ vars.n }}3 {{ actions.a1.n.deep }}"}),
    )

    assert (run.vars["n"], run.vars["m"]) == ("12", "123 1")


def test_a_text_that_cannot_be_rendered_fails_and_sets_nothing() -> None:
    run = play.start(
        make.action("a1", "data.set", values={"group": {"x": 1}}),
        make.action("a2", "data.set", values={"fine": "1", "line": "It is {{ vars.group }}"}),
    )

    assert (run.status, run.reason) == (
        "failed", "A group of fields cannot be shown as text. Name one field of the group.",
    )  # fmt: skip
    assert "fine" not in run.vars


def test_a_dry_run_computes_and_writes_nothing() -> None:
    first, second = play.rehearse(
        make.action("a1", "data.set", values={"who": "{{ contact.first_name }}"}),
        make.action("a2", "data.format", into="line", template="Hello {{ vars.who }}"),
    )

    assert (first.text, second.text) == ("Sets who.", "line is “Hello Anna”.")


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"order_id": 1}, []),
        ({}, [("values", "Dictionary should have at least 1 item after validation, not 0")]),
        ({"Order": 1}, [("values", "Name variables with small letters, digits and _, for example order_id.")]),
        ({"@a1": 1}, [("values", "Name variables with small letters, digits and _, for example order_id.")]),
    ],
)
def test_problems(values: dict[str, object], found: list[tuple[str, str]]) -> None:
    assert play.problems("data.set", values=values) == found


def test_unknown_merge_fields_are_told_at_their_place() -> None:
    found = play.problems("data.set", values={"x": {"deep": ["fine", "{{ contact.nme }}"]}})

    assert [path for path, _why in found] == ["values.x.deep[1]"]
    assert found[0][1].startswith("“contact.nme” is not a merge field.")
