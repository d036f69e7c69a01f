"""What a person does with a run: each act from every state it may be in, and its refusal from all others."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from contacts.models import Contact
from triggers import operations, services, sweeping
from triggers.action_types import Done, Fail, Hold, Retry, Unsure
from triggers.models import ActionRun, Attempt, Destination, Listener, Run
from triggers.operations import NotNow
from triggers.running import calling
from triggers.tests import make
from triggers.tests.probes import Calls, probe

pytestmark = pytest.mark.django_db
AFTER = make.action("after", "data.set", values={"went": "on"})


@pytest.fixture
def calls() -> Iterator[Calls]:
    """The outside action "probe", which ends as a test says and, once that is used up, works."""
    with probe(repeatable=False) as made:
        yield made


def run_that(*outcomes: Any, calls: Calls, **settings: Any) -> Run:
    """A run that stands at its probe after these outcomes; `after` follows."""
    calls.outcomes = list(outcomes)
    flow = make.workflow(make.action("p", "probe"), AFTER, **settings)
    make.tag(make.contact())
    sweeping.drain()
    [run] = make.runs(flow)
    return run


def state(run: Run) -> tuple[str, list[tuple[str, str]]]:
    run.refresh_from_db()
    return run.status, make.trail(run)


class TestRetry:
    def test_a_failed_run_goes_on_from_its_failure_with_the_same_key(self, calls: Calls) -> None:
        run = run_that(Fail("400"), calls=calls)
        assert state(run) == ("failed", [("p", "failed")])

        again = operations.retry(run)

        assert (again.status, again.reason, again.finished_at) == ("pending", "", None)
        sweeping.drain()
        assert state(run) == ("done", [("p", "done"), ("after", "done")])
        assert len(calls.keys) == 2
        assert len(set(calls.keys)) == 1
        assert list(Attempt.objects.values_list("number", "outcome")) == [(1, "fail"), (2, "done")]

    def test_a_failed_database_action_is_tried_again(self) -> None:
        with probe(Fail("no"), touches="database"):
            flow = make.workflow(make.action("p", "probe"), AFTER)
            make.tag(make.contact())
            sweeping.drain()
            [run] = make.runs(flow)

            operations.retry(run)
            sweeping.drain()

            assert state(run) == ("done", [("p", "done"), ("after", "done")])
            assert run.actions.get(uid="p").tries == 2

    def test_a_run_that_waits_for_its_next_try_does_not_wait_longer(self, calls: Calls) -> None:
        now = timezone.now()
        run = run_that(Retry("busy", timedelta(hours=5)), calls=calls)
        assert state(run) == ("pending", [("p", "pending")])

        operations.retry(run, now=now)

        run.refresh_from_db()
        assert run.due_at == now
        sweeping.drain()
        assert state(run)[0] == "done"

    def test_a_try_after_the_last_is_one_try(self, calls: Calls) -> None:
        run = run_that(*[Retry("busy")] * 9, calls=calls)
        while run.status == "pending":
            run.refresh_from_db()
            sweeping.drain(run.due_at)
        assert len(calls.keys) == 7

        operations.retry(run)
        sweeping.drain(timezone.now() + timedelta(days=9))

        run.refresh_from_db()
        assert (len(calls.keys), run.status, run.reason) == (8, "failed", "Gave up after 8 tries: busy")

    def test_goals_ahead_count_again(self) -> None:
        goal = make.action("g", "goal", event="contact.changed")
        with probe(Fail("no"), Retry("later", timedelta(days=1)), touches="database") as calls:
            flow = make.workflow(make.action("p", "probe"), goal, AFTER)
            person = make.contact()
            make.tag(person)
            sweeping.drain()
            [run] = make.runs(flow)
            assert not Listener.objects.exists()

            operations.retry(run)
            sweeping.drain()
            person.first_name = "Berta"
            person.save()
            sweeping.drain(timezone.now() + timedelta(days=2))

        assert state(run) == ("done", [("p", "cancelled"), ("g", "done"), ("after", "done")])
        assert len(calls.keys) == 2

    def test_a_run_that_did_not_fail_is_refused(self, calls: Calls) -> None:
        with pytest.raises(NotNow, match="Only a run that failed can be tried again"):
            operations.retry(run_that(calls=calls))

    def test_a_run_that_has_not_begun_its_action_is_refused(self, calls: Calls) -> None:
        run = run_that(calls=calls)
        Run.objects.filter(pk=run.pk).update(status="pending", finished_at=None)
        ActionRun.objects.all().delete()

        with pytest.raises(NotNow, match="Nothing failed in this run"):
            operations.retry(run)

    def test_a_run_whose_action_is_gone_is_refused(self, calls: Calls) -> None:
        run = run_that(Fail("no"), calls=calls)
        Run.objects.filter(pk=run.pk).update(at="gone")
        ActionRun.objects.update(uid="gone")

        with pytest.raises(NotNow, match="is not in its version any more"):
            operations.retry(run)

    def test_beside_the_only_active_run_it_is_refused(self, calls: Calls) -> None:
        run = run_that(Fail("no"), Retry("busy", timedelta(days=1)), calls=calls, reentry="one_active")
        make.tag(Contact.objects.get(pk=run.contact_id), "Again")
        sweeping.drain()
        assert [each.status for each in make.runs(run.workflow)] == ["failed", "pending"]

        with pytest.raises(NotNow, match="Another run of this workflow is active"):
            operations.retry(run)

        assert state(run)[0] == "failed"


class TestSkip:
    def test_a_failed_action_is_left_out(self, calls: Calls) -> None:
        run = run_that(Fail("no"), calls=calls)

        operations.skip(run)
        sweeping.drain()

        assert state(run) == ("done", [("p", "skipped"), ("after", "done")])
        assert run.actions.get(uid="p").summary == "Left out by hand."
        assert len(calls.keys) == 1

    def test_a_held_action_is_left_out(self, calls: Calls) -> None:
        run = run_that(Hold("401"), calls=calls)

        operations.skip(run)
        sweeping.drain()

        assert state(run) == ("done", [("p", "skipped"), ("after", "done")])

    def test_a_wait_is_cut_short_and_hears_nothing_more(self) -> None:
        wait = make.action("w", "wait.for_event", event="contact.changed", days=3)
        flow = make.workflow(wait, AFTER)
        make.tag(make.contact())
        sweeping.drain()
        [run] = make.runs(flow)
        assert (state(run)[0], Listener.objects.count()) == ("waiting", 1)

        operations.skip(run)
        assert Listener.objects.count() == 0
        sweeping.drain()

        assert state(run) == ("done", [("w", "skipped"), ("after", "done")])

    def test_the_last_action_left_out_ends_the_run(self, calls: Calls) -> None:
        calls.outcomes = [Hold("401")]
        flow = make.workflow(make.action("p", "probe"))
        make.tag(make.contact())
        sweeping.drain()
        [run] = make.runs(flow)

        done = operations.skip(run)

        assert (done.status, done.finished_at is not None, done.due_at) == ("done", True, None)

    def test_an_action_not_yet_begun_is_left_out_with_a_trace(self, calls: Calls) -> None:
        flow = make.workflow(make.action("p", "probe"), AFTER)
        make.tag(make.contact())
        sweeping.drain(outside=False)
        ActionRun.objects.all().delete()
        [run] = make.runs(flow)

        operations.skip(run)
        sweeping.drain()

        assert state(run) == ("done", [("p", "skipped"), ("after", "done")])

    def test_an_uncertain_action_asks_for_a_decision_instead(self, calls: Calls) -> None:
        with pytest.raises(NotNow, match="Only a run that waits, is held or failed"):
            operations.skip(run_that(Unsure("lost"), calls=calls))


class TestStop:
    @pytest.mark.parametrize("outcome", [Retry("busy"), Hold("401"), Unsure("lost")])
    def test_an_active_run_ends_with_the_reason(self, calls: Calls, outcome: Any) -> None:
        run = run_that(outcome, calls=calls)

        stopped = operations.stop(run, "Wrong list")

        assert (stopped.status, stopped.reason, stopped.due_at) == ("cancelled", "Wrong list", None)
        sweeping.drain(timezone.now() + timedelta(days=9))
        assert (len(calls.keys), state(run)[0]) == (1, "cancelled")

    def test_a_reason_need_not_be_given(self, calls: Calls) -> None:
        assert operations.stop(run_that(Hold("401"), calls=calls)).reason == "Stopped by hand."

    def test_a_call_under_way_moves_nothing_any_more(self, calls: Calls) -> None:
        flow = make.workflow(make.action("p", "probe"), AFTER)
        make.tag(make.contact())
        sweeping.drain(outside=False)
        _taken, [call] = calling.take(1, timezone.now())
        [run] = make.runs(flow)

        operations.stop(run)

        attempt = Attempt(action_run=call.done, number=1, outcome="done")
        assert not calling.record(call, Done(), attempt, timezone.now())
        assert state(run)[0] == "cancelled"

    def test_a_run_that_has_ended_is_refused(self, calls: Calls) -> None:
        with pytest.raises(NotNow, match="has ended already"):
            operations.stop(run_that(calls=calls))


class TestResolve:
    def test_sent_goes_on_without_another_call(self, calls: Calls) -> None:
        run = run_that(Unsure("lost"), calls=calls)

        operations.resolve(run, sent=True)
        sweeping.drain()

        assert state(run) == ("done", [("p", "done"), ("after", "done")])
        assert (run.actions.get(uid="p").summary, len(calls.keys)) == ("Marked as sent by hand.", 1)

    def test_resend_calls_once_more_with_the_same_key(self, calls: Calls) -> None:
        run = run_that(Unsure("lost"), calls=calls)

        operations.resolve(run, sent=False)
        sweeping.drain()

        assert state(run) == ("done", [("p", "done"), ("after", "done")])
        assert calls.keys == [str(run.actions.get(uid="p").key)] * 2

    def test_workers_lost_before_do_not_count_against_the_resend(self) -> None:
        with probe(repeatable=True) as calls:
            flow = make.workflow(make.action("p", "probe"))
            make.tag(make.contact())
            sweeping.drain(outside=False)
            now = timezone.now()
            for minute in range(4):
                calling.take(1, now + timedelta(seconds=61 * minute))
            [run] = make.runs(flow)
            assert state(run) == ("uncertain", [("p", "uncertain")])

            operations.resolve(run, sent=False)
            calling.take(1, timezone.now())
            sweeping.drain(timezone.now() + timedelta(seconds=61))

            assert (state(run)[0], len(calls.keys)) == ("done", 1)

    def test_a_certain_run_is_refused(self, calls: Calls) -> None:
        with pytest.raises(NotNow, match="Only an uncertain run"):
            operations.resolve(run_that(Fail("no"), calls=calls), sent=True)


class TestRelease:
    def test_a_held_run_goes_on(self, calls: Calls) -> None:
        run = run_that(Hold("No address yet"), calls=calls)
        Destination.objects.all().delete()

        operations.release(run)
        sweeping.drain()

        assert state(run) == ("done", [("p", "done"), ("after", "done")])

    def test_while_the_workflow_is_paused_it_stays_held(self, calls: Calls) -> None:
        run = run_that(Retry("busy"), calls=calls)
        services.pause(run.workflow)
        sweeping.drain(timezone.now() + timedelta(hours=1))

        with pytest.raises(NotNow, match=r"The workflow is paused\. Switch it on first\."):
            operations.release(run)

        assert state(run)[0] == "held"

    def test_while_its_receiver_is_held_it_stays_held(self, calls: Calls) -> None:
        run = run_that(Hold("401"), calls=calls)

        with pytest.raises(NotNow, match="mark the receiver as repaired"):
            operations.release(run)

    def test_a_run_that_is_not_held_is_refused(self, calls: Calls) -> None:
        with pytest.raises(NotNow, match="Only a held run"):
            operations.release(run_that(Unsure("lost"), calls=calls))


ACTS: dict[str, Callable[[Run], Run]] = {
    "retry": operations.retry,
    "skip": operations.skip,
    "stop": operations.stop,
    "sent": lambda run: operations.resolve(run, sent=True),
    "resend": lambda run: operations.resolve(run, sent=False),
    "release": operations.release,
}


@pytest.mark.parametrize("act", [name for name in ACTS if name != "stop"])
def test_while_a_call_is_under_way_nothing_but_stopping_is_possible(calls: Calls, act: str) -> None:
    flow = make.workflow(make.action("p", "probe"))
    make.tag(make.contact())
    sweeping.drain(outside=False)
    calling.take(1, timezone.now())
    [run] = make.runs(flow)

    with pytest.raises(NotNow, match="A call is under way"):
        ACTS[act](run)

    assert state(run)[0] == "running"


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("status", ["done", "skipped", "cancelled", "observed"])
def test_what_has_ended_for_good_stays_as_it_is(calls: Calls, act: str, status: str) -> None:
    run = run_that(calls=calls)
    Run.objects.filter(pk=run.pk).update(status=status)

    with pytest.raises(NotNow):
        ACTS[act](run)

    assert state(run)[0] == status


@pytest.mark.parametrize(("outcome", "act"), [(Fail("no"), "retry"), (Fail("no"), "skip")])
def test_runs_of_an_archived_workflow_are_not_taken_up_again(calls: Calls, outcome: Any, act: str) -> None:
    run = run_that(outcome, calls=calls)
    services.archive(run.workflow)

    with pytest.raises(NotNow, match="The workflow is archived"):
        ACTS[act](run)


def test_an_act_works_on_the_run_as_it_is_and_not_as_it_was_shown(calls: Calls) -> None:
    shown = run_that(Fail("no"), calls=calls)
    operations.retry(Run.objects.get(pk=shown.pk))
    sweeping.drain()

    with pytest.raises(NotNow):
        operations.retry(shown)

    assert state(shown)[0] == "done"


def test_who_did_it_is_kept(calls: Calls) -> None:
    clara = make.user()

    operations.stop(run_that(Hold("401"), calls=calls), "Wrong list", clara)

    [entry] = LogEntry.objects.all()
    assert (entry.user, entry.object_id, entry.change_message) == (
        clara,
        str(Run.objects.get().pk),
        "Stopped: Wrong list",
    )


def test_a_success_after_failures_clears_the_workflows_count(calls: Calls) -> None:
    run = run_that(Fail("no"), calls=calls)
    run.workflow.refresh_from_db()
    assert run.workflow.failures == 1

    operations.retry(run)
    sweeping.drain()

    run.workflow.refresh_from_db()
    assert run.workflow.failures == 0
