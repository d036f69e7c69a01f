"""The page on which staff define custom fields."""

from collections import defaultdict
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from contacts.custom import carriers, checking, usage
from contacts.models import CustomField
from triggers.admin.buttons import Buttons, button
from triggers.admin.typed import ModelAdmin, ModelForm
from triggers.noting import note
from triggers.wording.look import pill

CHANGE = "contacts.change_customfield"


class ChoicesField(forms.CharField):
    """Choices, one a line: what people read, or the stored value before it: `s = Small`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.Textarea(attrs={"rows": 5}), "required": False, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(
            each["label"] if each["value"] == each["label"] else f"{each['value']} = {each['label']}" for each in value
        )

    def to_python(self, value: Any) -> Any:
        lines = [line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()]
        pairs = [line.partition("=") for line in lines]
        return [{"value": key.strip(), "label": label.strip() or key.strip()} for key, _sign, label in pairs]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or []) != self.to_python(data))


class CustomFieldForm(ModelForm[CustomField]):
    choices = ChoicesField(
        label=gettext_lazy("Choices"),
        help_text=gettext_lazy("For choices only. One a line; “s = Small” stores s and shows Small."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "on" in self.fields:
            self.fields["on"] = forms.ChoiceField(
                label=_("Of"), required=False, choices=[(on, capfirst(said)) for on, said in carriers.choices()],
                help_text=_("Which records carry it. It can never be changed."),
            )  # fmt: skip

    def clean_on(self) -> str:
        return self.cleaned_data["on"] or self.instance.on

    class Meta:
        model = CustomField
        fields = ["on", "label", "key", "kind", "choices", "currency", "required", "help_text", "position"]


class PositionForm(ModelForm[CustomField]):
    """A row of the list: which field its number is about is to be heard, too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = _("Position of %(field)s") % {"field": self.instance.label}
        self.fields["position"].widget.attrs["aria-label"] = said


class CarrierFilter(admin.SimpleListFilter):
    """By the records that carry the field."""

    title = gettext_lazy("of")
    parameter_name = "on"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(on, capfirst(said)) for on, said in carriers.choices()]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[CustomField]") -> "QuerySet[CustomField]":
        return queryset.filter(on=self.value()) if self.value() else queryset


@admin.register(CustomField)
class CustomFieldAdmin(Buttons, ModelAdmin[CustomField]):
    """What the installation keeps of contacts and deals besides what every CRM does."""

    form = CustomFieldForm
    change_form_template = "admin/contacts/customfield/change_form.html"
    list_display = ("label", "key", "what", "carried", "state", "records", "position")
    list_editable = ("position",)
    list_filter = (CarrierFilter,)
    search_fields = ("label", "key")
    ordering = ("position", "id")
    actions = None
    show_full_result_count = False
    list_per_page = 200
    fieldsets = (
        (None, {"fields": ("on", "label", "key", "kind", "choices", "currency")}),
        (gettext_lazy("On the record's page"), {"fields": ("required", "help_text", "position")}),
    )

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        return super().get_changelist_form(request, **{"form": PositionForm, **kwargs})

    def get_readonly_fields(self, request: HttpRequest, obj: CustomField | None = None) -> tuple[str, ...]:
        return ("records", "key") if obj else ()

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changes = super().get_changelist_instance(request)
        shown: dict[str, list[Any]] = defaultdict(list)
        for row in changes.result_list:
            shown[row.on].append(row)
        for on, rows in shown.items():
            told = usage.counts([row.key for row in rows], on)
            for row in rows:
                row.n_carried = told.get(row.key, 0)
        return changes

    def get_fieldsets(self, request: HttpRequest, obj: CustomField | None = None) -> Any:
        (heading, said), *others = super().get_fieldsets(request, obj)
        names = tuple("records" if name == "on" and obj else name for name in said["fields"])
        return [(heading, {**said, "fields": names}), *others]

    @admin.display(description=gettext_lazy("of"), ordering="on")
    def records(self, field: CustomField) -> str:
        return str(capfirst(carriers.label(field.on)))

    def has_delete_permission(self, request: HttpRequest, obj: CustomField | None = None) -> bool:
        """Only what nobody needs can go; everything else is archived."""
        return super().has_delete_permission(request, obj) and (obj is None or not checking.why_not_deleted(obj))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        field = kwargs.get("obj")
        context["state"] = self.state(field) if field else ""
        context["buttons"] = self.offered(request, field) if field else []
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=gettext_lazy("filled in"))
    def carried(self, field: Any) -> SafeString:
        return format_html("{}", field.n_carried or "–")

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def what(self, field: CustomField) -> str:
        kind = field.get_kind_display()
        return _("%(kind)s, required") % {"kind": kind} if field.required else kind

    @admin.display(description=gettext_lazy("state"), ordering="archived_at")
    def state(self, field: CustomField) -> SafeString:
        return pill("archived", _("Archived")) if field.archived else pill("ok", _("In use"))

    @button(gettext_lazy("Archive"), permission=CHANGE, when=lambda field: not field.archived)
    def archive(self, request: HttpRequest, field: CustomField) -> str:
        return self._archived(
            request, field, True, gettext_noop("Archived: asked for no more; stored values stay readable.")
        )

    @button(gettext_lazy("Use again"), permission=CHANGE, when=lambda field: field.archived)
    def use_again(self, request: HttpRequest, field: CustomField) -> str:
        return self._archived(request, field, False, gettext_noop("In use again."))

    def _archived(self, request: HttpRequest, field: CustomField, archived: bool, told: str) -> str:
        field.archived = archived
        field.save()
        note(request.user, field, told)
        return _(told)
