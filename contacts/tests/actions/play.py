"""One action at a time: done by a live workflow, previewed, or checked as publishing would."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import Contact
from contacts.tests import make
from triggers import registry, services, sweeping
from triggers.action_types import Outcome
from triggers.models import ActionRun, Event, Run, Workflow
from triggers.problems import pointer
from triggers.run_context import RunContext
from triggers.workflows import checking, document

# A Wednesday
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


def perform(key: str, who: Contact | None, text: str = "Called back", /, **config: Any) -> ActionRun:
    """What the action did in a workflow that a note on the contact starts; without one, a task of nobody's."""
    workflow = live(key, event="note.added" if who else "task.added", **config)
    if who is None:
        make.task(None, text)
    else:
        make.note(who, text)
    return drained(workflow)


def live(key: str, event: str = "note.added", **config: Any) -> Workflow:
    """A live workflow with this one action."""
    workflow = services.create("Test", _document(key, config, event))
    services.publish(workflow)
    return workflow


def drained(workflow: Workflow) -> ActionRun:
    """What the workflow's action did; the workflow is out of use afterwards."""
    sweeping.drain(NOW)
    services.archive(workflow)
    return ActionRun.objects.select_related("run").get(run__workflow=workflow)


def preview(key: str, who: Contact | None, text: str = "Called back", /, **config: Any) -> str:
    """The action's sentence; fails where saying it writes anything."""
    ctx = _context(key, who, text, config)
    with CaptureQueriesContext(connection) as queries:
        said = _action(key, config).preview(ctx)
    assert [q["sql"] for q in queries if not q["sql"].startswith("SELECT")] == []
    return said


def simulate(key: str, who: Contact | None, text: str = "Called back", /, **config: Any) -> tuple[Outcome, int | None]:
    """How a dry run takes the action, and the contact it goes on with; fails where that writes anything."""
    ctx = _context(key, who, text, config)
    with CaptureQueriesContext(connection) as queries:
        outcome = _action(key, config).simulate(ctx)
    assert [q["sql"] for q in queries if not q["sql"].startswith("SELECT")] == []
    return outcome, ctx.contact_id


def problems(key: str, **config: Any) -> list[tuple[str, str]]:
    """Field and message of what publishing would refuse in the action's settings."""
    found = checking.check(_document(key, config, "note.added"))
    return [(pointer(p.path).removeprefix("actions[0].config"), p.message) for p in found if not p.warning]


def _document(key: str, config: dict[str, Any], event: str) -> dict[str, Any]:
    return {
        "triggers": [{"uid": "t1", "event": event, "config": {}, "conditions": None}],
        "actions": [{"uid": "a1", "action": key, "config": config}],
        "settings": {"timezone": "Europe/Berlin"},
    }


def _action(key: str, config: dict[str, Any]) -> Any:
    return registry.actions.find(key).model_validate(config)


def _context(key: str, who: Contact | None, text: str, config: dict[str, Any]) -> RunContext:
    contact_id = who.pk if who else None
    event = Event(type="note.added", contact_id=contact_id, data={"note_id": 0, "contact_id": contact_id, "body": text})
    doc = document.read(_document(key, config, "note.added"))
    return RunContext(Run(event=event, contact_id=contact_id), event, doc, doc.nodes["a1"], UUID(int=0), NOW, dry=True)
