"""The form behind an opportunity's page, cleaned as every door cleans it."""

from typing import Any, Final

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from contacts import money
from contacts.admin.custom_form import PREFIX, form_fields
from pipelines.deals import cleaning
from pipelines.models import LostReason, Opportunity, Stage
from pipelines.models.opportunity import ON_DEALS
from triggers.admin.typed import ModelForm

DAY: Final = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class OpportunityForm(ModelForm[Opportunity]):
    """What changed is kept in `values`, ready for `services.create` and `services.update`."""

    stage = forms.ModelChoiceField(label=_("Stage"), queryset=Stage.objects.none())
    lost_reason = forms.ModelChoiceField(
        label=_("Reason"), queryset=LostReason.objects.none(), required=False,
        help_text=_("Why it was won or lost."),
    )  # fmt: skip
    value = forms.DecimalField(
        label=_("Value"), required=False, widget=forms.NumberInput(attrs={"step": "any", "min": "0"})
    )
    currency = forms.CharField(
        label=_("Currency"), required=False, max_length=3, widget=forms.TextInput(attrs={"size": 4}),
        help_text=_("The pipeline's, unless you enter another."),
    )  # fmt: skip

    class Meta:
        model = Opportunity
        fields = [
            "name", "contact", "stage", "value", "currency", "owner", "followers", "source", "expected_close",
            "status", "lost_reason",
        ]  # fmt: skip
        widgets = {"expected_close": DAY}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        if self.instance.pk:
            self.initial["value"] = money.plain(self.instance.value, self.instance.currency)
        if "stage" in fields:
            fields["stage"].queryset = Stage.objects.select_related("pipeline")
            fields["stage"].choices = _by_pipeline()
        if "lost_reason" in fields:
            fields["lost_reason"].queryset = LostReason.objects.all()
        if "name" in fields:
            fields["name"].required = True

    def clean(self) -> dict[str, Any]:
        """Puts every changed value through the deals' own cleaning; refusals stand at their fields."""
        cleaned = super().clean() or {}
        known = [name for name in self.changed_data if name in cleaning.FIELDS and name in cleaned]
        self.values = {name: cleaned[name] for name in known if name != "currency" or cleaned[name]}
        for name in self.changed_data:
            if name.startswith(PREFIX) and name in cleaned:
                self.values[f"{cleaning.CUSTOM}.{name.removeprefix(PREFIX)}"] = cleaned[name]
        stored = Opportunity.objects.filter(pk=self.instance.pk).first() if self.instance.pk else None
        try:
            if not self.errors:
                cleaning.clean(self._with_status(cleaned), stored)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self.add_error(self._place(name), messages)
        return cleaned

    def _post_clean(self) -> None:
        """The instance is written by the services; the form's own copy is only to be looked at."""

    def _with_status(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """An open deal's reason goes by itself: who opens it again need not clear it."""
        if cleaned.get("status") == Opportunity.Status.OPEN and "lost_reason" not in self.changed_data:
            self.values.pop("lost_reason", None)
        return self.values

    def _place(self, name: str) -> str | None:
        name = name.replace(f"{cleaning.CUSTOM}.", PREFIX)
        return name if name in self.fields and name != NON_FIELD_ERRORS else None


def with_custom_fields(deal: Opportunity | None) -> type[OpportunityForm]:
    """The form with an input for each custom field, filled with what the deal has."""
    return type("OpportunityForm", (OpportunityForm,), form_fields(deal.custom_fields if deal else {}, ON_DEALS))


def _by_pipeline() -> list[Any]:
    groups: dict[str, list[tuple[int, str]]] = {}
    rows = Stage.objects.select_related("pipeline").order_by("pipeline__position", "pipeline", "position", "id")
    for stage in rows:
        groups.setdefault(stage.pipeline.name, []).append((stage.pk, stage.name))
    return list(groups.items())
