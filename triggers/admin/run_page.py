"""What the page of one run shows: why it started, its facts, and its actions in order with every try."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from triggers import evidence, registry
from triggers.admin.pages import as_json, page_of
from triggers.conditions.fields import Lookup
from triggers.models import ActionRun, Attempt, Run
from triggers.secrets import redact
from triggers.shelf import ADOPTED
from triggers.wording import moments, people, sentences, telling, verdicts
from triggers.workflows import document
from triggers.workflows.document import Document

STUCK: Final = (ActionRun.Status.FAILED, ActionRun.Status.UNCERTAIN, ActionRun.Status.HELD)
# What follows is listed as far as a reader looks.
AHEAD: Final = 30


@dataclass(frozen=True)
class Try:
    """One attempt of an outside action."""

    at: datetime
    status_code: int | None
    text: str
    took: str
    failed: bool
    sent: str
    received: str


@dataclass
class Line:
    """One action of the run on its timeline."""

    number: int
    status: str
    word: str
    at: datetime | None
    title: str
    text: str
    took: str = ""
    error: str = ""
    what_to_do: str = ""
    inputs: str = ""
    result: str = ""
    tries: list[Try] = field(default_factory=list)
    is_culprit: bool = False


def gather(run: Run) -> dict[str, Any]:
    """Everything the template shows. `run` has its workflow, version and event loaded."""
    doc = _document(run)
    done = list(run.actions.order_by("id").prefetch_related("attempts"))
    lines = [_line(number, each, doc) for number, each in enumerate(done, 1)]
    culprit = next((line for line in lines if line.status in STUCK and run.status != Run.Status.DONE), None)
    if culprit:
        culprit.is_culprit = True
    find = _lookup(run)
    return {
        "run": run, "lines": lines, "place": culprit.number if culprit else None,
        "ahead": _ahead(run, doc, {each.uid for each in done}, len(lines)),
        "contact": people.contact_name(run.contact_id), "contact_url": people.contact_url(run.contact_id),
        "event_label": telling.label(run.event), "event_details": telling.details(run.event),
        "event_url": page_of(run.event), "actor": people.actor_names([run.event])[run.event_id],
        "conditions": verdicts.said(run.verdict, find), "checked": verdicts.rows(run.verdict, find),
        "leaves": _count(verdicts.telling(run.verdict, find)), "parent": _linked(run.parent), "replayed": _linked(run.replay_of),
        "children": _children(run), "variables": as_json(_variables(run)),
    }  # fmt: skip


def _document(run: Run) -> Document | None:
    """The version's tree; None where its shape is no longer understood."""
    try:
        return document.of_version(run.version_id)
    except (KeyError, TypeError, ValueError):
        return None


def _lookup(run: Run) -> Lookup:
    kind = registry.events.get(run.event.type)
    return evidence.lookup(kind) if kind else (lambda _name: None)


def _line(number: int, done: ActionRun, doc: Document | None) -> Line:
    node = doc.nodes.get(done.uid) if doc else None
    error, _dot, what_to_do = done.error.partition(". ")
    made = Line(
        number, done.status, str(done.get_status_display()), done.started_at,
        sentences.title(done.action, done.config, node.name if node else ""),
        _text(done),
        error=error.rstrip("."), what_to_do=what_to_do, took=_took(done), inputs=as_json(done.config),
        result=as_json({name: value for name, value in done.result.items() if name != "verdict"}),
    )  # fmt: skip
    made.tries = [_try(attempt) for attempt in done.attempts.all()]
    return made


def _text(done: ActionRun) -> str:
    if done.status == ActionRun.Status.WAITING and done.until:
        return _("%(summary)s Until %(moment)s.") % {"summary": done.summary, "moment": moments.exact(done.until)}
    if done.status == ActionRun.Status.PENDING and done.until:
        return _("Tries again %(moment)s.") % {"moment": moments.exact(done.until)}
    return done.summary


def _took(done: ActionRun) -> str:
    """How long the calls took, or how long it stood; with how often it was tried."""
    spent = sum(attempt.ms for attempt in done.attempts.all()) / 1000
    if not spent and done.finished_at:
        spent = (done.finished_at - done.started_at).total_seconds()
        spent = spent if spent >= 1 else 0
    waited = done.action.startswith("wait.")
    told = (_("waited %(span)s") if waited else _("took %(span)s")) % {"span": moments.lasted(spent)} if spent else ""
    tries = _("%(n)d tries") % {"n": done.tries} if done.tries > 1 else ""
    return ", ".join(filter(None, [told, tries]))


def _try(attempt: Attempt) -> Try:
    outcomes = {
        "done": _("Accepted"), "skip": _("Nothing to do"), "wait": _("Put off"), "retry": _("Failed for now"),
        "fail": _("Refused"), "hold": _("Held"), "unsure": _("Not sure whether it arrived"),
    }  # fmt: skip
    failed = attempt.outcome in ("fail", "hold", "unsure")
    text = attempt.error or outcomes.get(attempt.outcome, attempt.outcome)
    took = moments.lasted(attempt.ms / 1000)
    sent, received = as_json(attempt.request), _received(attempt.response)
    return Try(attempt.started_at, attempt.status_code, text, took, failed, sent, received)


def _received(response: str) -> str:
    try:
        return as_json(json.loads(response))
    except (ValueError, RecursionError):
        return str(redact(response))


def _ahead(run: Run, doc: Document | None, done: set[str], count: int) -> list[dict[str, Any]]:
    """What the run has not reached: the way from where it stands, past whatever branches come."""
    if doc is None or run.at not in doc.nodes or run.status in (Run.Status.DONE, Run.Status.OBSERVED):
        return []
    node = doc.nodes[run.at] if run.at not in done else doc.after(run.at)
    found: list[dict[str, Any]] = []
    while node is not None and len(found) < AHEAD:
        ways = [outlet.name for outlet in node.outlets if outlet.nodes]
        title = sentences.title(node.action, node.config, node.name)
        found.append({"number": count + len(found) + 1, "title": title, "ways": len(ways)})
        node = doc.after(node.uid)
    return found


def _count(verdict: Any) -> tuple[int, int]:
    """How many of the conditions held, of how many."""
    if not verdict:
        return 0, 0
    if verdict.get("kind") == "leaf":
        return int(bool(verdict["passed"])), 1
    counted = [_count(child) for child in verdict.get("children", [])]
    return sum(held for held, _all in counted), sum(every for _held, every in counted)


def _variables(run: Run) -> dict[str, Any]:
    """The run's own variables; the results of actions stand with the actions."""
    return {name: value for name, value in run.vars.items() if not name.startswith(("@", ADOPTED))}


def _linked(pk: int | None) -> Run | None:
    return Run.objects.filter(pk=pk).first() if pk else None


def _children(run: Run) -> list[Run]:
    born = Run.objects.filter(root=run.root, parent=run.pk) if run.root else Run.objects.none()
    return list(born.select_related("workflow").order_by("id")[:20])
