"""Dry run: a workflow, saved or not, against an event, on a simulated clock. Writes and sends nothing."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import ValidationError

from triggers import evidence, registry
from triggers.action_types import Done, Fail, Hold, Outcome, Retry, Skip, Stop, Unsure, Wait
from triggers.conditions.judge import judge
from triggers.conditions.tree import compile_tree
from triggers.matching.compiled import conditions_of
from triggers.models.event import Event
from triggers.models.organisation import Organisation
from triggers.models.run import Run
from triggers.run_context import Gone, RunContext, run_lookup
from triggers.text import TextError
from triggers.wording import verdicts, words
from triggers.workflows import document
from triggers.workflows.document import Document, Entry, Node

NO_KEY: Final = UUID(int=0)
# More steps than a document can hold: a walk that gets here goes in a circle.
LIMIT: Final = 500


@dataclass(frozen=True)
class Step:
    """One action as it would go: when, what it would do, and which way it would leave.

    `verdict` is that of its own condition; `texts` its message texts by their setting, as they would be read.
    """

    uid: str
    action: str
    label: str
    at: datetime
    status: str
    text: str
    outcome: str = ""
    verdict: dict[str, Any] | None = None
    texts: dict[str, str] = field(default_factory=dict)


@dataclass
class DryRun:
    """Whether it would start, judged trigger by trigger, and what it would do then."""

    starts: bool
    triggers: list[dict[str, Any]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def dry_run(
    source: dict[str, Any],
    event: Event,
    *,
    now: datetime | None = None,
    answers: Mapping[str, str] | None = None,
) -> DryRun:
    """Plays a checked document for the event. `answers` says how waits end, by uid: happened or timeout.

    The steps are played even when no trigger would start it, so that staff see what would have happened.
    """
    now = now or timezone.now()
    doc = document.read(source)
    with transaction.atomic():
        found = DryRun(False, [judged(entry, event, now) for entry in doc.triggers])
        found.starts = any(trigger["passed"] for trigger in found.triggers)
        found.steps = _play(doc, event, now, answers or {})
        transaction.set_rollback(True)
    return found


def judged(entry: Entry, event: Event, now: datetime) -> dict[str, Any]:
    """A trigger's answer to the event: {uid, event, passed, reason, verdict}."""
    if entry.event != event.type:
        reason = _("It waits for “%(event)s”.") % {"event": words.event_label(entry.event)}
        return {"uid": entry.uid, "event": entry.event, "passed": False, "reason": reason, "verdict": None}
    kind = registry.events.find(event.type)
    tree = conditions_of(entry.event, entry.config, entry.conditions)
    facts = evidence.gather([event], evidence.namespaces_in(tree))[event.pk]
    find = evidence.lookup(kind)
    verdict = judge(compile_tree(tree, find), facts, now, Organisation.get().zone)
    reason = "" if verdict.passed else verdicts.why_not(verdict, find)
    return {
        "uid": entry.uid, "event": entry.event, "passed": verdict.passed, "reason": reason,
        "verdict": verdict.as_json(),
    }  # fmt: skip


def _play(doc: Document, event: Event, now: datetime, answers: Mapping[str, str]) -> list[Step]:
    run = Run(event=event, contact_id=event.contact_id, vars={}, heard=event.pk)
    steps: list[Step] = []
    node = doc.first()
    while node is not None and len(steps) < LIMIT:
        ctx = RunContext(run, event, doc, node, NO_KEY, now, dry=True)
        verdict = ctx.judge(node.only_if) if node.only_if is not None else None
        skipped = Skip(verdicts.why_not(verdict, run_lookup(doc))) if verdict and not verdict.passed else None
        outcome = skipped or _simulate(ctx, node)
        way, now = _leave(node, outcome, now, answers)
        text = getattr(outcome, "summary", "") or getattr(outcome, "why", "") or getattr(outcome, "reason", "")
        status = type(outcome).__name__.lower()
        steps.append(
            Step(
                node.uid, node.action, words.action_label(node.action), ctx.now, status, text, way,
                verdict.as_json() if verdict else None, {} if skipped else _texts(ctx, node),
            )
        )  # fmt: skip
        if isinstance(outcome, Stop | Fail | Hold | Unsure | Retry):
            break
        if isinstance(outcome, Done) and outcome.result:
            run.vars = {**run.vars, f"@{node.uid}": outcome.result}
        node = doc.after(node.uid, way)
    return steps


def _texts(ctx: RunContext, node: Node) -> dict[str, str]:
    """The message texts that are set, with their fields filled in; without those that cannot be."""
    kind, found = registry.actions.get(node.action), {}
    for name in kind.texts if kind else ():
        text = node.config.get(name)
        if isinstance(text, str) and text.strip():
            with suppress(TextError):
                found[name] = ctx.render(text)
    return found


def _simulate(ctx: RunContext, node: Node) -> Outcome:
    try:
        return registry.actions.find(node.action).model_validate(node.config).simulate(ctx)
    except (Gone, TextError, registry.UnknownKind) as error:
        return Fail(str(error))
    except ValidationError as error:
        return Fail(error.errors()[0]["msg"])


def _leave(node: Node, outcome: Outcome, now: datetime, answers: Mapping[str, str]) -> tuple[str, datetime]:
    """The way out and the moment it is left; a wait for an event ends as answered, else by its time."""
    if isinstance(outcome, Wait):
        if outcome.event and answers.get(node.uid) == "happened":
            return "happened", now
        return ("timeout" if outcome.event else ""), max(now, outcome.until)
    return (outcome.outcome if isinstance(outcome, Done) else ""), now
