"""What acting for a run takes: its marks on what it causes, its action as configured, and the rights it acts with.

A run acts with the rights of whoever published its version, or the workflow since. They are asked again
before each action, for people leave while runs wait: what nobody vouches for any more is held, not lost.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from pydantic import ValidationError

from triggers import registry
from triggers.action_types import Action, Hold
from triggers.context import Acting
from triggers.models.event import Lane
from triggers.models.run import ActionRun, Run
from triggers.models.workflow import Workflow
from triggers.running import life, outcomes
from triggers.workflows import document
from triggers.workflows.allowing import permission_name
from triggers.workflows.document import Document, Node

# A held run looks by itself whether its publisher may again; publishing lets it look at once.
LOOK_AGAIN: Final = timedelta(minutes=15)


def effects_of(run: Run) -> dict[str, Any]:
    """How the events that a run's actions cause are marked: by the workflow, one deeper, in its lineage."""
    event = run.event
    subject = f"contact:{run.contact_id}" if run.contact_id is not None else f"{event.subject_type}:{event.subject_id}"
    marks = Acting(
        actor="workflow", actor_id=str(run.workflow_id), origin=f"workflow:{run.workflow_id}",
        root=run.root or event.pk, depth=event.depth + 1,
        lineage=(*event.lineage, f"{run.workflow_id}@{subject}"), bulk=event.lane == Lane.BULK,
    )  # fmt: skip
    return {name: getattr(marks, name) for name in ("actor", "actor_id", "origin", "root", "depth", "lineage", "bulk")}


@lru_cache(maxsize=5000)
def configured(key: str, version_id: int, uid: str) -> Action:
    """The action with its settings, as the version has them. Raises pydantic's ValidationError."""
    node = document.of_version(version_id).nodes[uid]
    return registry.actions.find(key).model_validate(node.config)


def forget_versions() -> None:
    """Versions that were rolled back may be given again, to others: nothing is remembered about any."""
    document.of_version.cache_clear()
    document.publisher_of.cache_clear()
    configured.cache_clear()


class Rights:
    """The rights that a batch of runs acts with; each publisher is read once, and nobody where none is known."""

    def __init__(self, runs: Iterable[Run]) -> None:
        ids = {document.publisher_of(run.version_id) for run in runs} - {None}
        self.users: dict[Any, Any] = get_user_model()._default_manager.in_bulk(ids) if ids else {}

    def holds(self, run: Run, done: ActionRun, doc: Document, node: Node, now: datetime) -> bool:
        """Holds the run at the node where nobody who may do this vouches for it any more; whether it did."""
        hold = self.refused(run, node, now)
        if hold is not None:
            outcomes.settle(run, done, doc, node, hold, now)
        return hold is not None

    def refused(self, run: Run, node: Node, now: datetime) -> Hold | None:
        """Why the run may not do this now, and when it looks again; None when it may. Tells the workflow's owner."""
        publisher = self._user(document.publisher_of(run.version_id))
        if publisher is None:
            # Published by a command: its operator may do anything.
            return None
        try:
            action = configured(node.action, run.version_id, node.uid)
        except (ValidationError, registry.UnknownKind):
            # What performs it says what is wrong with its settings.
            return None
        # Waits and branches change nothing: they need nobody's rights.
        why = _lacking(publisher, action) if action.touches != "flow" else ""
        if not why:
            return None
        workflow = Workflow.objects.get(pk=run.workflow_id)
        if workflow.current_id is not None and workflow.current_id != run.version_id:
            since = self._user(document.publisher_of(workflow.current_id))
            if since is None or not _lacking(since, action):
                return None
        told = _("“%(name)s” holds its runs. %(why)s") % {"name": workflow.name, "why": why}
        life.tell(workflow, told, once=f"rights:{workflow.pk}:{publisher.pk}:{now:%Y-%m-%d}")
        return Hold(why, until=now + LOOK_AGAIN)

    def _user(self, pk: int | None) -> Any:
        if pk is not None and pk not in self.users:
            self.users[pk] = get_user_model()._default_manager.get(pk=pk)
        return self.users.get(pk)


def _lacking(publisher: Any, action: Action) -> str:
    """What keeps the publisher from doing this, and what helps; empty when nothing does."""
    words = {"user": publisher.get_full_name() or publisher.get_username()}
    if not publisher.is_active:
        return (
            _(
                "The account of %(user)s, who published the workflow, is closed. Let somebody publish it who may do this."
            )
            % words
        )
    missing = next((name for name in action.needed() if not publisher.has_perm(name)), None)
    if missing is None:
        return ""
    return _(
        "%(user)s, who published the workflow, may not do this any more: “%(permission)s” is missing. "
        "Let somebody publish it who may."
    ) % (words | {"permission": permission_name(missing)})
