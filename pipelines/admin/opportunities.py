"""Opportunities in the admin. What changes goes through `services`, so that events fire."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from contacts import money, timeline
from contacts.admin import custom_form
from contacts.admin.filters import OwnerFilter
from pipelines import services
from pipelines.admin.board import BoardPages
from pipelines.admin.filters import PipelineFilter, StageFilter, StatusFilter, custom_field_filters
from pipelines.admin.forms import OpportunityForm, with_custom_fields
from pipelines.deals import board, totals
from pipelines.deals.forecast import forecast, without_date
from pipelines.models import Opportunity, Pipeline, Stage
from pipelines.models.opportunity import ON_DEALS
from triggers.admin.buttons import Buttons, button
from triggers.admin.pages import link, page_of
from triggers.admin.typed import ModelAdmin
from triggers.models.organisation import Organisation
from triggers.wording import moments
from triggers.wording.look import icon, pill

CHANGE = "pipelines.change_opportunity"


@admin.register(Opportunity)
class OpportunityAdmin(Buttons, BoardPages, ModelAdmin[Opportunity]):
    """A deal: what it is worth, where it stands, and everything that happened with it."""

    form = OpportunityForm
    change_form_template = "admin/pipelines/opportunity/change_form.html"
    change_list_template = "admin/pipelines/opportunity/change_list.html"
    list_display = ("called", "contact_link", "stage_name", "worth", "owner_name", "state", "expected", "since")
    list_filter: ClassVar[Any] = (PipelineFilter, StageFilter, StatusFilter, OwnerFilter, "expected_close")
    list_select_related = ("contact", "stage", "pipeline", "owner")
    search_fields = ("name", "contact__first_name", "contact__last_name", "contact__email", "contact__company")
    search_help_text = gettext_lazy("Search name and contact")
    autocomplete_fields = ("contact", "owner", "followers")
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    view_on_site = False
    actions = ("move_chosen", "mark_won")
    fieldsets = (
        (None, {"fields": ("name", "contact", ("value", "currency"), ("stage", "expected_close"))}),
        (gettext_lazy("Owner and source"), {"fields": (("owner", "source"), "followers")}),
        (gettext_lazy("How it stands"), {"fields": (("status", "lost_reason"),)}),
    )

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.forecast_page)
        return [path("forecast/", page, name="pipelines_opportunity_forecast"), *super().get_urls()]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change=change, form=with_custom_fields(obj), **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = list(super().get_fieldsets(request, obj))
        inputs = custom_form.rows(ON_DEALS) if self._writes(request, obj) else []
        return [*shown, (_("Custom fields"), {"fields": inputs})] if inputs else shown

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A deal stays with its contact."""
        return ("contact",) if obj else ()

    def get_list_filter(self, request: HttpRequest) -> Any:
        return (*super().get_list_filter(request), *custom_field_filters())

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        """From the board: the pipeline whose first stage it begins in, and whoever adds it."""
        given = super().get_changeform_initial_data(request)
        wanted = str(given.pop("pipeline", ""))
        rows = Stage.objects.order_by("pipeline__position", "pipeline", "position", "id")
        first = (rows.filter(pipeline=int(wanted)) if wanted.isdigit() else rows).first()
        return {"stage": first.pk if first else None, "owner": request.user.pk, **given}

    def save_model(self, request: HttpRequest, obj: Opportunity, form: Any, change: bool) -> None:
        """Writes through the services; the form's own instance is then read anew."""
        if change:
            services.update(Opportunity.objects.get(pk=obj.pk), form.values)
        else:
            obj.pk, obj._state.adding = services.create({**form.values, "stage": form.cleaned_data["stage"]}).pk, False
        obj.refresh_from_db()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Followers went with the rest."""

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        deal = kwargs.get("obj")
        context["buttons"] = self.offered(request, deal) if deal else []
        if deal is not None:
            now = timezone.now()
            context |= {
                "state": pill(deal.status, deal.get_status_display()), "card": _card(deal, now),
                "task": board.next_tasks([deal]).get(deal.contact_id), "stages": list(deal.pipeline.stages.all()),
                "days": _history(request, deal), "since": board.since_words(deal, now),
            }  # fmt: skip
        return super().render_change_form(request, context, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        answer = super().changelist_view(request, extra_context)
        changes = getattr(answer, "context_data", None) and answer.context_data.get("cl")  # type: ignore[attr-defined]
        if changes is not None:
            # More than are counted are not added up either.
            many = getattr(changes.paginator, "goes_on", False)
            sums = {} if many else totals.by_currency(changes.queryset)
            answer.context_data |= {"totals": money.totals(sums), "many": many}  # type: ignore[attr-defined]
        return answer

    def forecast_page(self, request: HttpRequest) -> HttpResponse:
        """What open deals are expected to bring, month by month; each currency for itself."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        pipelines = list(Pipeline.objects.all())
        chosen = next((each for each in pipelines if str(each.pk) == request.GET.get("pipeline")), None)
        deals = Opportunity.objects.filter(pipeline=chosen) if chosen else Opportunity.objects.all()
        today = timezone.localtime(timezone.now(), Organisation.get().zone).date()
        undated, late = without_date(deals, today)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": _("Forecast"),
            "forecasts": forecast(deals, today), "undated": undated, "late": late, "pipelines": pipelines,
            "pipeline": chosen,
        }  # fmt: skip
        return TemplateResponse(request, "admin/pipelines/opportunity/forecast.html", context)

    @admin.display(description=gettext_lazy("opportunity"), ordering="name")
    def called(self, deal: Opportunity) -> str:
        return str(deal)

    @admin.display(description=gettext_lazy("contact"))
    def contact_link(self, deal: Opportunity) -> SafeString:
        return link(page_of(deal.contact), deal.contact)

    @admin.display(description=gettext_lazy("stage"), ordering="stage__position")
    def stage_name(self, deal: Opportunity) -> str:
        return str(deal.stage)

    @admin.display(description=gettext_lazy("value"), ordering="value")
    def worth(self, deal: Opportunity) -> str:
        return money.shown(deal.value, deal.currency) or "–"

    @admin.display(description=gettext_lazy("owner"), ordering="owner", empty_value="–")
    def owner_name(self, deal: Opportunity) -> str | None:
        return (deal.owner.get_full_name() or deal.owner.get_username()) if deal.owner else None

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def state(self, deal: Opportunity) -> SafeString:
        return pill(deal.status, deal.get_status_display())

    @admin.display(description=gettext_lazy("expected"), ordering="expected_close", empty_value="–")
    def expected(self, deal: Opportunity) -> Any:
        return moments.shown_day(deal.expected_close) if deal.expected_close else None

    @admin.display(description=gettext_lazy("how long"), ordering="entered_stage_at")
    def since(self, deal: Opportunity) -> Any:
        card = board.card(deal, {deal.stage_id: deal.stage}, {}, timezone.now())
        return (
            format_html('<span class="wait-text">{} {}</span>', icon("clock"), card.told)
            if card.is_stale
            else card.told
        )

    @button(
        gettext_lazy("Won"), permission=CHANGE, icon="done", tone="primary", when=lambda deal: deal.status == "open"
    )
    def won(self, request: HttpRequest, deal: Opportunity) -> str:
        services.close(deal, Opportunity.Status.WON)
        return _("Won.")

    @button(gettext_lazy("Lost…"), permission=CHANGE, when=lambda deal: deal.status == "open")
    def lost(self, request: HttpRequest, deal: Opportunity) -> HttpResponse:
        return redirect(f"{reverse('admin:pipelines_opportunity_close', args=[deal.pk])}?status=lost")

    @button(gettext_lazy("Give up…"), permission=CHANGE, when=lambda deal: deal.status == "open")
    def abandon(self, request: HttpRequest, deal: Opportunity) -> HttpResponse:
        return redirect(f"{reverse('admin:pipelines_opportunity_close', args=[deal.pk])}?status=abandoned")

    @button(gettext_lazy("Open again"), permission=CHANGE, icon="again", when=lambda deal: deal.status != "open")
    def reopen(self, request: HttpRequest, deal: Opportunity) -> str:
        services.update(deal, {"status": Opportunity.Status.OPEN})
        return _("Open again.")

    @admin.action(description=gettext_lazy("Mark as won"), permissions=["change"])
    def mark_won(self, request: HttpRequest, queryset: "QuerySet[Opportunity]") -> None:
        done = sum(bool(services.close(deal, Opportunity.Status.WON)) for deal in queryset if deal.status != "won")
        told = ngettext("%(n)d opportunity is won.", "%(n)d opportunities are won.", done) % {"n": done}
        self.message_user(request, told, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Move to stage…"), permissions=["change"])
    def move_chosen(self, request: HttpRequest, queryset: "QuerySet[Opportunity]") -> HttpResponse | None:
        """Asks which stage; then moves each of the chosen deals there."""
        wanted = request.POST.get("stage", "")
        stage = Stage.objects.filter(pk=int(wanted)).first() if wanted.isdigit() else None
        if stage is not None:
            moved = sum(bool(services.move(deal, stage)) for deal in queryset)
            told = ngettext("%(n)d opportunity moved.", "%(n)d opportunities moved.", moved) % {"n": moved}
            self.message_user(request, told, messages.SUCCESS)
            return None
        context = {
            **self.admin_site.each_context(request), "title": _("Move to stage"), "opts": self.opts,
            "chosen": queryset.values_list("pk", flat=True), "count": queryset.count(),
            "pipelines": Pipeline.objects.prefetch_related("stages"),
        }  # fmt: skip
        return TemplateResponse(request, "admin/pipelines/opportunity/move.html", context)

    def _writes(self, request: HttpRequest, deal: Any) -> bool:
        return self.has_add_permission(request) if deal is None else self.has_change_permission(request, deal)


def _card(deal: Opportunity, now: Any) -> board.Card:
    return board.card(deal, {deal.stage_id: deal.stage}, {}, now)


def _history(request: HttpRequest, deal: Opportunity) -> list[timeline.Day]:
    return timeline.of_record(ON_DEALS, deal.pk) if request.user.has_perm("triggers.view_event") else []
