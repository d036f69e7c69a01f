"""The cards on the page of a workflow, and the one address that answers the script with them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from triggers.admin import enrolments, flow, workflow_check
from triggers.admin.builder import page, posted, undoing
from triggers.admin.builder.edits import Edited
from triggers.admin.pages import as_json
from triggers.admin.pressed_form import BUTTON
from triggers.admin.workflow_form import checked
from triggers.models import Workflow
from triggers.recipes import recipes

# Without it nobody's values are shown beside the texts.
SEES_CONTACTS = "contacts.view_contact"


def context(model_admin: Any, request: HttpRequest, workflow: Workflow | None, edited: Edited | None) -> dict[str, Any]:
    """What the page shows of the draft, as it is stored or as it is being edited."""
    now = edited or Edited(workflow.draft if workflow else {})
    address = "admin:triggers_workflow_cards"
    return {
        **_cards(model_admin, request, workflow, now),
        "may_edit": model_admin.has_change_permission(request, workflow) if workflow else True,
        "cards_url": reverse(address, args=[workflow.pk] if workflow else []),
        "as_json": as_json(now.document),
        "recipes": list(recipes.values()) if workflow is None and not request.GET and request.method == "GET" else [],
    }


def cards(model_admin: Any, request: HttpRequest, pk: int | None) -> HttpResponse:
    """The cards of a posted form, with what its button does to them. The draft is not written."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    workflow = get_object_or_404(Workflow.objects.select_related("current"), pk=pk) if pk else None
    allowed = (
        model_admin.has_change_permission(request, workflow) if workflow else model_admin.has_add_permission(request)
    )
    if not allowed:
        raise PermissionDenied
    edited = undoing.press(posted.read(request.POST), request.POST.get(BUTTON, ""), request.POST)
    shown = {**_cards(model_admin, request, workflow, edited), "may_edit": True}
    return TemplateResponse(request, "admin/triggers/builder/answer.html", shown)


def _cards(model_admin: Any, request: HttpRequest, workflow: Workflow | None, edited: Edited) -> dict[str, Any]:
    now, button = timezone.now(), request.POST.get(BUTTON, "")
    done = enrolments.press(model_admin, request, workflow, button)
    problems = checked(edited.document, workflow or Workflow())
    sees = request.user.has_perm(SEES_CONTACTS)
    if sees:
        more = workflow_check.warnings(edited.document, problems, workflow or Workflow(), request.POST, button, now)
        problems = sorted([*problems, *more], key=lambda problem: problem.warning)
    shown = page.context(edited, problems, workflow_check.wished(request.POST) if sees else None, now)
    example = shown["example"] if sees else None
    check = workflow_check.context(edited.document, problems, example, request.POST, button, now)
    counts = flow.count(workflow) if workflow else None
    return {
        **shown, **check, **enrolments.context(request, workflow), **flow.flow_context(edited.document, counts),
        "said": done or workflow_check.said(check, button) or edited.said, "enrol_said": done,
        "focus": enrolments.focus(button) or edited.focus,
        "may_publish": request.user.has_perm("triggers.publish_workflow"),
        "observes": "observe" in request.POST if request.method == "POST" else _observes(workflow),
    }  # fmt: skip


def _observes(workflow: Workflow | None) -> bool:
    return workflow is not None and workflow.status == Workflow.Status.OBSERVING
