"""Pipelines with their ordered stages, and the reasons for winning or losing, in the admin."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from pipelines.deals import deleting
from pipelines.models import LostReason, Pipeline, Stage
from triggers.admin.pages import link
from triggers.admin.typed import ModelAdmin, TabularInline

if TYPE_CHECKING:
    _FormSet = BaseInlineFormSet[Stage, Pipeline, Any]
    _Admin = ModelAdmin[Any]
else:
    _FormSet, _Admin = BaseInlineFormSet, object


class StageFormSet(_FormSet):
    """Keeps what deals stand in: a stage that holds some is not deleted."""

    def clean(self) -> None:
        super().clean()
        leaving = [form.instance for form in self.deleted_forms if form.instance.pk]
        refused = deleting.why_not_any(leaving)
        if refused:
            raise ValidationError(refused)


class Stages(TabularInline[Stage, Pipeline]):
    """The stages in their order."""

    model = Stage
    formset = StageFormSet
    fields = ("position", "name", "probability", "rotting_days", "colour")
    extra = 0
    min_num = 1
    verbose_name_plural = gettext_lazy("Stages, in their order")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        made: Any = super().get_formset(request, obj, **kwargs)
        # Django's own refusal names the deals one by one; the set of forms says what to do about them.
        made.form.hand_clean_DELETE = lambda _form: None
        return made


class Guarded(_Admin):
    """Deletes only what no deal needs, and says why it does not."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not deleting.why_not(obj))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """What the list was told to delete: those that can go."""
        for row in queryset:
            why = deleting.why_not(row)
            if why:
                self.message_user(request, why, messages.ERROR)
            else:
                row.delete()


@admin.register(Pipeline)
class PipelineAdmin(Guarded, ModelAdmin[Pipeline]):
    """Ways that deals go, stage after stage."""

    inlines = (Stages,)
    list_display = ("name", "steps", "open_deals", "currency", "position")
    search_fields = ("name",)
    ordering = ("position", "id")
    fields = (("name", "currency", "position"),)
    actions = None
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pipeline]:
        rows: QuerySet[Pipeline] = super().get_queryset(request)
        is_open = Q(opportunities__status="open")
        return rows.prefetch_related("stages").annotate(n_open=Count("opportunities", filter=is_open))

    @admin.display(description=gettext_lazy("stages"))
    def steps(self, pipeline: Pipeline) -> str:
        return " → ".join(stage.name for stage in sorted(pipeline.stages.all(), key=lambda stage: stage.place)) or "–"

    @admin.display(description=gettext_lazy("open opportunities"), ordering="n_open")
    def open_deals(self, pipeline: Any) -> SafeString:
        url = f"{reverse('admin:pipelines_opportunity_changelist')}?pipeline={pipeline.pk}"
        return link(url if pipeline.n_open else "", pipeline.n_open)


@admin.register(LostReason)
class LostReasonAdmin(Guarded, ModelAdmin[LostReason]):
    """Why deals are won or lost."""

    list_display = ("name", "outcome", "position")
    list_filter = ("outcome",)
    search_fields = ("name",)
    ordering = ("outcome", "position", "name")
    actions = None
