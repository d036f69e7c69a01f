"""What staff do with workflows: save, publish, roll back, pause, resume, archive, copy, move runs."""

import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from triggers import languages, references
from triggers.models.run import Run
from triggers.models.workflow import Workflow, WorkflowVersion
from triggers.problems import Invalid, Problem
from triggers.running import life, listeners
from triggers.running.stopping import cancel
from triggers.workflows import allowing, checking, document, trigger_rows

Json = dict[str, Any]


def create(name: str, draft: Json, owner: Any = None, **fields: Any) -> Workflow:
    """A new workflow, as a draft, under a short name of its own."""
    return Workflow.objects.create(name=name, slug=free_slug(name), draft=draft, owner=owner, **fields)


@transaction.atomic
def publish(
    workflow: Workflow, *, by: AbstractBaseUser | None = None, note: str = "", observe: bool = False
) -> WorkflowVersion:
    """Makes the draft the live version. Raises `Invalid` with every problem; nothing changes then.

    Waiting runs go on with the version they began with; `move_runs` takes them over. Published by nobody, as by a
    command, it may do anything.
    """
    problems = [p for p in checking.check(workflow.draft, slug=workflow.slug) if not p.warning]
    if by is not None and not problems:
        problems += allowing.forbidden(workflow.draft, by)
    if workflow.status == Workflow.Status.ARCHIVED:
        problems.append(Problem((), _("Restore the workflow first; it is archived.")))
    if problems:
        raise Invalid(problems)
    workflow.draft = references.numbered(workflow.draft)
    version = _version(Workflow.objects.select_for_update().get(pk=workflow.pk), workflow.draft, by, note)
    workflow.current = version
    _enable(workflow, Workflow.Status.OBSERVING if observe else Workflow.Status.LIVE)
    # Those that wait for somebody who may do what they do look again at once: it may be this one.
    held = Run.objects.filter(workflow=workflow, status=Run.Status.HELD)
    held.exclude(due_at=None).update(due_at=timezone.now())
    return version


@transaction.atomic
def roll_back(workflow: Workflow, number: int, *, by: AbstractBaseUser | None = None) -> WorkflowVersion:
    """Publishes an old version again, under a new number."""
    old = workflow.versions.get(number=number)
    workflow.draft = old.document
    return publish(workflow, by=by, note=languages.stored(gettext_noop("Version %(n)d again"), n=number))


@transaction.atomic
def pause(workflow: Workflow, reason: str = "") -> None:
    """Starts nothing more; active runs are held where they stand. Raises `Invalid` unless it is live."""
    if not workflow.is_matching:
        raise Invalid([Problem((), _("Only a live workflow can be paused."))])
    life.pause(workflow, reason)


@transaction.atomic
def resume(workflow: Workflow) -> int:
    """Goes live again from now on and lets held runs go on; how many there were."""
    if workflow.status == Workflow.Status.ARCHIVED:
        raise Invalid([Problem((), _("Restore the workflow first; it is archived."))])
    if workflow.current is None:
        raise Invalid([Problem((), _("Publish the workflow first; it has no version yet."))])
    _enable(workflow, Workflow.Status.LIVE)
    held = Run.objects.filter(workflow=workflow, status=Run.Status.HELD, due_at=None)
    return held.exclude(pk__in=_held_by_receiver(workflow)).update(
        status=Run.Status.PENDING, due_at=timezone.now(), reason=""
    )


@transaction.atomic
def archive(workflow: Workflow) -> int:
    """Takes the workflow out of use; its active runs are stopped, visibly. How many there were."""
    workflow.status, workflow.enabled_at = Workflow.Status.ARCHIVED, None
    workflow.save(update_fields=["status", "enabled_at", "updated_at"])
    trigger_rows.write_triggers(workflow)
    why = languages.stored(gettext_noop("The workflow was archived."))
    return cancel(Run.objects.filter(workflow=workflow), why, timezone.now())


def restore(workflow: Workflow) -> None:
    """Brings an archived workflow back, as a draft."""
    workflow.status = Workflow.Status.DRAFT
    workflow.save(update_fields=["status", "updated_at"])


def copy(workflow: Workflow, *, owner: Any = None) -> Workflow:
    """A draft of its own with the same document; runs and versions stay with the original."""
    name = _("%(name)s (copy)") % {"name": workflow.name}
    return create(name, json.loads(json.dumps(workflow.draft)), owner, folder=workflow.folder)


def export(workflow: Workflow) -> Json:
    """The workflow as a file holds it: name, short name, description, folder and the draft's document, rows by key."""
    return {
        "name": workflow.name, "slug": workflow.slug, "description": workflow.description,
        "folder": workflow.folder, "document": references.keyed(workflow.draft),
    }  # fmt: skip


