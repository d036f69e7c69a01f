"""Score rules, and the limits and fading of scores, in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from contacts.models import ScorePolicy, ScoreRule
from contacts.scores import rule_wording, score_rules
from triggers.admin import condition_form
from triggers.admin.condition_form import ConditionForm
from triggers.admin.json_field import DocumentField
from triggers.admin.typed import ModelAdmin
from triggers.wording import words


class ScoreRuleForm(ConditionForm):
    """An event type by its name, and conditions as a workflow's trigger has them."""

    event_type = forms.ChoiceField(label=_("When this happens"))
    conditions = DocumentField(label=_("Only if"), required=False)

    class Meta:
        model = ScoreRule
        fields = ["name", "event_type", "conditions", "points", "cap", "active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, kind in score_rules.event_types().items():
            groups.setdefault(words.section(kind), []).append((key, words.event_label(key)))
        choices = [(section, sorted(kinds, key=lambda each: each[1])) for section, kinds in sorted(groups.items())]
        if "event_type" in self.fields:
            self.fields["event_type"].choices = [("", "–"), *choices]  # type: ignore[attr-defined]


@admin.register(ScoreRule)
class ScoreRuleAdmin(ModelAdmin[ScoreRule]):
    """Which events give how many points."""

    form = ScoreRuleForm
    change_form_template = "admin/triggers/condition/change_form.html"
    list_display = ("name", "happens", "points", "cap", "active")
    list_filter = ("active",)
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ("name", "event_type")}),
        (_("Then"), {"fields": (("points", "cap"), "active")}),
    )

    def get_form(self, request: HttpRequest, obj: ScoreRule | None = None, change: bool = False, **kwargs: Any) -> Any:
        """The conditions stand between the two parts, laid out by the template."""
        fields = [*flatten_fieldsets(self.fieldsets), "conditions"]
        return super().get_form(request, obj, change, **{**kwargs, "fields": fields})

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("rows/", view(self.rows), name="contacts_scorerule_cards"),
            path("<int:pk>/rows/", view(self.rows), name="contacts_scorerule_cards"),
            *super().get_urls(),
        ]

    def rows(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """The posted conditions again, after a button or another choice; nothing is saved."""
        return condition_form.cards(self, request, pk)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        rule = kwargs.get("obj")
        shown = condition_form.context(context["adminform"].form) | {
            "sentence": rule_wording.sentence(rule),
            "cards_url": reverse("admin:contacts_scorerule_cards", args=[rule.pk] if rule else []),
            "may_edit": self.has_change_permission(request, rule) if rule else True,
        }
        return super().render_change_form(request, context | shown, *args, **kwargs)

    @admin.display(description=_("when"))
    def happens(self, rule: ScoreRule) -> str:
        return words.event_label(rule.event_type)


@admin.register(ScorePolicy)
class ScorePolicyAdmin(ModelAdmin[ScorePolicy]):
    """One row, whose page is where its list would be."""

    fieldsets = (
        (_("Limits"), {"fields": (("floor", "cap"),)}),
        (_("Fading"), {"fields": (("decay", "decay_points", "decay_days"),)}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not ScorePolicy.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: ScorePolicy | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        only = ScorePolicy.objects.first()
        if only is not None and self.has_view_permission(request, only):
            return redirect("admin:contacts_scorepolicy_change", only.pk)
        if only is None and self.has_add_permission(request):
            return redirect("admin:contacts_scorepolicy_add")
        return super().changelist_view(request, extra_context)
