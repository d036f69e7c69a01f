"""Non-starts: which event reached which trigger and did not start it, and why."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from triggers.admin.lists import WorkflowFilter
from triggers.admin.pages import ReadOnly, link
from triggers.admin.typed import ModelAdmin
from triggers.models import Event, Miss, Workflow
from triggers.wording import moments, people, telling


class ToldList(ChangeList):
    """The rows with their workflow, event and contact, which a miss keeps as plain numbers."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: list[Any] = list(self.result_list)
        events = Event.objects.in_bulk([row.event_id for row in rows])
        workflows = dict(Workflow.objects.filter(pk__in=[row.workflow_id for row in rows]).values_list("pk", "name"))
        names = people.contact_names(event.contact_id for event in events.values())
        for row in rows:
            row.event, row.workflow_called = events.get(row.event_id), workflows.get(row.workflow_id, "")
            row.contact_called = names.get(row.event.contact_id, "") if row.event else ""
        self.result_list = rows


@admin.register(Miss)
class MissAdmin(ReadOnly, ModelAdmin[Miss]):
    """Kept for a week; each leads to its explanation."""

    list_display = ("who", "workflow", "why", "happened")
    list_filter = (WorkflowFilter,)
    ordering = ("-id",)
    list_per_page = 50

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return ToldList

    @admin.display(description=gettext_lazy("contact"))
    def who(self, miss: Any) -> str:
        return miss.contact_called or _("Nobody")

    @admin.display(description=gettext_lazy("workflow"))
    def workflow(self, miss: Any) -> SafeString:
        return link(people.admin_url("triggers.workflow", miss.workflow_id), miss.workflow_called or "–")

    @admin.display(description=gettext_lazy("why"))
    def why(self, miss: Any) -> SafeString:
        event = telling.label(miss.event) if miss.event else ""
        return format_html('{}<span class="said">{}</span>', telling.why_not_started(miss, miss.event), event)

    @admin.display(description=gettext_lazy("happened"), ordering="id")
    def happened(self, miss: Miss) -> Any:
        return moments.shown(miss.at)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """A miss has no page of its own: its explanation is."""
        miss = self.get_object(request, object_id)
        if miss is None or not self.has_view_permission(request, miss):
            return super().change_view(request, object_id, *args, **kwargs)
        return redirect(f"{reverse('admin:triggers_explain')}?workflow={miss.workflow_id}&event={miss.event_id}")
