"""What the pages of one workflow show above their own: sentence, states, tabs, problems."""

from collections.abc import Iterator
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from triggers.admin.pages import link
from triggers.models import Workflow
from triggers.wording import sentences
from triggers.wording.differences import differences
from triggers.wording.look import pill

PUBLISHING: Final = ("publish", "observe")
# Stand beside the state that they change.
SWITCHES: Final = ("pause", "resume")


def head(model_admin: Any, request: HttpRequest, workflow: Workflow) -> dict[str, Any]:
    offered = model_admin.offered(request, workflow)
    may_edit = model_admin.has_change_permission(request, workflow)
    last = workflow.versions.order_by("-number").values_list("number", flat=True).first() or 0
    return {
        "sentence": sentences.sentence(workflow.draft),
        "pills": list(_pills(workflow)),
        "tab": "draft", "versions_count": last, "next_number": last + 1,
        "switches": [each for each in offered if each.name in SWITCHES],
        "buttons": [
            each for each in offered if each.name not in SWITCHES and not (may_edit and each.name in PUBLISHING)
        ],
    }  # fmt: skip


def _pills(workflow: Workflow) -> Iterator[SafeString]:
    number = workflow.current.number if workflow.current else 0
    if workflow.is_matching:
        words = {"state": workflow.get_status_display(), "n": number}
        yield pill(workflow.status, _("%(state)s, version %(n)d") % words)
    else:
        yield pill(workflow.status, workflow.get_status_display())
    changed = changes_of_draft(workflow)
    if changed:
        told = ngettext("Draft, %(n)d change", "Draft, %(n)d changes", changed) % {"n": changed}
        yield link(reverse("admin:triggers_workflow_compare", args=[workflow.pk]), pill("draft", told))


def changes_of_draft(workflow: Workflow) -> int:
    """In how many sentences the draft differs from the live version."""
    if workflow.current is None or workflow.current.document == workflow.draft:
        return 0
    return len(differences(workflow.current.document, workflow.draft)) or 1
