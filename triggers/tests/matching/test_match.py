"""From unmatched events to runs: what starts, what does not and why, and what one bad event may not stop."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.models import Contact
from triggers import services, sweeping
from triggers.context import quiet
from triggers.matching import compiled, match
from triggers.models import Event, Miss, Run, Trigger
from triggers.tests import make

pytestmark = pytest.mark.django_db

VIP = {"all": [{"field": "event.tag", "op": "is", "value": "VIP"}]}
GERMAN = {"all": [{"field": "contact.country", "op": "is", "value": "DE"}]}


def on_tag(conditions: object = None, **config: object) -> dict[str, object]:
    return {"uid": "t1", "event": "contact.tag_added", "config": config, "conditions": conditions}


def test_an_event_starts_each_workflow_whose_conditions_hold() -> None:
    vip = make.workflow(name="VIP", triggers=[on_tag(VIP)])
    german = make.workflow(name="German", triggers=[on_tag(GERMAN)])
    other = make.workflow(
        name="Other", triggers=[on_tag({"all": [{"field": "event.tag", "op": "is", "value": "Fair"}]})]
    )
    anna = make.contact(country="FR")

    make.tag(anna, "vip")
    match.match_due()

    [run] = make.runs(vip)
    assert (run.status, run.contact_id, run.trigger_uid, run.mode) == ("pending", anna.pk, "t1", "live")
    assert make.runs(german) == make.runs(other) == []
    assert Event.objects.filter(matched_at=None).count() == 0


def test_a_workflow_that_does_not_match_stops_none_after_it() -> None:
    make.workflow(name="A", triggers=[on_tag({"all": [{"field": "event.tag", "op": "is", "value": "no"}]})])
    after = make.workflow(name="B", triggers=[on_tag()])

    make.tag(make.contact())
    match.match_due()

    assert len(make.runs(after)) == 1


def test_a_miss_tells_the_condition_and_what_it_saw() -> None:
    wanted = make.workflow(triggers=[on_tag(GERMAN)])
    make.tag(make.contact(country="FR"))

    match.match_due()

    [miss] = Miss.objects.all()
    assert (miss.workflow_id, miss.field, miss.expected, miss.actual) == (wanted.pk, "contact.country", "DE", "FR")


def test_options_narrow_like_conditions() -> None:
    wanted = make.workflow(triggers=[on_tag(tags=["VIP", "Fair"])])
    anna = make.contact()

    for name in ("Fair", "Other"):
        make.tag(anna, name)
    match.match_due()

    [run] = make.runs(wanted)
    assert run.event.data["tag"] == "Fair"


def test_matching_twice_starts_once() -> None:
    flow = make.workflow()
    make.tag(make.contact())
    match.match_due()

    Event.objects.update(matched_at=None)
    match.match_due()

    assert len(make.runs(flow)) == 1


def test_nothing_starts_for_what_happened_before_it_went_live() -> None:
    make.tag(make.contact())
    flow = make.workflow()

    match.match_due()

    assert make.runs(flow) == []
    assert Miss.objects.get().reason == "The workflow went live after this happened."


def test_quiet_events_start_nothing() -> None:
    flow = make.workflow()
    with quiet("import 42"):
        make.tag(make.contact())

    assert match.match_due() == 0
    assert make.runs(flow) == []
    assert set(Event.objects.values_list("muted", "origin")) == {(True, "import 42")}


def test_an_event_addressed_to_one_workflow_starts_no_other() -> None:
    one, other = make.workflow(name="One"), make.workflow(name="Other")
    make.tag(make.contact())
    Event.objects.update(only_workflow=one.pk)

    match.match_due()

    assert (len(make.runs(one)), len(make.runs(other))) == (1, 0)


def test_a_contact_deleted_meanwhile_starts_nothing() -> None:
    flow = make.workflow()
    anna = make.contact()
    make.tag(anna)
    Contact.objects.filter(pk=anna.pk).delete()

    match.match_due()

    assert make.runs(flow) == []
    assert "The contact has been deleted since." in set(Miss.objects.values_list("reason", flat=True))


def test_observing_records_and_does_nothing() -> None:
    flow = services.create("Watch", make.document())
    services.publish(flow, observe=True)
    make.tag(make.contact())

    sweeping.drain()

    [run] = make.runs(flow)
    assert (run.mode, run.status, run.actions.count()) == ("observe", "observed", 0)


def test_a_bad_event_waits_with_its_reason_and_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    flow = make.workflow()
    anna, ben = make.contact(), make.contact(first_name="Ben")
    make.tag(anna), make.tag(ben)
    judge_all = match.judge_all

    def breaks_for_anna(events, now):  # type: ignore[no-untyped-def]
        if any(event.contact_id == anna.pk for event in events):
            raise ValueError("odd")
        return judge_all(events, now)

    monkeypatch.setattr(match, "judge_all", breaks_for_anna)
    now = timezone.now()
    match.match_due(now=now)

    [run] = make.runs(flow)
    assert run.contact_id == ben.pk
    stuck = Event.objects.filter(matched_at=None)
    assert {(e.contact_id, e.match_attempts, e.match_error) for e in stuck} == {(anna.pk, 1, "ValueError('odd')")}
    assert {e.match_after for e in stuck} == {now + timedelta(minutes=1)}
    monkeypatch.undo()
    assert match.match_due(now=now) == 0
    match.match_due(now=now + timedelta(minutes=1))
    assert len(make.runs(flow)) == 2


def test_many_triggers_are_found_by_index_and_each_publish_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "JUDGE_ALL", 3)
    flows = [
        make.workflow(
            name=f"Tag {n}", triggers=[on_tag({"all": [{"field": "event.tag", "op": "is", "value": f"tag {n}"}]})]
        )
        for n in range(10)
    ]
    anna = make.contact()

    make.tag(anna, "tag 7")
    match.match_due()
    late = make.workflow(name="Late", triggers=[on_tag()])
    services.pause(flows[3])
    make.tag(anna, "tag 3")
    match.match_due()

    assert [flow.name for flow in flows if make.runs(flow)] == ["Tag 7"]
    assert [run.event.data["tag"] for run in make.runs(late)] == ["tag 3"]
    assert Trigger.objects.filter(workflow=flows[3]).count() == 0


def test_an_exit_ends_the_contacts_active_runs_of_its_workflow() -> None:
    leaves = {"uid": "x1", "event": "contact.tag_removed", "config": {}, "conditions": None}
    draft = make.document(make.action("w", "wait.duration", days=2))
    flow = services.create("Leave", {**draft, "exits": [leaves]})
    services.publish(flow)
    anna, ben = make.contact(), make.contact(first_name="Ben")
    tagging = make.tag(anna)
    make.tag(ben)
    sweeping.drain()

    tagging.delete()
    sweeping.drain()

    ended, stays = Run.objects.get(contact_id=anna.pk), Run.objects.get(contact_id=ben.pk)
    assert (ended.status, ended.reason) == ("cancelled", "Ended by “Tag removed”.")
    assert make.trail(ended) == [("w", "cancelled")]
    assert stays.status == "waiting"


def test_an_exit_ends_runs_that_a_pause_holds() -> None:
    """Who replies while the workflow is paused must not be written to once it goes on."""
    leaves = {"uid": "x1", "event": "contact.tag_removed", "config": {}, "conditions": None}
    flow = services.create("Leave", {**make.document(make.action("w", "wait.duration", days=2)), "exits": [leaves]})
    services.publish(flow)
    early, late = (make.tag(make.contact(first_name=name), "VIP") for name in ("Early", "Late"))
    sweeping.drain()

    early.delete()
    services.pause(flow)
    late.delete()
    services.resume(flow)
    sweeping.drain()

    assert [(run.status, run.reason) for run in make.runs(flow)] == [("cancelled", "Ended by “Tag removed”.")] * 2


def test_an_exit_ends_a_run_that_began_in_the_same_batch() -> None:
    leaves = {"uid": "x1", "event": "contact.tag_removed", "config": {}, "conditions": None}
    flow = services.create("Leave", {**make.document(make.action("w", "wait.duration", days=2)), "exits": [leaves]})
    services.publish(flow)

    make.tag(make.contact()).delete()
    sweeping.drain()

    [run] = make.runs(flow)
    assert (run.status, run.reason) == ("cancelled", "Ended by “Tag removed”.")


def test_a_goal_reached_in_the_same_batch_moves_the_run_that_began_in_it() -> None:
    flow = make.workflow(
        make.action("w", "wait.duration", days=2), make.action("g", "goal", event="note.added"), name="Aim"
    )
    anna = make.contact()

    make.tag(anna)
    anna.notes.create(body="Bought.")
    sweeping.drain()

    [run] = make.runs(flow)
    assert (run.status, make.trail(run)) == ("done", [("g", "done")])
