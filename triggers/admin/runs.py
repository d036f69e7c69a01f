"""Runs: the list, the page that tells what each did, and the buttons for those that stand still."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from triggers import operations
from triggers.admin import history, run_page
from triggers.admin.bulk import BulkRuns
from triggers.admin.buttons import Buttons, button
from triggers.admin.lists import NamedList, WorkflowFilter, run_pill
from triggers.admin.pages import Page, ReadOnly, link, page_of
from triggers.admin.typed import ModelAdmin
from triggers.explaining import again
from triggers.models import ActionRun, Run
from triggers.noting import note
from triggers.wording import attention, moments, people, words
from triggers.wording.look import pill

OPERATE = "triggers.operate_run"
IN_CULPRIT = ("retry", "skip", "it-was-sent", "send-again", "release")


class NeedsFilter(admin.SimpleListFilter):
    """What needs a person, apart from all that goes by itself."""

    title = gettext_lazy("attention")
    parameter_name = "needs"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("a-person", gettext_lazy("Needs a person"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Run]) -> QuerySet[Run]:
        return queryset & attention.failures() if self.value() == "a-person" else queryset


def _is_stuck(*statuses: str) -> Any:
    return lambda run: run.status in statuses


def _can_skip(run: Run) -> bool:
    return run.status in (Run.Status.WAITING, Run.Status.HELD, Run.Status.FAILED)


@admin.register(Run)
class RunAdmin(BulkRuns, Buttons, ReadOnly, Page, ModelAdmin[Run]):
    """What every run did, and why."""

    page_template = "admin/triggers/run/page.html"
    list_display = ("who", "workflow_name", "state", "why", "started", "due")
    list_filter = (NeedsFilter, "status", "mode", WorkflowFilter)
    search_fields = ("pk",)
    search_help_text = gettext_lazy("Search contact, or the number of a run")
    ordering = ("-id",)
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        rows = super().get_queryset(request).select_related("workflow", "event")
        if request.resolver_match and request.resolver_match.url_name == "triggers_run_changelist":
            return rows.defer("vars", "verdict", "event__data", "event__changes", "event__lineage", "workflow__draft")
        return rows.select_related("version")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return NamedList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Run], search_term: str
    ) -> tuple[QuerySet[Run], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        found = queryset.filter(contact_id__in=people.matching_contacts(term, limit=200))
        return (found | queryset.filter(pk=int(term)) if term.isdigit() and len(term) < 19 else found), False

    @admin.display(description=gettext_lazy("contact"))
    def who(self, run: Any) -> str:
        return run.contact_called or _("Nobody")

    @admin.display(description=gettext_lazy("workflow"))
    def workflow_name(self, run: Run) -> SafeString:
        return link(page_of(run.workflow), run.workflow)

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def state(self, run: Run) -> Any:
        return pill(run.status, run.get_status_display())

    @admin.display(description=gettext_lazy("why"))
    def why(self, run: Run) -> SafeString:
        started = words.event_label(run.event.type)
        return (
            format_html('{}<span class="said">{}</span>', started, run.reason)
            if run.reason
            else format_html("{}", started)
        )

    @admin.display(description=gettext_lazy("started"), ordering="id")
    def started(self, run: Run) -> Any:
        return moments.shown(run.created_at)

    @admin.display(description=gettext_lazy("next"))
    def due(self, run: Run) -> Any:
        return moments.shown(run.due_at) if run.is_active and run.due_at else "–"

    def page(self, request: HttpRequest, obj: Run) -> dict[str, Any]:
        found = run_page.gather(obj)
        offered = self.offered(request, obj)
        return {
            **found,
            "by_hand": history.of_run(obj),
            "pill": run_pill(obj, place=found["place"]),
            "fixes": [each for each in offered if each.name in IN_CULPRIT],
            "buttons": [each for each in offered if each.name not in IN_CULPRIT],
        }

    @button(gettext_lazy("Retry from here"), permission=OPERATE, icon="again", tone="primary",
            when=_is_stuck(Run.Status.FAILED))  # fmt: skip
    def retry(self, request: HttpRequest, run: Run) -> str:
        operations.retry(run, by=request.user)
        return _("The run goes on; its action is tried again.")

    @button(gettext_lazy("Try now"), permission=OPERATE, icon="again", when=_is_stuck(Run.Status.PENDING))
    def try_now(self, request: HttpRequest, run: Run) -> str:
        if not ActionRun.objects.filter(run=run, uid=run.at).exists():
            return _("The run is about to go on by itself.")
        operations.retry(run, by=request.user)
        return _("The action is tried again now.")

    @button(gettext_lazy("It was sent"), permission=OPERATE, when=_is_stuck(Run.Status.UNCERTAIN))
    def it_was_sent(self, request: HttpRequest, run: Run) -> str:
        operations.resolve(run, sent=True, by=request.user)
        return _("Counted as sent; the run goes on.")

    @button(gettext_lazy("Send again"), permission=OPERATE, icon="again", when=_is_stuck(Run.Status.UNCERTAIN))
    def send_again(self, request: HttpRequest, run: Run) -> str:
        operations.resolve(run, sent=False, by=request.user)
        return _("It is sent again.")

    @button(gettext_lazy("Let it go on"), permission=OPERATE, icon="play", tone="primary",
            when=_is_stuck(Run.Status.HELD))  # fmt: skip
    def release(self, request: HttpRequest, run: Run) -> str:
        operations.release(run, by=request.user)
        return _("The run goes on.")

    @button(gettext_lazy("Skip this action"), permission=OPERATE, tone="quiet", when=_can_skip)
    def skip(self, request: HttpRequest, run: Run) -> str:
        operations.skip(run, by=request.user)
        return _("The action is left out; the run goes on with the next.")

    @button(gettext_lazy("Replay"), permission=OPERATE, icon="play")
    def replay(self, request: HttpRequest, run: Run) -> HttpResponse:
        made = again.replay_run(run)
        note(request.user, run, gettext_noop("Replayed from the start."))
        self.message_user(request, _("This is the replay of run %(id)s, from the start.") % {"id": run.pk})
        return redirect(page_of(made))

    @button(gettext_lazy("Stop"), permission=OPERATE, icon="stop", asks=gettext_lazy("Why, for the record"),
            when=lambda run: run.is_active)  # fmt: skip
    def stop(self, request: HttpRequest, run: Run) -> str:
        operations.stop(run, request.POST.get("said", "").strip(), by=request.user)
        return _("The run is stopped.")
