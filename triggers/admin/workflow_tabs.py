"""The pages of one workflow beside its form: flow, statistics, versions, comparison, history."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from triggers.admin import flow, history, statistics, versions, workflow_page
from triggers.admin.pages import page_of
from triggers.models import Workflow
from triggers.workflows.uses import in_force

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = object

# What a tab shows besides the head that all have.
Gather = Callable[[HttpRequest, Workflow], dict[str, Any]]


def _flow(_request: HttpRequest, workflow: Workflow) -> dict[str, Any]:
    document = in_force(workflow)
    return flow.flow_context(document, flow.count(workflow), lane=flow.WIDE, page=page_of(workflow))


TABS: dict[str, Gather] = {
    "flow": _flow,
    "statistics": statistics.statistics,
    "versions": versions.published,
    "compare": versions.compared,
    "history": history.of_workflow,
}


class WorkflowTabs(_Admin):
    """Gives the workflow's admin an address for each tab; whoever may see the workflow may see them."""

    def get_urls(self) -> list[URLPattern]:
        tabs = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(self._shows(name)), name=f"triggers_workflow_{name}")
            for name in TABS
        ]
        return [*tabs, *super().get_urls()]

    def _shows(self, name: str) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            return self.tab(request, pk, name)

        return view

    def tab(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        workflow = get_object_or_404(Workflow.objects.select_related("current"), pk=pk)
        if not self.has_view_permission(request, workflow):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request), **workflow_page.head(self, request, workflow),
            "title": workflow.name, "opts": self.opts, "original": workflow, "tab": name,
            **TABS[name](request, workflow),
        }  # fmt: skip
        return TemplateResponse(request, f"admin/triggers/workflow/{name}_tab.html", context)
