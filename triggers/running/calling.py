"""Outside actions: the claim is committed first as a lease, then the call is made, then its result recorded.

Killed in between, the row says "running" with an expired lease: what may be repeated with the same key
is; what may not becomes *uncertain* and waits for a person. A result is recorded only under the claim
that made the call (fence), so a worker that slept past its lease moves nothing.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import ValidationError

from triggers import poke, registry
from triggers.action_types import Action, Fail, Outcome, Retry, Unsure
from triggers.context import act_as
from triggers.models.event import Lane
from triggers.models.run import ActionRun, Attempt, Run
from triggers.run_context import Gone, RunContext
from triggers.running import departures, destinations, life, outcomes
from triggers.running.acting import Rights, configured, effects_of
from triggers.running.claiming import claim, is_due
from triggers.running.crash import crash
from triggers.secrets import redact
from triggers.text import TextError
from triggers.workflows import document

log = logging.getLogger(__name__)

# A try whose worker was lost this often is not given to a fourth.
LOSSES: Final = 3


@dataclass
class Call:
    """A leased outside action: the run as claimed, its action run, the number of the claim, and whom it was about."""

    run: Run
    done: ActionRun
    claim: int
    contact_id: int | None = None


def call_due(limit: int = 1, now: datetime | None = None) -> int:
    """Takes due outside actions and makes their calls; how many runs were taken, 0 when none is due."""
    now = now or timezone.now()
    taken, calls = take(limit, now)
    for call in calls:
        crash("call.claimed")
        make(call, now)
    return taken


def take(limit: int, now: datetime) -> tuple[int, list[Call]]:
    """Claims due outside runs and commits the lease: how many rows were touched, and what is to be called."""
    with transaction.atomic():
        runs = claim(Lane.OUTSIDE, limit, now, spare=destinations.busy(now))
        standing = {(row.run_id, row.uid): row for row in ActionRun.objects.select_for_update().filter(run__in=runs)}
        rights = Rights(runs)
        calls = [call for run in runs if (call := _lease(run, standing.get((run.pk, run.at)), rights, now))]
        for run in runs:
            run.save()
        if calls and is_due(Lane.OUTSIDE, now):
            # Before the call is made, which may take long: who waits behind it gets a worker of its own.
            poke.after_commit(Lane.OUTSIDE)
    return len(runs), calls


def _lease(run: Run, done: ActionRun | None, rights: Rights, now: datetime) -> Call | None:
    """Leases one run to this worker, or moves it where it has to go instead."""
    if run.jump or done is None:
        # A goal was reached meanwhile, or nothing stands here: the walk knows what to do.
        run.lane, run.status = Lane.FAST, Run.Status.PENDING
        return None
    if run.status == Run.Status.RUNNING:
        # First of all: whatever holds the run up now, a worker was lost over it.
        survives = _survives_loss(run, done, now)
        done.save()
        if not survives:
            return None
        run.status = Run.Status.PENDING
    receiver = destinations.standing(run.target, now)
    reason = life.held_reason(run) or receiver.held
    if reason:
        run.status, run.reason, run.due_at = Run.Status.HELD, reason[:300], None
        return None
    if receiver.opens is not None and receiver.opens > now:
        # The receiver's breaker is open: this one waits with the others instead of knocking again.
        run.status, run.due_at = Run.Status.PENDING, destinations.spread(receiver.opens)
        return None
    doc = document.of_version(run.version_id)
    if not receiver.has_room:
        return None
    if rights.holds(run, done, doc, doc.nodes[done.uid], now):
        done.save()
        return None
    run.claim += 1
    run.status, run.due_at = Run.Status.RUNNING, now + timedelta(seconds=settings.CONCOURS_LEASE_SECONDS)
    done.status, done.tries, done.until = ActionRun.Status.RUNNING, done.tries + 1, None
    done.save()
    return Call(run, done, run.claim, run.contact_id)


def _survives_loss(run: Run, done: ActionRun, now: datetime) -> bool:
    """Whether a try whose worker was lost may be made again; the action run is settled if not."""
    done.losses += 1
    if done.losses < LOSSES and _may_repeat(run, done):
        return True
    doc = document.of_version(run.version_id)
    why = _("The worker was lost during the call: it may or may not have happened. Decide whether to send it again.")
    outcomes.settle(run, done, doc, doc.nodes[done.uid], Unsure(why), now)
    return False


def _may_repeat(run: Run, done: ActionRun) -> bool:
    try:
        return _configured(run, done).may_repeat()
    except (ValidationError, registry.UnknownKind):
        return False


def make(call: Call, now: datetime) -> None:
    """Makes the call and records how it ended, under the claim it was made with."""
    run, done = call.run, call.done
    doc = document.of_version(run.version_id)
    ctx = RunContext(run, run.event, doc, doc.nodes[done.uid], done.key, now)
    began, started = monotonic(), timezone.now()
    outcome = _perform(run, done, ctx)
    crash("call.sent")
    attempt = Attempt(
        action_run=done, number=done.attempts.count() + 1, started_at=started, ms=int((monotonic() - began) * 1000),
        outcome=type(outcome).__name__.lower(), status_code=ctx.status_code, request=redact(ctx.request),
        response=ctx.response[:2000], error=getattr(outcome, "why", "")[:500],
    )  # fmt: skip
    record(call, outcome, attempt, max(now, timezone.now()))
    crash("call.recorded")


def record(call: Call, outcome: Outcome, attempt: Attempt, now: datetime) -> bool:
    """Stores the try, and moves the run if the claim still holds; whether it did."""
    with transaction.atomic():
        # Locked first, as `take` does: run, action run, receiver. Another order would be a deadlock at times.
        held = Run.objects.select_for_update().filter(pk=call.run.pk, claim=call.claim, status=Run.Status.RUNNING)
        current = held.first()
        Attempt.objects.bulk_create([attempt], ignore_conflicts=True)
        destinations.learn(call.run.target, outcome, attempt.status_code, now)
        if current is None:
            log.warning("run %s: the result of claim %s came too late", call.run.pk, call.claim)
            _close_stopped(call, now)
            return False
        run, done = call.run, call.done
        run.jump, run.heard = current.jump, current.heard
        # A merge may have moved the run to another contact during the call.
        run.once_key, run.active_key, run.subject_id = current.once_key, current.active_key, current.subject_id
        if run.contact_id == call.contact_id:
            run.contact_id = current.contact_id
        doc = document.of_version(run.version_id)
        outcomes.settle(run, done, doc, doc.nodes[done.uid], outcome, now)
        if isinstance(outcome, Retry):
            run.due_at = destinations.not_before(run.target, run.due_at)
        done.save()
        run.save()
        departures.tell(run, done.action, outcome, now)
        if run.finished_at:
            life.ended([run])
        elif run.due_at is not None and run.due_at <= now:
            poke.after_commit(Lane(run.lane))
        crash("call.settled")
    return True


def _close_stopped(call: Call, now: datetime) -> None:
    """The run was stopped during its call: the action run says so instead of running for ever."""
    stopped = Run.objects.filter(pk=call.run.pk, status=Run.Status.CANCELLED).exists()
    if stopped:
        ActionRun.objects.filter(pk=call.done.pk, status=ActionRun.Status.RUNNING).update(
            status=ActionRun.Status.CANCELLED, finished_at=now, error=_("The run was stopped during the call.")
        )


def _perform(run: Run, done: ActionRun, ctx: RunContext) -> Outcome:
    with act_as(**effects_of(run)), act_as(cause=done.key):
        try:
            return _configured(run, done).run(ctx)
        except (Gone, TextError) as error:
            return Fail(str(error))
        except ValidationError as error:
            return Fail(_("Its settings are not valid any more: %(why)s") % {"why": error.errors()[0]["msg"]})
        except registry.UnknownKind as error:
            return Fail(str(error))
        except Exception as error:
            log.exception("action %s of run %s broke", done.uid, run.pk)
            done.error_kind = "crashed"
            why = _("The action broke: %(error)s") % {"error": repr(error)}
            return Retry(why) if _may_repeat(run, done) else Unsure(why)


def _configured(run: Run, done: ActionRun) -> Action:
    return configured(done.action, run.version_id, done.uid)
