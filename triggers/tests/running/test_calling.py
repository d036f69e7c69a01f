"""Calls outside: one key on every try, leases, lost workers, the fence, holds, breakers and give-up."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from triggers import services, sweeping
from triggers.action_types import Done, Fail, Hold, Retry, Unsure
from triggers.models import Attempt, Destination, Notice, Run
from triggers.models.event import Lane
from triggers.running import calling, destinations, outcomes
from triggers.tests import make
from triggers.tests.probes import probe

pytestmark = pytest.mark.django_db


def due(count: int = 1, **kwargs: object) -> list[Run]:
    """Runs that stand before the probe, not yet called."""
    flow = make.workflow(make.action("p", "probe"), **kwargs)
    for n in range(count):
        make.tag(make.contact(first_name=str(n)))
    sweeping.drain(outside=False)
    return make.runs(flow)


def test_a_call_is_made_and_recorded() -> None:
    def answers(ctx):  # type: ignore[no-untyped-def]
        ctx.request, ctx.response, ctx.status_code = {"url": "https://x", "api_key": "s3cret"}, "fine", 200
        return Done("sent", {"id": 7})

    with probe(answers):
        [run] = due()
        assert (run.status, run.lane, run.target) == ("pending", Lane.OUTSIDE, "https://sink.example")
        sweeping.drain()

    run.refresh_from_db()
    [attempt] = Attempt.objects.all()
    assert (run.status, run.vars["@p"]) == ("done", {"id": 7})
    assert (attempt.number, attempt.outcome, attempt.status_code, attempt.response) == (1, "done", 200, "fine")
    assert "s3cret" not in str(attempt.request)


def test_retries_keep_the_key_and_wait_longer_each_time() -> None:
    now = timezone.now()
    with probe(*[Retry("busy")] * 6) as calls:
        [run] = due()
        waits = []
        for _try in range(7):
            run.refresh_from_db()
            assert run.due_at is not None
            waits.append(run.due_at)
            sweeping.drain(max(run.due_at, now))

    run.refresh_from_db()
    assert (run.status, len(calls.keys), len(set(calls.keys))) == ("done", 7, 1)
    gaps = [later - earlier for earlier, later in pairwise(waits[1:])]
    assert all(gap >= delay * 0.8 for gap, delay in zip(gaps, outcomes.DELAYS[1:], strict=False))


def test_it_gives_up_after_the_last_delay() -> None:
    with probe(*[Retry("busy")] * 9):
        [run] = due()
        while run.status == "pending":
            sweeping.drain(run.due_at)
            run.refresh_from_db()

    assert (run.status, run.reason) == ("failed", "Gave up after 7 tries: busy")


def test_retry_after_is_honoured() -> None:
    with probe(Retry("slow down", timedelta(hours=3))):
        [run] = due()
        now = timezone.now()
        sweeping.drain(now)

    run.refresh_from_db()
    assert run.due_at is not None
    assert run.due_at >= now + timedelta(hours=3)


def lose_the_worker(run: Run) -> None:
    """Claims the call and commits the lease, as a worker does that is killed right after."""
    taken, calls = calling.take(1, timezone.now())
    assert (taken, len(calls)) == (1, 1)
    run.refresh_from_db()
    assert run.status == "running"


def test_a_lost_try_is_repeated_with_the_same_key_where_the_receiver_honours_it() -> None:
    with probe(repeatable=True) as calls:
        [run] = due()
        lose_the_worker(run)
        sweeping.drain(timezone.now() + timedelta(seconds=30))
        assert calls.keys == []
        sweeping.drain(timezone.now() + timedelta(seconds=61))

    run.refresh_from_db()
    done = run.actions.get()
    assert (run.status, calls.keys, done.tries, done.losses) == ("done", [str(done.key)], 2, 1)


def test_a_lost_try_is_uncertain_where_it_may_not_be_repeated() -> None:
    with probe(repeatable=False) as calls:
        [run] = due()
        lose_the_worker(run)
        sweeping.drain(timezone.now() + timedelta(seconds=61))

    run.refresh_from_db()
    assert (run.status, run.due_at, calls.keys) == ("uncertain", None, [])
    assert "may or may not have happened" in run.actions.get().error


@pytest.mark.parametrize("repeatable", [True, False])
def test_a_worker_lost_during_a_pause_is_not_forgotten(repeatable: bool) -> None:
    """The hold must not hide that the call may have been made."""
    with probe(repeatable=repeatable) as calls:
        [run] = due()
        lose_the_worker(run)
        services.pause(run.workflow)
        sweeping.drain(timezone.now() + timedelta(seconds=61))
        services.resume(run.workflow)
        sweeping.drain(timezone.now() + timedelta(seconds=61))

    run.refresh_from_db()
    ends = ("done", [str(run.actions.get().key)]) if repeatable else ("uncertain", [])
    assert (run.status, calls.keys) == ends
    assert run.actions.get().losses == 1


def test_three_lost_workers_quarantine_the_call() -> None:
    with probe(repeatable=True) as calls:
        [run] = due()
        now = timezone.now()
        for minute in range(3):
            calling.take(1, now + timedelta(seconds=61 * minute))
        sweeping.drain(now + timedelta(seconds=61 * 3))

    run.refresh_from_db()
    assert (run.status, calls.keys, run.actions.get().losses) == ("uncertain", [], 3)


def test_a_result_that_comes_after_the_lease_was_taken_over_moves_nothing() -> None:
    with probe(repeatable=True):
        [run] = due()
        now = timezone.now()
        _taken, [stale] = calling.take(1, now)
        _taken, [fresh] = calling.take(1, now + timedelta(seconds=61))
        attempt = Attempt(action_run=stale.done, number=1, outcome="done")

        assert calling.record(stale, Done("from the stale worker"), attempt, now) is False
        run.refresh_from_db()
        assert run.status == "running"
        assert calling.record(fresh, Done("kept"), Attempt(action_run=fresh.done, number=2, outcome="done"), now)

    run.refresh_from_db()
    assert (run.status, run.actions.get().summary) == ("done", "kept")
    assert Attempt.objects.count() == 2


def test_a_run_stopped_during_its_call_stays_stopped() -> None:
    with probe():
        [run] = due()
        _taken, [call] = calling.take(1, timezone.now())
        services.archive(run.workflow)

        assert not calling.record(call, Done(), Attempt(action_run=call.done, number=1, outcome="done"), timezone.now())

    run.refresh_from_db()
    assert (run.status, run.reason) == ("cancelled", "The workflow was archived.")
    assert make.trail(run) == [("p", "cancelled")]


def test_unsure_waits_for_a_person() -> None:
    with probe(Unsure("The connection broke.")):
        [run] = due()
        sweeping.drain()

    run.refresh_from_db()
    assert (run.status, run.reason) == ("uncertain", "The connection broke.")


def test_a_bug_in_a_call_that_may_not_be_repeated_is_uncertain() -> None:
    def breaks(ctx):  # type: ignore[no-untyped-def]
        raise RuntimeError("boom")

    with probe(breaks, repeatable=False):
        [run] = due()
        sweeping.drain()

    run.refresh_from_db()
    assert (run.status, run.reason) == ("uncertain", "The action broke: RuntimeError('boom')")


def test_refused_credentials_hold_the_receiver_until_it_is_repaired() -> None:
    with probe(Hold("The key was refused.")) as calls:
        runs = due(3)
        sweeping.drain()
        assert [Run.objects.get(pk=run.pk).status for run in runs] == ["held"] * 3
        assert len(calls.keys) == 1

        later = timezone.now()
        destinations.repaired("https://sink.example", later)
        sweeping.drain(later + timedelta(minutes=2))

    assert [Run.objects.get(pk=run.pk).status for run in runs] == ["done"] * 3


def test_gone_switches_the_receiver_off() -> None:
    with probe(Fail("410 Gone", disable=True)):
        first, second = due(2)
        sweeping.drain()

    first.refresh_from_db(), second.refresh_from_db()
    assert {first.status, second.status} == {"failed", "held"}
    assert Destination.objects.get().status == "disabled"


def test_five_failures_in_a_row_open_the_breaker() -> None:
    with probe(*[Retry("down")] * 5):
        due(5)
        now = timezone.now()
        sweeping.drain(now)

    row = Destination.objects.get()
    assert (row.failures, row.open_until is not None and row.open_until > now) == (5, True)


def test_while_the_breaker_is_open_nobody_knocks() -> None:
    with probe(*[Retry("down")] * 5) as calls:
        runs = due(8)
        now = timezone.now()
        sweeping.drain(now)
        assert len(calls.keys) == 5
        opens = Destination.objects.get().open_until
        assert opens is not None
        assert all(run.due_at is not None and run.due_at >= opens for run in Run.objects.filter(actions__tries=0))

        sweeping.drain(opens + timedelta(minutes=2))

    assert len(calls.keys) == 8 + 5
    assert {Run.objects.get(pk=run.pk).status for run in runs} == {"done"}


def test_no_more_calls_in_flight_to_one_receiver_than_its_cap() -> None:
    with probe():
        due(6)
        taken = [calling.take(1, timezone.now())[0] for _n in range(6)]

    assert taken == [1] * destinations.CAP + [0] * (6 - destinations.CAP)


def test_lost_workers_do_not_keep_their_receiver_busy() -> None:
    with probe() as calls:
        due(6)
        for _worker in range(destinations.CAP):
            lose_the_worker_of_any()
        sweeping.drain(timezone.now() + timedelta(seconds=30))
        assert calls.keys == []
        sweeping.drain(timezone.now() + timedelta(seconds=61))

    assert set(Run.objects.values_list("status", flat=True)) == {"done"}
    assert len(set(calls.keys)) == 6


def lose_the_worker_of_any() -> None:
    assert calling.take(1, timezone.now())[0] == 1


def test_a_receiver_that_lets_us_wait_gets_no_second_call() -> None:
    with probe():
        due(3)
        now = timezone.now()
        calling.take(1, now)
        assert destinations.busy(now + timedelta(seconds=1)) == set()
        assert destinations.busy(now + timedelta(seconds=3)) == {"https://sink.example"}

        taken = calling.take(1, now + timedelta(seconds=3))

    assert taken == (0, [])


def test_a_receiver_that_fails_for_long_is_tried_once_an_hour() -> None:
    now = timezone.now()
    for _failure in range(100):
        destinations.learn("https://sink.example", Retry("down"), 503, now)

    row = Destination.objects.get()
    assert (row.failures, row.status, row.open_until) == (100, "ok", now + timedelta(hours=1))


def test_twenty_failures_in_a_row_pause_the_workflow_and_tell_its_owner() -> None:
    owner = make.user()
    with probe(*[Fail("no")] * 25):
        runs = due(25)
        flow = runs[0].workflow
        flow.owner = owner
        flow.save()
        sweeping.drain()
    flow.refresh_from_db()
    states = sorted(run.status for run in make.runs(flow))
    assert (flow.status, flow.paused_reason) == ("paused", "20 runs in a row failed.")
    assert states == ["failed"] * 20 + ["held"] * 5
    assert Notice.objects.get().user == owner

    with probe():
        services.resume(flow)
        sweeping.drain()
    flow.refresh_from_db()
    assert (flow.status, flow.failures) == ("live", 0)
    assert sorted(run.status for run in make.runs(flow)) == ["done"] * 5 + ["failed"] * 20


def test_tests_do_not_count_as_failures() -> None:
    with probe(*[Fail("no")] * 25):
        flow = make.workflow(make.action("p", "probe"))
        from triggers.explaining import again

        anna = make.contact()
        for _n in range(21):
            again.run_test(flow, contact_id=anna.pk)
        sweeping.drain()

    flow.refresh_from_db()
    assert (flow.status, flow.failures) == ("live", 0)
