"""workflow.choose: one of several workflows, by the value of a field."""

from typing import Any

import pytest

from triggers import services
from triggers.models import Workflow
from triggers.problems import Invalid, pointer
from triggers.tests import make
from triggers.tests.actions import play
from triggers.workflows import checking

pytestmark = pytest.mark.django_db
OTHER = [{"uid": "t1", "event": "note.changed", "config": {}, "conditions": None}]


def target(name: str, *actions: dict[str, Any]) -> Workflow:
    return make.workflow(*actions, name=name, triggers=OTHER)


def choose(**cases: str) -> dict[str, Any]:
    otherwise = cases.pop("otherwise", "")
    return make.action("a1", "workflow.choose", field="contact.city", cases=cases, otherwise=otherwise)


def test_the_value_chooses_whatever_its_case() -> None:
    north, south = target("North"), target("South")
    anna = make.contact(city="BERLIN")

    run = play.start(choose(Berlin="north", Munich="south"), who=anna)

    [child] = make.runs(north)
    done = run.actions.get(uid="a1")
    assert (child.parent, child.status, make.runs(south)) == (run.pk, "done", [])
    assert (done.status, done.summary, done.result) == (
        "done",
        "Starts “north”.",
        {"run_id": child.pk, "workflow": "north"},
    )


@pytest.mark.parametrize("city", ["", "Paris"])
def test_no_match_starts_nothing_and_says_so(city: str) -> None:
    north = target("North")

    run = play.start(choose(Berlin="north"), who=make.contact(city=city))

    done = run.actions.get(uid="a1")
    assert (done.status, make.runs(north)) == ("skipped", [])
    assert done.summary.startswith("Starts nothing: no match for")
    assert run.status == "done"


def test_otherwise_takes_what_is_not_listed() -> None:
    target("South")
    north = target("North")

    play.start(choose(Berlin="south", otherwise="north"), who=make.contact(city="Paris"))

    assert len(make.runs(north)) == 1


def test_a_workflow_that_is_not_live_is_not_started() -> None:
    services.pause(target("North"))

    done = play.perform("workflow.choose", field="contact.first_name", cases={"Anna": "north"})

    assert (done.status, done.error) == ("failed", "“north” is not live.")


def test_a_workflow_that_is_not_there_is_refused_at_its_case() -> None:
    found = checking.check(make.document(choose(Berlin="nowhere", otherwise="none")))

    assert [(pointer(p.path), p.message) for p in found] == [
        ("actions[0].config.cases.Berlin", "There is no workflow “nowhere”."),
        ("actions[0].config.otherwise", "There is no workflow “none”."),
    ]


def test_choices_that_go_in_a_circle_are_refused() -> None:
    first = services.create("First", make.document(triggers=OTHER))
    services.publish(first)
    target("Second", choose(Berlin="first"))
    first.draft = make.document(choose(Paris="second"), triggers=OTHER)

    with pytest.raises(Invalid, match="in a circle"):
        services.publish(first)


def test_choices_more_than_five_deep_are_refused() -> None:
    target("C0")
    for n in range(1, 6):
        target(f"C{n}", choose(Berlin=f"c{n - 1}"))
    sixth = services.create("C6", make.document(choose(Berlin="c5"), triggers=OTHER))

    with pytest.raises(Invalid, match="more than 5 deep"):
        services.publish(sixth)
