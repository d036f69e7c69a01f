"""What publishing refuses: every problem at its field, in words that say what would be right."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from triggers import services
from triggers.problems import Invalid, pointer
from triggers.tests import make
from triggers.workflows import checking

pytestmark = pytest.mark.django_db


def problems(document: Any, *, warnings: bool = False) -> dict[str, str]:
    found = checking.check(document)
    return {pointer(problem.path): problem.message for problem in found if problem.warning == warnings}


def with_action(**node: Any) -> dict[str, Any]:
    return make.document({"uid": "a1", **node})


def test_a_good_document_has_no_problems() -> None:
    assert problems(make.document()) == {}


@pytest.mark.parametrize(
    ("document", "path", "message"),
    [
        ([], "", "A workflow is an object with triggers, exits, actions and settings."),
        ({"triggers": [], "actions": []}, "triggers", "Choose at least one event that starts the workflow."),
        ({"triggers": [make.TAGGED], "actions": []}, "actions", "Add at least one action."),
        ({**make.document(), "trigers": []}, "trigers", "There is no “trigers” here. Is it “triggers”?"),
        (make.document(triggers=[{**make.TAGGED, "when": 1}]), "triggers[0].when", "There is no “when” here."),
        (
            make.document(triggers=[{**make.TAGGED, "event": "contact.tag_aded"}]),
            "triggers[0].event",
            "There is no event “contact.tag_aded”. Is it “contact.tag_added”?",
        ),
        (
            make.document(triggers=[{**make.TAGGED, "conditions": {"all": []}}]),
            "triggers[0].conditions.all",
            "Add at least one condition to the group.",
        ),
        (
            make.document(triggers=[{**make.TAGGED, "config": {"tag": "VIP"}}]),
            "triggers[0].config.tag",
            "There is no such setting here; remove it or check its spelling.",
        ),
        (
            make.document(reentry="sometimes"),
            "settings.reentry",
            "Choose one of: 'every', 'once_per_contact', 'once_per_object', 'cooldown', 'one_active' or 'restart'.",
        ),
        (
            make.document(timezone="Mars/Olympus"),
            "settings.timezone",
            "“Mars/Olympus” is no time zone. Enter one such as Europe/Berlin.",
        ),
        (with_action(action="teleport"), "actions[0].action", "There is no action “teleport”."),
        (with_action(), "actions[0]", "Say either action, branch or split."),
        (
            with_action(action="wait.duration", config={}),
            "actions[0].config",
            "Say how long to wait, for example 2 days.",
        ),
        (
            with_action(action="wait.duration", config={"days": "x"}),
            "actions[0].config.days",
            "Enter a whole number, for example 3.",
        ),
        (
            with_action(action="wait.for_event", config={"event": "note.added"}),
            "actions[0].config",
            "Say how long to wait at most, for example 2 days.",
        ),
        (with_action(action="run.stop", on_error="retry"), "actions[0].on_error", "Choose stop or continue."),
        (with_action(branch=[]), "actions[0].branch", "Add at least one case."),
        (
            with_action(branch=[{"uid": "c", "then": []}]),
            "actions[0].branch[0].if",
            "Say when this case applies, or put its actions under otherwise.",
        ),
        (
            with_action(split=[{"uid": "c", "weight": 0, "then": []}]),
            "actions[0].split[0].weight",
            "Enter a whole number from 1 to 1000.",
        ),
        (
            make.document(make.action("a1", "run.stop"), make.action("a1", "run.stop")),
            "actions[1].uid",
            "“a1” is used twice; each needs its own.",
        ),
        (
            with_action(action="run.stop", outcomes={"happened": []}),
            "actions[0].outcomes.happened",
            "This action does not end that way; it ends with: nothing to choose.",
        ),
        (
            with_action(action="workflow.start", config={"workflow": "nowhere"}),
            "actions[0].config.workflow",
            "There is no workflow “nowhere”.",
        ),
    ],
)
def test_a_problem_is_told_at_its_field(document: Any, path: str, message: str) -> None:
    assert problems(document)[path] == message


def test_a_template_that_loops_or_names_an_unknown_field_is_refused() -> None:
    unknown = problems(make.document(make.action("a1", "data.format", into="x", template="{{ contact.nmae }}")))
    loops = problems(make.document(make.action("a1", "data.format", into="x", template="{{ (1..9) | join }}")))

    assert list(unknown) == ["actions[0].config.template"]
    assert "contact.nmae" in unknown["actions[0].config.template"]
    assert list(loops) == ["actions[0].config.template"]


def test_nesting_and_size_are_bounded() -> None:
    inner: dict[str, Any] = make.action("x", "run.stop")
    for depth in range(10):
        case = {"uid": f"c{depth}", "if": {"field": "event.tag", "op": "is_set"}, "then": [inner]}
        inner = {"uid": f"b{depth}", "branch": [case], "else": []}

    assert "Branches nest at most 8 deep." in problems(make.document(inner)).values()
    many = make.document(*[make.action(f"a{n}", "run.stop") for n in range(201)])
    assert "A workflow has at most 200 actions." in problems(many).values()
    huge = make.document(make.action("a1", "data.set", values={"x": "y" * 300_000}))
    assert "The workflow is too large" in problems(huge)[""]


def test_an_effect_that_may_start_the_workflow_again_is_warned_of() -> None:
    document = make.document(make.action("a1", "contact.add_tag", tags=["Seen"]))

    assert problems(document) == {}
    assert list(problems(document, warnings=True)) == ["actions[0]"]


def test_publishing_refuses_with_every_problem_and_changes_nothing() -> None:
    flow = services.create("Broken", {"triggers": [], "actions": [{"uid": "a1", "action": "nope"}]})

    with pytest.raises(Invalid) as refused:
        services.publish(flow)

    assert len(refused.value.problems) == 2
    flow.refresh_from_db()
    assert (flow.status, flow.current, flow.versions.count()) == ("draft", None, 0)


def test_workflows_that_start_each_other_in_a_circle_are_refused() -> None:
    first = make.workflow(name="First")
    second = services.create("Second", make.document(make.action("s", "workflow.start", workflow="first")))
    services.publish(second)
    first.draft = make.document(make.action("s", "workflow.start", workflow="second"))

    with pytest.raises(Invalid, match="in a circle"):
        services.publish(first)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["triggers", "exits", "actions", "settings", "uid", "event", "action", "config", "conditions", "branch",
             "split", "then", "else", "if", "all", "any", "field", "op", "value", "outcomes", "weight", "days"]
        ),
        inner | st.sampled_from(["contact.tag_added", "branch", "wait.duration", "goal", "t1"]),
        max_size=5,
    ),
    max_leaves=30,
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(JSON)
def test_no_json_makes_checking_raise(document: Any) -> None:
    for problem in checking.check(document):
        assert problem.message


@pytest.mark.django_db
def test_what_is_wrong_with_an_action_that_is_switched_off_stops_nothing() -> None:
    wrong = make.action("a1", "task.create")

    [error] = checking.check(make.document(wrong))
    [warning] = checking.check(make.document({**wrong, "off": True}))

    assert (error.path, error.warning) == (warning.path, False)
    assert (error.message, warning.warning) == (warning.message, True)


@pytest.mark.django_db
def test_a_name_that_is_used_twice_is_refused_also_where_it_is_off() -> None:
    twice = make.action("a1", "data.set", values={"seen": "yes"})

    [problem] = checking.check(make.document(twice, {**twice, "off": True}))

    assert (problem.path, problem.warning) == (("actions", 1, "uid"), False)


@pytest.mark.django_db
def test_off_is_true_or_false() -> None:
    [problem] = checking.check(make.document({**make.action("a1", "data.set", values={"a": "b"}), "off": "yes"}))

    assert (problem.path, problem.message) == (("actions", 0, "off"), "Say true or false.")
