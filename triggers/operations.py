"""What a person does with a run that stands still: try again, skip, stop, decide, let go on.

Each locks the run, refuses what its state does not allow, and pokes the workers. A repeated try keeps
the action's key, so a receiver that honours it acts once.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from triggers import languages, poke
from triggers.action_types import Done, Skip
from triggers.models.event import Lane
from triggers.models.run import ActionRun, Listener, Run
from triggers.models.workflow import Workflow
from triggers.noting import note
from triggers.problems import Invalid, Problem
from triggers.running import destinations, life, listeners, outcomes
from triggers.running.acting import Rights
from triggers.running.claiming import claim_one
from triggers.running.stopping import cancel
from triggers.workflows import document
from triggers.workflows.document import Document, Node

Status = Run.Status


class NotNow(Invalid):
    """The run's state, or its workflow's, does not allow it; the message says what does. The API answers 409."""

    status_code = 409

    def __init__(self, message: str) -> None:
        super().__init__([Problem((), message)])


@transaction.atomic
def retry(run: Run, by: Any = None, now: datetime | None = None) -> Run:
    """Tries the action the run stands at again, at once: after a failure, or before the next try is due.

    The tries already made still count: an action that has used them all up gets this one more.
    """
    run = _locked(run, {Status.FAILED, Status.PENDING}, _("Only a run that failed can be tried again."))
    done = _standing(run)
    if done is None or done.status not in (ActionRun.Status.FAILED, ActionRun.Status.PENDING):
        raise NotNow(_("Nothing failed in this run; there is nothing to try again."))
    _place(run)
    _refuse_archived(run)
    # A run that had ended heard nothing any more; the goals ahead of it count again.
    listeners.listen_for_goals([run])
    _start_over(run, done, now or timezone.now())
    note(by, run, gettext_noop("Tried again"))
    return run


@transaction.atomic
def skip(run: Run, by: Any = None, now: datetime | None = None) -> Run:
    """Leaves out the action the run waits, is held or failed at, and goes on with what follows."""
    now = now or timezone.now()
    allowed = {Status.PENDING, Status.WAITING, Status.HELD, Status.FAILED}
    run = _locked(run, allowed, _("Only a run that waits, is held or failed can leave out its action."))
    _refuse_archived(run)
    doc, node = _place(run)
    done = _standing(run) or _new(run, doc, node, now)
    _settle(run, done, doc, node, Skip(languages.stored(gettext_noop("Left out by hand."))), now)
    note(by, run, gettext_noop("Left out “%(uid)s”"), uid=node.uid)
    return run


@transaction.atomic
def stop(run: Run, reason: str = "", by: Any = None, now: datetime | None = None) -> Run:
    """Ends an active run, visibly. A call in flight finishes, but moves nothing any more."""
    run = _locked(run, set(Run.ACTIVE), _("This run has ended already."))
    why = reason or languages.stored(gettext_noop("Stopped by hand."))
    cancel(Run.objects.filter(pk=run.pk), why, now or timezone.now())
    run.refresh_from_db()
    note(by, run, gettext_noop("Stopped: %(why)s"), why=why)
    return run


@transaction.atomic
def resolve(run: Run, sent: bool, by: Any = None, now: datetime | None = None) -> Run:
    """Decides an uncertain run: it was sent, and the run goes on; or it was not, and is sent again."""
    now = now or timezone.now()
    run = _locked(run, {Status.UNCERTAIN}, _("Only an uncertain run asks for a decision."))
    doc, node = _place(run)
    done = _standing(run) or _new(run, doc, node, now)
    if sent:
        _settle(run, done, doc, node, Done(languages.stored(gettext_noop("Marked as sent by hand."))), now)
    else:
        _refuse_archived(run)
        _start_over(run, done, now)
    note(by, run, gettext_noop("Marked as sent") if sent else gettext_noop("Sent again"))
    return run


@transaction.atomic
def release(run: Run, by: Any = None, now: datetime | None = None) -> Run:
    """Lets a held run go on, once what held it is repaired."""
    run = _locked(run, {Status.HELD}, _("Only a held run can be let go on."))
    still = life.held_reason(run)
    if still:
        raise NotNow(_("%(why)s Switch it on first.") % {"why": still})
    node = document.of_version(run.version_id).nodes.get(run.at)
    refused = Rights([run]).refused(run, node, now or timezone.now()) if node else None
    if refused is not None:
        raise NotNow(refused.why)
    if destinations.held_reason(run.target):
        raise NotNow(_("Its receiver is held; mark the receiver as repaired, which lets all its runs go on."))
    run.status, run.reason, run.due_at = Status.PENDING, "", now or timezone.now()
    _save(run)
    note(by, run, gettext_noop("Let go on"))
    return run


def _locked(run: Run, allowed: Collection[str], otherwise: str) -> Run:
    """The run as it is now, locked. Raises `NotNow` unless its state is among `allowed`."""
    found = claim_one(run.pk)
    if found is None:
        # Ended runs are no worker's any more; this one is locked against another person's click.
        ended = Run.objects.select_for_update(of=("self",)).select_related("event")
        found = ended.get(pk=run.pk)
    if found.status == Status.RUNNING and Status.RUNNING not in allowed:
        raise NotNow(_("A call is under way; wait for its result."))
    if found.status not in allowed:
        raise NotNow(otherwise)
    return found


def _standing(run: Run) -> ActionRun | None:
    return ActionRun.objects.filter(run=run, uid=run.at).first()


def _place(run: Run) -> tuple[Document, Node]:
    doc = document.of_version(run.version_id)
    if run.at not in doc.nodes:
        raise NotNow(_("The action this run stands at is not in its version any more; stop the run."))
    return doc, doc.nodes[run.at]


def _new(run: Run, doc: Document, node: Node, now: datetime) -> ActionRun:
    """The record of an action the run had not begun yet."""
    return ActionRun(
        run=run, uid=node.uid, position=doc.position(node.uid), action=node.action, config=node.config,
        started_at=now,
    )  # fmt: skip


def _start_over(run: Run, done: ActionRun, now: datetime) -> None:
    """Puts the run where its action is taken up at once, with the same key."""
    # Workers lost before count against the decision that led here, not against this one.
    done.status, done.losses = ActionRun.Status.PENDING, 0
    done.until = done.finished_at = None
    done.save()
    run.status, run.reason, run.due_at, run.finished_at = Status.PENDING, "", now, None
    _save(run)


def _settle(run: Run, done: ActionRun, doc: Document, node: Node, outcome: Done | Skip, now: datetime) -> None:
    run.finished_at = None
    # A run that had ended heard nothing any more; the goals ahead of it count again.
    listeners.listen_for_goals([run])
    with languages.organisations():
        outcomes.settle(run, done, doc, node, outcome, now)
    done.save()
    _save(run)
    gone = Listener.objects.filter(run=run)
    (gone.filter(uid=node.uid, kind=Listener.Kind.WAIT) if run.is_active else gone).delete()
    if not run.is_active:
        life.ended([run])


def _save(run: Run) -> None:
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError:
        raise NotNow(_("Another run of this workflow is active, and only one may be; stop that one first.")) from None
    poke.after_commit(Lane(run.lane))


def _refuse_archived(run: Run) -> None:
    if Workflow.objects.filter(pk=run.workflow_id, status=Workflow.Status.ARCHIVED).exists():
        raise NotNow(_("The workflow is archived; restore and publish it first."))
