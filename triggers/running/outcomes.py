"""How an action's outcome moves its run: the one place where states change.

Works on the two rows in memory; whoever calls it holds the run's lock and saves them.
"""

import random
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from triggers.action_types import Done, Fail, Hold, Outcome, Retry, Skip, Stop, Unsure, Wait
from triggers.models.event import Lane
from triggers.models.run import ActionRun, Run
from triggers.running import deferring
from triggers.workflows.document import Document, Node

# After the n-th failed try; then the action has failed (design, 8).
DELAYS: Final = tuple(timedelta(seconds=seconds) for seconds in (30, 120, 600, 3600, 6 * 3600, 24 * 3600))


def settle(run: Run, done: ActionRun, doc: Document, node: Node, outcome: Outcome, now: datetime) -> None:
    """Applies the outcome of `node` to its action run and moves the run on, to wait, or to its end."""
    done.error = done.error_kind = ""
    match outcome:
        case Done(summary, result, branch):
            _close(done, ActionRun.Status.DONE, summary, now)
            done.result, done.outcome = result, branch
            if result:
                run.vars = {**run.vars, f"@{node.uid}": result}
            go_on(run, doc, node.uid, branch, now)
        case Skip(summary):
            _close(done, ActionRun.Status.SKIPPED, summary, now)
            go_on(run, doc, node.uid, "", now)
        case Wait(until, summary, _event):
            done.status, done.summary, done.until = ActionRun.Status.WAITING, summary[:300], until
            done.tries = _untried(done)
            run.status, run.due_at = Run.Status.WAITING, until
        case Retry(why, after):
            _retry(run, done, doc, node, why, after, now)
        case Fail(why):
            fail(run, done, doc, node, why, "failed", now)
        case Hold(why, until):
            done.status, done.error, done.error_kind = ActionRun.Status.HELD, why[:500], "held"
            done.tries = _untried(done)
            run.status, run.reason, run.due_at = Run.Status.HELD, why[:300], until
        case Unsure(why):
            done.status, done.error, done.error_kind = ActionRun.Status.UNCERTAIN, why[:500], "uncertain"
            run.status, run.reason, run.due_at = Run.Status.UNCERTAIN, why[:300], None
        case Stop(reason):
            _close(done, ActionRun.Status.DONE, reason, now)
            finish(run, Run.Status.DONE, reason, now)


def go_on(run: Run, doc: Document, uid: str, outcome: str, now: datetime) -> None:
    """Puts the run at what follows `uid`, or ends it."""
    following = deferring.following(run, doc, uid, outcome)
    run.target = ""
    run.lane = Lane.BULK if run.event.lane == Lane.BULK else Lane.FAST
    if following is None:
        finish(run, Run.Status.DONE, "", now)
    else:
        _stand_at(run, following, now)


def finish(run: Run, status: str, reason: str, now: datetime) -> None:
    """Ends the run; messages that it has passed leave before."""
    first = deferring.before_end(run, status, reason)
    if first is not None:
        _stand_at(run, first, now)
        return
    status, reason = deferring.end(run, status, reason)
    run.status, run.reason, run.due_at, run.finished_at = status, reason[:300], None, now


def _stand_at(run: Run, uid: str, now: datetime) -> None:
    run.at, run.status, run.due_at, run.reason = uid, Run.Status.PENDING, now, ""


def fail(run: Run, done: ActionRun, doc: Document, node: Node, why: str, kind: str, now: datetime) -> None:
    """The action has failed for good; the run ends with it unless the workflow says to go on."""
    _close(done, ActionRun.Status.FAILED, "", now)
    done.error, done.error_kind = why[:500], kind
    stops = node.on_error == "stop" or (node.on_error is None and doc.settings.stop_on_error)
    if stops:
        finish(run, Run.Status.FAILED, why, now)
    else:
        go_on(run, doc, node.uid, "", now)


def delay(tries: int) -> timedelta | None:
    """How long to wait after the n-th failed try, give or take a fifth; None when it was the last."""
    if tries > len(DELAYS):
        return None
    return DELAYS[tries - 1] * random.uniform(0.8, 1.2)  # noqa: S311 -- spread, not secrecy


def _retry(
    run: Run, done: ActionRun, doc: Document, node: Node, why: str, after: timedelta | None, now: datetime
) -> None:
    pause = delay(max(done.tries, 1))
    if pause is None:
        fail(
            run,
            done,
            doc,
            node,
            _("Gave up after %(n)d tries: %(why)s") % {"n": done.tries, "why": why},
            "gave_up",
            now,
        )
        return
    done.status, done.error, done.error_kind = ActionRun.Status.PENDING, why[:500], "retry"
    done.until = run.due_at = now + max(pause, after or timedelta(0))
    run.status = Run.Status.PENDING


def _untried(done: ActionRun) -> int:
    """A try that was put off or held does not count towards giving up."""
    return max(done.tries - 1, 0)


def _close(done: ActionRun, status: str, summary: str, now: datetime) -> None:
    done.status, done.summary, done.finished_at, done.until = status, summary[:300], now, None
