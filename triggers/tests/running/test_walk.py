"""The action tree: order, branches, waits, goals, conditions of single actions, and actions that fail."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.models import Contact
from triggers import registry, services, sweeping
from triggers.action_types import Done, Fail, Hold, Retry
from triggers.explaining import again
from triggers.models import ActionRun, Listener, Run
from triggers.tests import make
from triggers.tests.probes import probe
from triggers.workflows import trigger_rows

pytestmark = pytest.mark.django_db

SET = make.action("a1", "data.set", values={"seen": "{{ contact.first_name }}"})
VIP = {"field": "event.tag", "op": "is", "value": "VIP"}
REPLIED = {"event": "note.added", "conditions": {"field": "event.body", "op": "contains", "value": "reply"}}


def started(*actions: dict, tag: str = "VIP", **kwargs: object) -> tuple[Run, Contact]:
    """A run of a workflow with these actions, as far as it gets at once."""
    flow = make.workflow(*actions, **kwargs)
    anna = make.contact()
    make.tag(anna, tag)
    sweeping.drain()
    return make.runs(flow)[-1], anna


def test_actions_run_in_order_and_leave_their_results() -> None:
    run, _anna = started(SET, make.action("a2", "data.format", into="line", template="Dear {{ vars.seen }}"))

    assert (run.status, run.reason, run.due_at) == ("done", "", None)
    assert run.vars["line"] == "Dear Anna"
    assert [(a.uid, a.status, a.result) for a in run.actions.all()] == [
        ("a1", "done", {"seen": "Anna"}),
        ("a2", "done", {"value": "Dear Anna"}),
    ]


def test_only_if_skips_an_action_and_tells_why() -> None:
    picky = {**SET, "only_if": {"field": "contact.country", "op": "is", "value": "DE"}}

    run, _anna = started(picky, make.action("a2", "run.stop"))

    first = run.actions.get(uid="a1")
    assert (first.status, run.status) == ("skipped", "done")
    assert first.summary == "Country was empty, and the workflow asks for: country is Germany."
    assert first.result["verdict"]["passed"] is False


@pytest.mark.parametrize(
    ("tag", "trail"),
    [
        ("VIP", [("b", "done"), ("v1", "done"), ("end", "done")]),
        ("Fair", [("b", "done"), ("f1", "done"), ("f2", "done"), ("end", "done")]),
        ("Else", [("b", "done"), ("e1", "done"), ("end", "done")]),
    ],
)
def test_a_branch_takes_the_first_case_that_holds_and_goes_on_after_it(tag: str, trail: list) -> None:
    def mark(uid: str) -> dict:
        return make.action(uid, "data.set", values={uid: "yes"})

    branch = {
        "uid": "b",
        "branch": [
            {"uid": "vip", "name": "VIP", "if": VIP, "then": [mark("v1")]},
            {"uid": "fair", "if": {"field": "event.tag", "op": "is_any_of", "value": ["VIP", "Fair"]},
             "then": [mark("f1"), mark("f2")]},
        ],
        "else": [mark("e1")],
    }  # fmt: skip

    run, _anna = started(branch, mark("end"), tag=tag)

    assert make.trail(run) == trail


def test_an_empty_branch_goes_on() -> None:
    branch = {"uid": "b", "branch": [{"uid": "vip", "if": VIP, "then": []}], "else": []}

    run, _anna = started(branch, make.action("end", "run.stop", reason="Enough."))

    assert (make.trail(run), run.reason) == ([("b", "done"), ("end", "done")], "Enough.")


def test_a_split_is_sticky_and_follows_its_weights() -> None:
    split = {
        "uid": "s",
        "split": [
            {"uid": "a", "weight": 3, "then": [make.action("a1", "run.stop")]},
            {"uid": "b", "weight": 1, "then": [make.action("b1", "run.stop")]},
        ],
    }
    flow = make.workflow(split)
    people = [make.contact(first_name=str(n)) for n in range(80)]
    for person in people:
        make.tag(person, "one")
        make.tag(person, "two")

    sweeping.drain()

    ways: dict[int, set[str]] = {}
    for done in ActionRun.objects.filter(run__workflow=flow, uid="s").select_related("run"):
        ways.setdefault(done.run.contact_id or 0, set()).add(done.outcome)
    assert all(len(way) == 1 for way in ways.values())
    first = sum(way == {"a"} for way in ways.values())
    assert 45 <= first <= 75


def test_a_wait_goes_on_at_its_time_and_not_before() -> None:
    run, _anna = started(make.action("w", "wait.duration", days=2), SET)
    due = run.due_at
    assert due is not None

    sweeping.drain(due - timedelta(seconds=1))
    run.refresh_from_db()
    assert (run.status, make.trail(run)) == ("waiting", [("w", "waiting")])

    sweeping.drain(due)
    run.refresh_from_db()
    assert (run.status, make.trail(run)) == ("done", [("w", "done"), ("a1", "done")])


def wait_for_reply(**config: object) -> dict:
    return {
        **make.action("w", "wait.for_event", **{**REPLIED, "days": 2, **config}),
        "outcomes": {
            "happened": [make.action("yes", "data.set", values={"got": "{{ actions.w.event_id }}"})],
            "timeout": [make.action("no", "run.stop", reason="No reply.")],
        },
    }


def test_a_wait_for_an_event_ends_when_it_comes() -> None:
    run, anna = started(wait_for_reply(), SET)

    anna.notes.create(body="nothing")
    sweeping.drain()
    assert Run.objects.get(pk=run.pk).status == "waiting"
    make.contact(first_name="Ben").notes.create(body="a reply of another")
    anna.notes.create(body="A REPLY")
    sweeping.drain()

    run.refresh_from_db()
    assert (run.status, make.trail(run)) == ("done", [("w", "done"), ("yes", "done"), ("a1", "done")])
    assert run.vars["got"] == make.last_event("note.added").pk
    assert Listener.objects.count() == 0


def test_a_wait_for_an_event_ends_by_its_timeout() -> None:
    run, anna = started(wait_for_reply(), SET)

    sweeping.drain(timezone.now() + timedelta(days=2, minutes=1))
    anna.notes.create(body="a reply, too late")
    sweeping.drain()

    run.refresh_from_db()
    assert (run.status, run.reason, make.trail(run)) == ("done", "No reply.", [("w", "done"), ("no", "done")])


def test_a_reply_that_came_before_the_wait_began_is_heard() -> None:
    flow = make.workflow(make.action("first", "wait.duration", hours=1), wait_for_reply())
    anna = make.contact()
    make.tag(anna)
    sweeping.drain()
    anna.notes.create(body="an early reply")
    sweeping.drain()

    sweeping.drain(timezone.now() + timedelta(hours=2))

    assert make.trail(make.runs(flow)[0]) == [("first", "done"), ("w", "done"), ("yes", "done")]


def test_a_second_wait_does_not_hear_what_the_first_has_heard() -> None:
    again = {**make.action("w2", "wait.for_event", **REPLIED, days=1), "outcomes": {"happened": [], "timeout": []}}
    run, anna = started(wait_for_reply(), again)

    anna.notes.create(body="one reply")
    sweeping.drain()

    run.refresh_from_db()
    assert (run.status, run.at) == ("waiting", "w2")


GOAL = make.action("g", "goal", event="task.completed")


def test_a_goal_jumps_ahead_out_of_a_wait() -> None:
    run, anna = started(make.action("w", "wait.duration", days=9), make.action("mail", "run.stop"), GOAL, SET)

    anna.tasks.create(title="Buy").delete()
    task = anna.tasks.create(title="Buy")
    task.completed_at = timezone.now()
    task.save()
    sweeping.drain()

    run.refresh_from_db()
    assert (run.status, make.trail(run)) == ("done", [("w", "cancelled"), ("g", "done"), ("a1", "done")])
    assert Listener.objects.count() == 0


def test_children_tests_and_replays_hear_their_goals_too() -> None:
    child = make.workflow(
        make.action("w", "wait.duration", days=9), GOAL, name="Child",
        triggers=[{"uid": "t1", "event": "note.changed", "config": {}, "conditions": None}],
    )  # fmt: skip
    _parent, anna = started(make.action("s", "workflow.start", workflow="child"))
    again.run_test(child, contact_id=anna.pk)
    sweeping.drain()

    task = anna.tasks.create(title="Buy")
    task.completed_at = timezone.now()
    task.save()
    sweeping.drain()

    assert [make.trail(run) for run in make.runs(child)] == [[("w", "cancelled"), ("g", "done")]] * 2


def test_a_goal_at_the_end_ends_the_run() -> None:
    run, anna = started(make.action("w", "wait.duration", days=9), GOAL)

    anna.tasks.create(title="Buy", completed_at=None)
    task = anna.tasks.get()
    task.completed_at = timezone.now()
    task.save()
    sweeping.drain()

    run.refresh_from_db()
    assert (run.status, make.trail(run)) == ("done", [("w", "cancelled"), ("g", "done")])


def test_a_goal_that_is_not_reached_lets_the_run_pass_or_ends_it() -> None:
    passed, _anna = started(GOAL, SET)
    ended, _anna = started(make.action("g", "goal", event="task.completed", if_not_reached="end"), SET, name="End")

    assert make.trail(passed) == [("g", "done"), ("a1", "done")]
    assert (make.trail(ended), ended.reason) == ([("g", "done")], "The goal was not reached.")


def test_workflow_start_links_parent_and_child_and_hands_on_the_variables() -> None:
    child = make.workflow(
        make.action("c1", "data.format", into="line", template="{{ vars.seen }}"), name="Child",
        triggers=[{"uid": "t1", "event": "note.changed", "config": {}, "conditions": None}],
    )  # fmt: skip

    parent, anna = started(SET, make.action("s", "workflow.start", workflow="child"))

    [run] = make.runs(child)
    assert (run.parent, run.contact_id, run.status, run.vars["line"]) == (parent.pk, anna.pk, "done", "Anna")
    assert parent.actions.get(uid="s").result == {"run_id": run.pk}


def test_workflows_that_start_themselves_stop() -> None:
    flow = make.workflow(name="Welcome")
    flow.draft = make.document(make.action("s", "workflow.start", workflow="welcome"))
    # Publishing refuses this circle; the guard has to stop one that got in all the same.
    flow.current = services.version_for(flow, None, "")
    flow.save()
    trigger_rows.touch(["contact.tag_added"])
    make.tag(make.contact())

    sweeping.drain()

    runs = make.runs(flow)
    assert len(runs) == 9
    assert runs[-1].actions.get().summary.startswith("Loop stopped")


def test_workflow_remove_ends_the_other_runs_of_the_contact() -> None:
    waiting, anna = started(make.action("w", "wait.duration", days=2), name="Nurture")
    make.workflow(make.action("r", "workflow.remove"), name="Remove")

    make.tag(anna, "another")
    sweeping.drain()

    nurtured = Run.objects.filter(workflow=waiting.workflow).order_by("id")
    assert {run.status for run in nurtured} == {"cancelled"}


def test_an_action_that_fails_ends_the_run_unless_told_to_go_on() -> None:
    with probe(Fail("no"), Fail("no"), Fail("no"), touches="database"):
        stops, _anna = started(make.action("p", "probe"), SET)
        goes_on, _anna = started({**make.action("p", "probe"), "on_error": "continue"}, SET, name="On")

    assert (stops.status, stops.reason, make.trail(stops)) == ("failed", "no", [("p", "failed")])
    assert (goes_on.status, make.trail(goes_on)) == ("done", [("p", "failed"), ("a1", "done")])


def test_an_action_that_breaks_undoes_its_own_effect_and_stops_no_other_run() -> None:
    def breaks(ctx):  # type: ignore[no-untyped-def]
        Contact.objects.filter(pk=ctx.contact_id).update(city="half done")
        raise RuntimeError("boom")

    flow = make.workflow(SET, make.action("p", "data.set", values={"x": "y"}))
    with probe(breaks, breaks, touches="database"):
        broken = make.workflow(SET, make.action("p", "probe"), name="Broken")
        anna = make.contact()
        make.tag(anna)
        sweeping.drain()

    [bad], [good] = make.runs(broken), make.runs(flow)
    assert (bad.status, make.trail(bad)) == ("failed", [("a1", "done"), ("p", "failed")])
    assert bad.actions.get(uid="p").error == "The action broke: RuntimeError('boom')"
    assert Contact.objects.get(pk=anna.pk).city == ""
    assert good.status == "done"


def test_a_database_action_may_ask_to_be_tried_again_or_be_held() -> None:
    with probe(Retry("busy"), Hold("no seat"), Done("ok"), touches="database"):
        run, _anna = started(make.action("p", "probe"))
        assert (run.status, run.actions.get().error) == ("pending", "busy")
        sweeping.drain(timezone.now() + timedelta(minutes=1))
        run.refresh_from_db()
        assert (run.status, run.reason, run.due_at) == ("held", "no seat", None)


def test_a_stored_action_whose_code_is_gone_fails_clearly() -> None:
    with probe(touches="database"):
        flow = make.workflow(make.action("p", "probe"))
    assert "probe" not in registry.actions
    make.tag(make.contact())

    sweeping.drain()

    [run] = make.runs(flow)
    assert (run.status, run.reason) == ("failed", "There is no action type “probe”.")


def test_facts_are_fresh_after_an_action_changed_them() -> None:
    def renames(ctx):  # type: ignore[no-untyped-def]
        contact = Contact.objects.get(pk=ctx.contact_id)
        contact.first_name = "Anne"
        contact.save()
        return Done()

    with probe(renames, touches="database"):
        run, _anna = started(make.action("p", "probe"), SET)

    assert run.vars["seen"] == "Anne"


def test_effects_carry_their_cause() -> None:
    def renames(ctx):  # type: ignore[no-untyped-def]
        contact = Contact.objects.get(pk=ctx.contact_id)
        contact.first_name = "Anne"
        contact.save()
        return Done()

    with probe(renames, touches="database"):
        run, anna = started(make.action("p", "probe"))

    event = make.last_event("contact.changed")
    assert (event.actor, event.actor_id, event.cause) == ("workflow", str(run.workflow_id), run.actions.get().key)
    assert (event.root, event.depth, event.lineage) == (run.event_id, 1, [f"{run.workflow_id}@contact:{anna.pk}"])


def test_a_broken_run_among_many_is_found_by_halves_and_the_others_are_done_together(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def breaks(ctx):  # type: ignore[no-untyped-def]
        if ctx.contact_id == people[5].pk:
            raise RuntimeError("boom")
        return Done("ok")

    people = [make.contact(email=f"p{n}@example.org") for n in range(16)]
    with probe(*[breaks] * 100, touches="database"):
        flow = make.workflow(make.action("p", "probe"))
        for person in people:
            make.tag(person)
        sweeping.drain()

    assert [run.status for run in make.runs(flow)] == ["done"] * 5 + ["failed"] + ["done"] * 10
    sizes = [record.args for record in caplog.records if record.name == "triggers.running.run"]
    assert sizes == [(16,), (8,), (4,), (2,)]
