"""What the pages of one workflow show above the form: sentence, states, tabs, problems; and its versions."""

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from triggers.admin.next_firings import next_firings
from triggers.models import Workflow, WorkflowVersion
from triggers.problems import Problem, pointer
from triggers.wording import sentences
from triggers.wording.look import pill

PUBLISHING: Final = ("publish", "observe")
# Versions on their page.
SHOWN: Final = 50


@dataclass(frozen=True)
class Published:
    """One version with the lines in which it differs from the one before."""

    version: WorkflowVersion
    diff: list[tuple[str, str]]
    is_current: bool


def shown_document(workflow: Workflow) -> Any:
    """What staff read the workflow as: the live version where there is one at work, else the draft."""
    return workflow.current.document if workflow.current and workflow.is_matching else workflow.draft


def head(model_admin: Any, request: HttpRequest, workflow: Workflow, problems: list[Problem]) -> dict[str, Any]:
    offered = model_admin.offered(request, workflow)
    may_edit = model_admin.has_change_permission(request, workflow)
    last = workflow.versions.order_by("-number").values_list("number", flat=True).first() or 0
    return {
        "sentence": sentences.sentence(workflow.draft),
        "pills": list(_pills(workflow)),
        "tab": "draft", "versions_count": last, "next_number": last + 1,
        "buttons": [each for each in offered if not (may_edit and each.name in PUBLISHING)],
        "problems": [
            {"place": pointer(p.path), "message": p.message, "warning": p.warning} for p in problems
        ],
        "firings": next_firings(workflow.draft, timezone.now()),
        "errors_count": sum(not problem.warning for problem in problems),
    }  # fmt: skip


def published(request: HttpRequest, workflow: Workflow) -> dict[str, Any]:
    """The versions, newest first, each with a readable difference."""
    return {
        "published": _published(workflow),
        "may_publish": request.user.has_perm("triggers.publish_workflow"),
    }


def _pills(workflow: Workflow) -> Iterator[SafeString]:
    number = workflow.current.number if workflow.current else 0
    if workflow.is_matching:
        words = {"state": workflow.get_status_display(), "n": number}
        yield pill(workflow.status, _("%(state)s, version %(n)d") % words)
    else:
        yield pill(workflow.status, workflow.get_status_display())
    changed = _changed_lines(workflow)
    if workflow.current and changed:
        told = ngettext("Draft, %(n)d changed line", "Draft, %(n)d changed lines", changed)
        yield pill("draft", told % {"n": changed})


def _changed_lines(workflow: Workflow) -> int:
    if workflow.current is None or workflow.current.document == workflow.draft:
        return 0
    lines = diff(workflow.current.document, workflow.draft)
    kinds = [kind for kind, _line in lines]
    return max(kinds.count("added"), kinds.count("removed"))


def _published(workflow: Workflow) -> list[Published]:
    rows = list(workflow.versions.select_related("created_by").order_by("-number")[: SHOWN + 1])
    return [
        Published(row, diff(before.document, row.document) if before else [], row.pk == workflow.current_id)
        for row, before in list(zip_longest(rows, rows[1:]))[:SHOWN]
    ]


def diff(old: Any, new: Any) -> list[tuple[str, str]]:
    """The differing lines of two documents with three around them: kind (added, removed, same) and text."""
    before, after = (json.dumps(doc, indent=2, ensure_ascii=False, sort_keys=True).split("\n") for doc in (old, new))
    kinds = {"+": "added", "-": "removed"}
    lines = list(difflib.unified_diff(before, after, lineterm="", n=3))[2:]
    return [(kinds.get(line[:1], "same"), line) for line in lines]
