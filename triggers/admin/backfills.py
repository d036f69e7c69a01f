"""Backfills: a workflow started for what already is. Counted first, then begun, and cancelled at any time."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from triggers.admin import condition_form
from triggers.admin.buttons import Buttons, button
from triggers.admin.condition_form import CrowdForm
from triggers.admin.pages import MOMENTS, MadeByForm, Page, page_of
from triggers.admin.typed import ModelAdmin
from triggers.admin.workflow_form import told
from triggers.conditions import sentence
from triggers.explaining import backfill, crowd
from triggers.models import Backfill, Workflow
from triggers.problems import Invalid
from triggers.wording import look, moments

FILL = "triggers.backfill_workflow"


class BackfillForm(CrowdForm):
    """Which workflow, over what. Valid means: counted and stored, ready to begin."""

    lead = gettext_lazy("All of them where there is no condition")

    class Meta:
        model = Backfill
        fields = ["workflow", "over", "since", "conditions", "per_minute"]

    def __init__(self, *args: Any, by: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        if "workflow" in self.fields:
            self.fields["workflow"].queryset = Workflow.objects.filter(status="live")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Counting is the check: it reads the conditions as the backfill will."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            self.made = backfill.prepare(
                cleaned["workflow"], cleaned["over"], since=cleaned["since"], tree=cleaned["conditions"],
                per_minute=cleaned["per_minute"], by=self.by,
            )  # fmt: skip
        except Invalid as error:
            for problem in error.problems:
                self.add_error("conditions" if problem.path else None, told(problem))
        return cleaned


@admin.register(Backfill)
class BackfillAdmin(Buttons, MadeByForm, Page, ModelAdmin[Backfill]):
    """Starts only for what its page has counted."""

    form = BackfillForm
    formfield_overrides = MOMENTS
    page_template = "admin/triggers/backfill/page.html"
    add_form_template = "admin/triggers/condition/change_form.html"
    list_display = ("workflow", "over", "state", "progress", "asked")
    list_filter = ("status",)
    list_select_related = ("workflow",)
    ordering = ("-id",)
    actions = None
    fieldsets = ((None, {"fields": (("workflow", "over"), ("since", "per_minute"))}),)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The conditions stand below, laid out by the template."""
        fields = [*flatten_fieldsets(self.fieldsets), "conditions"]
        return super().get_form(request, obj, change, **{**kwargs, "fields": fields})

    def get_urls(self) -> list[URLPattern]:
        return [
            path("rows/", self.admin_site.admin_view(self.rows), name="triggers_backfill_cards"),
            *super().get_urls(),
        ]

    def rows(self, request: HttpRequest) -> HttpResponse:
        """The posted conditions again, after a button or another choice; nothing is counted."""
        return condition_form.cards(self, request, None)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(FILL)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        said = {"make": _("Count"), "sentence": _("It is counted first; nothing starts before you say so.")}
        return super().add_view(request, form_url, {**said, **(extra_context or {})})

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        shown = condition_form.context(context["adminform"].form)
        shown |= {"cards_url": reverse("admin:triggers_backfill_cards"), "may_edit": True}
        return super().render_change_form(request, context | shown, *args, **kwargs)

    def response_add(self, request: HttpRequest, obj: Backfill, post_url_continue: str | None = None) -> HttpResponse:
        self.message_user(request, _("Counted. Nothing has been started yet."))
        return redirect(page_of(obj))

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def state(self, fill: Backfill) -> SafeString:
        return look.pill(fill.status, fill.get_status_display())

    @admin.display(description=gettext_lazy("started of matching"))
    def progress(self, fill: Backfill) -> str:
        return _("%(started)d of %(matching)d") % {"started": fill.started, "matching": fill.matching}

    @admin.display(description=gettext_lazy("asked for"), ordering="id")
    def asked(self, fill: Backfill) -> Any:
        return moments.shown(fill.created_at)

    def page(self, request: HttpRequest, obj: Backfill) -> dict[str, Any]:
        asked = sentence.describe(obj.conditions, crowd.lookup) if obj.conditions else ""
        return {
            "fill": obj, "pill": self.state(obj), "buttons": self.offered(request, obj), "title": obj.workflow.name,
            "conditions": asked, "minutes": -(-obj.matching // max(obj.per_minute, 1)),
        }  # fmt: skip

    @button(gettext_lazy("Begin"), permission=FILL, icon="play", tone="primary",
            when=lambda fill: fill.status == Backfill.Status.COUNTED)  # fmt: skip
    def begin(self, request: HttpRequest, fill: Backfill) -> str:
        backfill.begin(fill)
        pace = fill.per_minute
        told = ngettext("Begun: at most %(n)d start a minute.", "Begun: at most %(n)d starts a minute.", pace)
        return told % {"n": pace}

    @button(gettext_lazy("Cancel"), permission=FILL, icon="stop",
            when=lambda fill: fill.status in (Backfill.Status.COUNTED, Backfill.Status.RUNNING))  # fmt: skip
    def cancel(self, request: HttpRequest, fill: Backfill) -> str:
        backfill.cancel(fill)
        return _("Cancelled: nothing more starts. What was started goes on.")
