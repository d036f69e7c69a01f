"""One action at a time: done by a live workflow, played dry, or checked as publishing would."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import Contact
from triggers import sweeping
from triggers.explaining import examples
from triggers.explaining.dry_run import Step, dry_run
from triggers.models import ActionRun, Run
from triggers.problems import pointer
from triggers.tests import make
from triggers.workflows import checking, trigger_rows


def start(
    *actions: dict[str, Any], who: Contact | None = None, tag: str = "VIP", now: datetime | None = None, **settings: Any
) -> Run:
    """A run of a live workflow with these actions, as far as it gets at once without calling out.

    Nothing starts the workflow again, so that a test may have several.
    """
    flow = make.workflow(*actions, name=f"Test {Run.objects.count()}", **settings)
    make.tag(who or make.contact(), tag)
    sweeping.drain(now, outside=False)
    flow.triggers.all().delete()
    trigger_rows.touch(["contact.tag_added"])
    [run] = make.runs(flow)
    return run


def perform(key: str, who: Contact | None = None, now: datetime | None = None, **config: Any) -> ActionRun:
    """What the action did as the only one of its workflow, calls included."""
    run = start(make.action("a1", key, **config), who=who, now=now)
    sweeping.drain(now)
    return ActionRun.objects.select_related("run").get(run=run)


def rehearse(
    *actions: dict[str, Any], who: Contact | None = None, now: datetime | None = None, **more: Any
) -> list[Step]:
    """The steps of a dry run; fails where playing them writes anything."""
    event = examples.event("contact.tag_added", contact_id=(who or make.contact()).pk)
    with CaptureQueriesContext(connection) as queries:
        found = dry_run(make.document(*actions, **more), event, now=now)
    writes = [q["sql"] for q in queries if not q["sql"].startswith(("SELECT", "SAVEPOINT", "ROLLBACK", "RELEASE"))]
    assert writes == []
    return found.steps


def preview(key: str, who: Contact | None = None, now: datetime | None = None, **config: Any) -> str:
    """What a dry run says of the action."""
    [step] = rehearse(make.action("a1", key, **config), who=who, now=now)
    return step.text


def problems(key: str, **config: Any) -> list[tuple[str, str]]:
    """Field and message of what publishing would refuse in the action's settings."""
    return problems_of(make.action("a1", key, **config))


def problems_of(*actions: dict[str, Any]) -> list[tuple[str, str]]:
    found = checking.check(make.document(*actions))
    return [(pointer(p.path).removeprefix("actions[0].config."), p.message) for p in found if not p.warning]