def import_draft(found: Json) -> tuple[Workflow, list[Problem]]:
    """Saves an exported workflow as a draft under its short name, and tells what would stop publishing it.

    A workflow of that name keeps its live version. Raises `Invalid` when the file is none of ours.
    """
    if not isinstance(found, dict) or not isinstance(found.get("document"), dict) or not found.get("name"):
        raise Invalid([Problem((), _("This file holds no exported workflow: name and document are missing."))])
    slug = found.get("slug") or free_slug(found["name"])
    values = {
        "name": found["name"], "description": found.get("description", ""), "folder": found.get("folder", ""),
        "draft": references.numbered(found["document"]),
    }  # fmt: skip
    workflow, _made = Workflow.objects.update_or_create(slug=slug, defaults=values)
    return workflow, checking.check(workflow.draft, slug=slug)


@transaction.atomic
def move_runs(workflow: Workflow, to: WorkflowVersion | None = None) -> int:
    """Takes waiting runs over to the live version, where the action they stand at still exists. How many."""
    target = to or workflow.current
    assert target is not None
    nodes = document.of_version(target.pk).nodes
    waiting = Run.objects.filter(workflow=workflow, status__in=[Run.Status.WAITING, Run.Status.HELD])
    moving = waiting.exclude(version=target).filter(at__in=nodes)
    ids = list(moving.select_for_update().values_list("pk", flat=True))
    moved = Run.objects.filter(pk__among=ids)
    moved.update(version=target)
    listeners.move(moved, nodes)
    return len(ids)


def start_child(workflow: Workflow, parent: Run, key: UUID, now: datetime) -> tuple[Run | None, str]:
    """Starts a live workflow from within a run: the child's run, or None and why it was not started.

    The child has the parent's event, contact and variables. `key` is the starting action run's: started once.
    """
    assert workflow.current_id is not None
    depth = parent.vars.get("@depth", {}).get("n", 0) + 1
    if depth > settings.CONCOURS_MAX_DEPTH:
        return None, _("Loop stopped: %(n)d workflows had already started one another.") % {"n": depth - 1}
    first = document.of_version(workflow.current_id).first()
    child = Run.objects.create(
        workflow=workflow, version_id=workflow.current_id, event=parent.event, mode=Run.Mode.CHILD,
        subject_type=parent.subject_type, subject_id=parent.subject_id, contact_id=parent.contact_id,
        lane=parent.event.lane, at=first.uid if first else "", heard=parent.heard, root=parent.root,
        parent=parent.pk, due_at=now, created_at=now, once_key=f"child:{key}",
        vars={**parent.vars, "@depth": {"n": depth}},
    )  # fmt: skip
    listeners.listen_for_goals([child])
    return child, ""


def free_slug(name: str) -> str:
    """A short name no other workflow has."""
    base = slugify(name)[:120] or "workflow"
    taken = set(Workflow.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for n in range(1, len(taken) + 3) if (slug := base if n == 1 else f"{base}-{n}") not in taken)


def version_for(workflow: Workflow, by: Any, note: str) -> WorkflowVersion:
    """The newest version with the draft's document; a new one, not yet live, where there is none."""
    same = workflow.versions.filter(checksum=_checksum(workflow.draft)).first()
    return same or _version(workflow, workflow.draft, by, note)


def _version(workflow: Workflow, draft: Json, by: Any, note: str) -> WorkflowVersion:
    highest = workflow.versions.aggregate(n=Max("number"))["n"] or 0
    return WorkflowVersion.objects.create(
        workflow=workflow, number=highest + 1, document=draft, note=note, created_by=by, checksum=_checksum(draft)
    )


def _checksum(draft: Json) -> str:
    return hashlib.sha256(json.dumps(draft, sort_keys=True).encode()).hexdigest()


def _enable(workflow: Workflow, status: str) -> None:
    """From now on: `enabled_at` is the floor below which nothing fires. It stays while the workflow is on."""
    if workflow.enabled_at is None or not workflow.is_matching:
        workflow.enabled_at = timezone.now()
    workflow.status, workflow.paused_reason, workflow.failures = status, "", 0
    workflow.save()
    trigger_rows.write_triggers(workflow)


def _held_by_receiver(workflow: Workflow) -> Any:
    from triggers.models.run import Destination

    refused = Destination.objects.exclude(status=Destination.Status.OK).values("key")
    return Run.objects.filter(workflow=workflow, target__in=refused).exclude(target="").values("pk")
