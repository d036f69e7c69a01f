"""Workflows: the list with sentence, state and numbers, and the page where they are edited and published."""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from triggers import services
from triggers.admin import firings, workflow_cards, workflow_page
from triggers.admin.pages import link, page_of
from triggers.admin.typed import ModelAdmin
from triggers.admin.workflow_buttons import WorkflowButtons, publish
from triggers.admin.workflow_filters import FolderFilter, HealthFilter, StateFilter
from triggers.admin.workflow_form import WorkflowForm, brought, told
from triggers.admin.workflow_tabs import WorkflowTabs
from triggers.models import Run, Workflow
from triggers.problems import Invalid
from triggers.recipes import recipes
from triggers.wording import moments, sentences
from triggers.wording.look import pill
from triggers.workflows.uses import in_force

WAITING_ROOM = (Run.Status.PENDING, Run.Status.WAITING)


class CountedList(ChangeList):
    """The list with each workflow's numbers of the last day, in three queries for the whole page.

    What the clock brings next costs a query for each timed trigger, kept for a while (`firings.next_of`).
    """

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: list[Any] = list(self.result_list)
        since = timezone.now() - timedelta(days=1)
        runs = Run.objects.filter(workflow__in=[row.pk for row in rows]).values_list("workflow").order_by()
        recent = runs.filter(created_at__gte=since).exclude(status=Run.Status.SKIPPED)
        started = dict(recent.annotate(Count("pk")))
        failed = dict(runs.filter(status=Run.Status.FAILED, finished_at__gte=since).annotate(Count("pk")))
        due = dict(runs.filter(status__in=WAITING_ROOM).annotate(Min("due_at")))
        fires = firings.next_of((row.pk for row in rows if row.is_matching), timezone.now())
        for row in rows:
            row.started_today, row.failed_today = started.get(row.pk, 0), failed.get(row.pk, 0)
            row.next_due = min(filter(None, (due.get(row.pk), fires.get(row.pk))), default=None)
        self.result_list = rows


@admin.register(Workflow)
class WorkflowAdmin(WorkflowTabs, WorkflowButtons, ModelAdmin[Workflow]):
    """When this happens, if that holds, do these things."""

    form = WorkflowForm
    change_form_template = "admin/triggers/workflow/change_form.html"
    list_display = ("called", "state", "started", "failed", "upcoming")
    list_display_links = None
    list_filter = (StateFilter, HealthFilter, FolderFilter)
    show_facets = admin.ShowFacets.ALWAYS
    search_fields = ("name", "description", "folder", "draft")
    search_help_text = gettext_lazy("Search name, tag, text of the workflow")
    ordering = ("name",)
    list_per_page = 50
    list_select_related = ("current",)
    actions = None
    fieldsets = ((None, {"fields": (("name", "folder", "owner"), "description")}),)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return CountedList

    def get_fields(self, request: HttpRequest, obj: Workflow | None = None) -> Any:
        return ("name", "folder", "owner", "description", "draft")

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **{**kwargs, "fields": self.get_fields(request, obj)})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        given = super().get_changeform_initial_data(request)
        recipe = recipes.get(str(given.pop("recipe", "")))
        begun = {"name": recipe.name, "draft": recipe.document()} if recipe else {}
        if "draft" in given:
            given["draft"] = brought(str(given["draft"]))
        return {"owner": request.user.pk, **given, **begun}

    def has_delete_permission(self, request: HttpRequest, obj: Workflow | None = None) -> bool:
        """What was published is archived, not deleted: its history hangs on it."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and obj is not None and not obj.versions.exists()

    @admin.display(description=gettext_lazy("workflow"), ordering="name")
    def called(self, workflow: Workflow) -> SafeString:
        said = sentences.sentence(in_force(workflow))
        return format_html('{}<span class="said">{}</span>', link(page_of(workflow), workflow.name), said)

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def state(self, workflow: Workflow) -> SafeString:
        return pill(workflow.status, workflow.get_status_display())

    @admin.display(description=gettext_lazy("started, 24 h"))
    def started(self, workflow: Any) -> SafeString:
        return _number(workflow.started_today)

    @admin.display(description=gettext_lazy("failed, 24 h"))
    def failed(self, workflow: Any) -> SafeString:
        return _number(workflow.failed_today, bad=True)

    @admin.display(description=gettext_lazy("next"))
    def upcoming(self, workflow: Any) -> Any:
        return moments.shown(workflow.next_due) or "–"

    def save_model(self, request: HttpRequest, obj: Workflow, form: Any, change: bool) -> None:
        if change:
            # Only what was edited: a worker may have paused the workflow meanwhile.
            obj.save(update_fields=[*(name for name in form.changed_data if name != "note"), "updated_at"])
        else:
            obj.slug = services.free_slug(obj.name)
            obj.save()
        obj.problems_found = form.problems  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: Workflow, post_url_continue: str | None = None) -> HttpResponse:
        return self._saved(request, obj)

    def response_change(self, request: HttpRequest, obj: Workflow) -> HttpResponse:
        return self._saved(request, obj)

    def _saved(self, request: HttpRequest, workflow: Any) -> HttpResponse:
        if "_publish" in request.POST:
            self._publish(request, workflow)
        else:
            errors = sum(not problem.warning for problem in workflow.problems_found)
            need = ngettext("%(n)d problem has to be mended before it can be published.",
                            "%(n)d problems have to be mended before it can be published.", errors)  # fmt: skip
            said = _("Draft saved. %(need)s") % {"need": need % {"n": errors}} if errors else _("Draft saved.")
            self.message_user(request, said, messages.WARNING if errors else messages.SUCCESS)
        return redirect(page_of(workflow))

    def _publish(self, request: HttpRequest, workflow: Workflow) -> None:
        if not request.user.has_perm("triggers.publish_workflow"):
            self.message_user(request, _("Draft saved. You may not publish; ask a manager to."), messages.WARNING)
            return
        try:
            note, observe = request.POST.get("note", "").strip(), "observe" in request.POST
            self.message_user(request, publish(workflow, request.user, note, observe))
        except Invalid as error:
            self.message_user(request, " ".join(map(told, error.problems)), messages.ERROR)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("cards/", view(self.cards), name="triggers_workflow_cards"),
            path("<int:pk>/cards/", view(self.cards), name="triggers_workflow_cards"),
            *super().get_urls(),
        ]

    def cards(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """The posted cards again, after a button or while somebody types; nothing is saved."""
        return workflow_cards.cards(self, request, pk)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        workflow, form = kwargs.get("obj"), context["adminform"].form
        context |= workflow_cards.context(self, request, workflow, getattr(form, "edited", None))
        if workflow is not None:
            context |= workflow_page.head(self, request, workflow)
        return super().render_change_form(request, context, *args, **kwargs)


def _number(n: int, bad: bool = False) -> SafeString:
    tone = "zero" if not n else "bad-text" if bad else ""
    return format_html('<span class="{}">{}</span>', tone, n)
