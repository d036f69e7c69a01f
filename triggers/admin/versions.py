"""The versions of a workflow: what each changed, in sentences, and the draft beside the live version."""

import difflib
import json
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from django.db.models import Count
from django.http import HttpRequest

from triggers.models import Run, Workflow, WorkflowVersion
from triggers.wording.differences import differences

# Versions on their page.
SHOWN: Final = 50

Lines = list[tuple[str, str]]


@dataclass(frozen=True)
class Published:
    """One version with what it changed, in sentences and in lines, and the runs that wait on it."""

    version: WorkflowVersion
    said: list[str]
    diff: Lines
    waiting: int
    is_current: bool


def published(request: HttpRequest, workflow: Workflow) -> dict[str, Any]:
    """The versions, newest first."""
    rows = list(workflow.versions.select_related("created_by").order_by("-number")[: SHOWN + 1])
    runs = Run.objects.filter(workflow=workflow, status__in=[Run.Status.WAITING, Run.Status.HELD]).order_by()
    waiting = dict(runs.values_list("version").annotate(Count("pk")))
    return {
        "published": [
            Published(
                row, differences(before.document, row.document) if before else [],
                diff(before.document, row.document) if before else [],
                waiting.get(row.pk, 0), row.pk == workflow.current_id,
            )
            for row, before in list(zip_longest(rows, rows[1:]))[:SHOWN]
        ],
        "behind": sum(number for pk, number in waiting.items() if pk != workflow.current_id),
        "may_publish": request.user.has_perm("triggers.publish_workflow"),
        "may_move": request.user.has_perm("triggers.operate_run"),
    }  # fmt: skip


def compared(request: HttpRequest, workflow: Workflow) -> dict[str, Any]:
    """The draft beside the live version: what publishing would change."""
    if workflow.current is None:
        return {}
    live = workflow.current
    return {
        "live": live,
        "said": differences(live.document, workflow.draft),
        "diff": diff(live.document, workflow.draft),
    }


def diff(old: Any, new: Any) -> Lines:
    """The differing lines of two documents with three around them: kind (added, removed, same) and text."""
    before, after = (json.dumps(doc, indent=2, ensure_ascii=False, sort_keys=True).split("\n") for doc in (old, new))
    kinds = {"+": "added", "-": "removed"}
    lines = list(difflib.unified_diff(before, after, lineterm="", n=3))[2:]
    return [(kinds.get(line[:1], "same"), line) for line in lines]
