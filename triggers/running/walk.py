"""A walk: claimed runs go through their action trees until each ends, waits, or needs the outside.

All reads and writes of a batch are gathered: one query for where the runs stand, one INSERT for what
they did, one UPDATE for how they stand then.
"""

import logging
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Literal, overload
from uuid import uuid4

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _
from pydantic import ValidationError

from triggers import poke, registry, rows
from triggers.action_types import Action, Done, Fail, Outcome, Retry, Skip, Wait
from triggers.context import act_as
from triggers.matching.compiled import rehearsing
from triggers.models.event import Event, Lane
from triggers.models.run import ActionRun, Listener, Run
from triggers.run_context import Gone, RunContext, run_lookup
from triggers.running import deferring, life, listeners, outcomes, windows
from triggers.running.acting import Rights, configured, effects_of
from triggers.running.stopping import stopped_meanwhile
from triggers.shelf import Shelf
from triggers.text import TextError
from triggers.wording import verdicts
from triggers.workflows import document
from triggers.workflows.document import Document, Node

log = logging.getLogger(__name__)

# The columns a walk may change, but for the variables.
MOVED = ("status", "reason", "at", "jump", "due_at", "lane", "target", "finished_at", "contact_id", "heard")


class Walk:
    """One batch. With `contained`, each action has a savepoint and a failure ends only its own run.

    `inline`: within the transaction of an act, which messages must not hold up.
    """

    def __init__(self, runs: Sequence[Run], now: datetime, contained: bool = False, inline: bool = False) -> None:
        self.runs, self.now, self.contained, self.inline = runs, now, contained, inline
        self.standing = _standing(runs)
        self.vars_before = {run.pk: run.vars for run in runs}
        self.new: list[ActionRun] = []
        self.changed: list[ActionRun] = []
        self.listening: list[Listener] = []
        self.stopped: set[int] = set()
        self.shelf = Shelf(runs)
        self.rights = Rights(runs)

    def go(self) -> None:
        """Walks every run and writes what happened."""
        around = stopped_meanwhile.get()
        token = stopped_meanwhile.set(self.stopped)
        try:
            self._go()
        finally:
            stopped_meanwhile.reset(token)
            if around is not None:
                # A walk within a walk: the outer one must not write over what was stopped either.
                around |= self.stopped

    def _go(self) -> None:
        paused = life.paused_among({run.workflow_id for run in self.runs})
        for run in self.runs:
            if run.workflow_id in paused and run.mode != Run.Mode.TEST:
                run.status, run.due_at = Run.Status.HELD, None
                run.reason = _("The workflow is paused.")
            elif run.pk not in self.stopped:
                self._advance(run)
        self._write()

    def _advance(self, run: Run) -> None:
        doc = document.of_version(run.version_id)
        run.status = Run.Status.PENDING
        while run.status == Run.Status.PENDING and (run.due_at is None or run.due_at <= self.now):
            if run.pk in self.stopped:
                return
            if run.jump:
                self._jump(run, doc)
            elif not run.at:
                outcomes.finish(run, Run.Status.DONE, "", self.now)
            elif run.at not in doc.nodes:
                outcomes.finish(run, Run.Status.FAILED, _("Its next action is not in this version."), self.now)
            elif not self._step(run, doc, doc.nodes[run.at]):
                return

    def _step(self, run: Run, doc: Document, node: Node) -> bool:
        """Does what is due at the node. False when the run stays where it is until later."""
        there = self.standing.pop((run.pk, node.uid), None)
        if there is not None and there.status in (ActionRun.Status.DONE, ActionRun.Status.SKIPPED):
            run.vars = {**run.vars, f"@{node.uid}": there.result}
            outcomes.go_on(run, doc, node.uid, there.outcome, self.now)
            return True
        if there is None and self.inline and self._passes(run, doc, node):
            return True
        done = there or self._begin(run, doc, node)
        if there is not None:
            self.changed.append(there)
            if there.status == ActionRun.Status.WAITING:
                self._time_is_up(run, doc, node, there)
                return True
        try:
            kind = registry.actions.find(node.action)
        except registry.UnknownKind as error:
            outcomes.fail(run, done, doc, node, str(error), "unknown_action", self.now)
            return True
        if there is None and not self._asked_for(run, doc, node, done):
            return True
        opens = windows.next_open(doc, run, kind, self.now, self.shelf)
        if opens is not None:
            done.until, done.summary = opens, _("Waits for the next sending window.")
            run.status, run.due_at = Run.Status.WAITING, opens
            return False
        if self.rights.holds(run, done, doc, node, self.now):
            return False
        if kind.touches == "outside":
            return self._hand_over(run, doc, node, done)
        self._settle(run, doc, node, done, self._perform(run, doc, node, done))
        if kind.touches == "database":
            self.shelf.drop(run)
        return True

    def _passes(self, run: Run, doc: Document, node: Node) -> bool:
        """Whether the run went on past a message, which leaves when the act is over."""
        kind = registry.actions.get(node.action)
        if kind is None or not deferring.can_be_put_off(run, doc, node, kind):
            return False
        if node.only_if is not None and not self._context_of(run, doc, node).judge(node.only_if).passed:
            return False
        deferring.put_off(run, node.uid)
        outcomes.go_on(run, doc, node.uid, "", self.now)
        return True

    def _begin(self, run: Run, doc: Document, node: Node) -> ActionRun:
        done = ActionRun(
            run=run, uid=node.uid, position=doc.position(node.uid), action=node.action,
            config=node.config, started_at=self.now,
        )  # fmt: skip
        self.new.append(done)
        return done

    def _asked_for(self, run: Run, doc: Document, node: Node, done: ActionRun) -> bool:
        """Whether the action's own condition lets it happen; the action is skipped, with the reason, if not."""
        if node.only_if is None or deferring.is_late(run, node.uid):
            return True
        verdict = self.context(run, doc, node, done).judge(node.only_if)
        if not verdict.passed:
            done.result = {"verdict": verdict.as_json()}
            outcomes.settle(run, done, doc, node, Skip(verdicts.why_not(verdict, run_lookup(doc))), self.now)
        return verdict.passed

    @overload
    def _perform(self, run: Run, doc: Document, node: Node, done: ActionRun) -> Outcome: ...
    @overload
    def _perform(
        self, run: Run, doc: Document, node: Node, done: ActionRun, *, woken: Literal[True]
    ) -> Outcome | None: ...
    def _perform(self, run: Run, doc: Document, node: Node, done: ActionRun, *, woken: bool = False) -> Outcome | None:
        """Runs a database or flow action, as the cause of whatever it changes; or asks one that was `woken`."""
        done.tries += 1
        with act_as(**effects_of(run)), act_as(cause=done.key):
            try:
                with self._savepoint():
                    action, ctx = configured(node.action, run.version_id, node.uid), self.context(run, doc, node, done)
                    if not action.undoable and rehearsing.get() is not None:
                        return action.simulate(ctx)
                    return action.woken(ctx) if woken else action.run(ctx)
            except (Gone, TextError) as error:
                return Fail(str(error))
            except ValidationError as error:
                return Fail(_("Its settings are not valid any more: %(why)s") % {"why": error.errors()[0]["msg"]})
            except Exception as error:
                if not self.contained:
                    raise
                if isinstance(error, OperationalError):
                    # Another batch locked the same rows the other way round, or the database was too busy.
                    return Retry(str(error)[:200])
                log.exception("action %s of run %s broke", node.uid, run.pk)
                done.error_kind = "crashed"
                return Fail(_("The action broke: %(error)s") % {"error": repr(error)})

    def _settle(self, run: Run, doc: Document, node: Node, done: ActionRun, outcome: Outcome) -> None:
        outcomes.settle(run, done, doc, node, outcome, self.now)
        if isinstance(outcome, Wait) and outcome.event:
            already = listeners.look_back(run, node.uid, outcome.event, self.now)
            if already is None:
                self.listening.append(
                    Listener(
                        run=run, uid=node.uid, kind=Listener.Kind.WAIT,
                        event_type=outcome.event, contact_id=run.contact_id,
                    )
                )  # fmt: skip
            else:
                run.heard = already.pk
                result = {"event_id": already.pk}
                outcomes.settle(run, done, doc, node, Done(_("It had happened already."), result, "happened"), self.now)

    def _time_is_up(self, run: Run, doc: Document, node: Node, waited: ActionRun) -> None:
        kind = registry.actions.get(node.action)
        if kind is not None and kind.woken is not Action.woken:
            again = self._perform(run, doc, node, waited, woken=True)
            outcomes.settle(run, waited, doc, node, again or Done(waited.summary), self.now)
            return
        times_out = kind is not None and "timeout" in kind.outcomes
        latest = Event.objects.filter(contact_id=run.contact_id).order_by("-id").values_list("pk", flat=True)
        if times_out:
            Listener.objects.filter(run=run, uid=node.uid).delete()
            run.heard = latest.first() or run.heard
        outcome = Done(_("It did not happen in time."), outcome="timeout") if times_out else Done(waited.summary)
        outcomes.settle(run, waited, doc, node, outcome, self.now)

    def _hand_over(self, run: Run, doc: Document, node: Node, done: ActionRun) -> bool:
        """Leaves an outside action to the workers that call out."""
        try:
            action = configured(node.action, run.version_id, node.uid)
        except ValidationError as error:
            outcomes.fail(run, done, doc, node, str(error.errors()[0]["msg"]), "config", self.now)
            return True
        run.lane, run.target, run.due_at = Lane.OUTSIDE, action.destination()[:120], self.now
        poke.after_commit(Lane.OUTSIDE)
        return False

    def _jump(self, run: Run, doc: Document) -> None:
        """A goal was reached: what stood before it and is still open is left out."""
        goal, run.jump = run.jump, ""
        if goal in doc.nodes and doc.position(goal) >= doc.position(run.at):
            reason = _("Left out: a goal further on was reached.")
            there = self.standing.pop((run.pk, run.at), None)
            if there is not None:
                there.status, there.error, there.finished_at = ActionRun.Status.CANCELLED, reason, self.now
                self.changed.append(there)
            Listener.objects.filter(run=run).exclude(kind=Listener.Kind.GOAL).delete()
            done = there if there is not None and run.at == goal else self._begin(run, doc, doc.nodes[goal])
            run.at = goal
            outcomes.settle(run, done, doc, doc.nodes[goal], Done(_("Reached."), {"reached": True}), self.now)

    def context(self, run: Run, doc: Document, node: Node, done: ActionRun) -> RunContext:
        return RunContext(run, run.event, doc, node, done.key, self.now, shelf=self.shelf)

    def _context_of(self, run: Run, doc: Document, node: Node) -> RunContext:
        """To judge by, before the action is begun."""
        return RunContext(run, run.event, doc, node, uuid4(), self.now, shelf=self.shelf)

    def _savepoint(self) -> AbstractContextManager[Any]:
        # Without containment the batch's own savepoint is enough.
        return transaction.atomic(savepoint=self.contained)

    def _write(self) -> None:
        begun = self._told(self.new)
        if begun:
            rows.insert(ActionRun, [rows.values_of(done) for done in begun])
        for done in self._told(self.changed):
            done.save()
        listening = [listener for listener in self.listening if listener.run_id not in self.stopped]
        Listener.objects.bulk_create(listening, ignore_conflicts=True)
        self.runs = [run for run in self.runs if run.pk not in self.stopped]
        with_vars = any(run.vars is not self.vars_before[run.pk] for run in self.runs)
        rows.update(Run, [_columns(run, with_vars) for run in self.runs])
        ended = [run for run in self.runs if run.finished_at]
        if ended:
            life.ended(ended)

    def _told(self, actions: list[ActionRun]) -> list[ActionRun]:
        """The actions as they are to be written: what a stopped run left open is stopped with it."""
        for done in actions:
            if done.run_id in self.stopped and done.status in (ActionRun.Status.PENDING, ActionRun.Status.WAITING):
                done.status, done.finished_at = ActionRun.Status.CANCELLED, self.now
        return actions


def _columns(run: Run, with_vars: bool) -> dict[str, Any]:
    columns = {name: getattr(run, name) for name in MOVED}
    return {"id": run.pk, **columns, "vars": run.vars} if with_vars else {"id": run.pk, **columns}


def _standing(runs: Sequence[Run]) -> dict[tuple[int, str], ActionRun]:
    """The action run each run stands at, where it has one already: a wait, a retry, a held action."""
    at = {run.pk: run.at for run in runs}
    there = ActionRun.objects.filter(run__pk__among=list(at), uid__in=set(at.values())).order_by()
    return {(row.run_id, row.uid): row for row in there if at[row.run_id] == row.uid}
