"""The forms behind the admin's contact pages: fields a person understands, cleaned as every door cleans them."""

from typing import Any, Final

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple, RelatedFieldWidgetWrapper
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from contacts import cleaning, countries, services
from contacts.admin.custom_form import PREFIX, form_fields
from contacts.custom.days import Birthday
from contacts.models import CHANNELS, Contact, Tag
from contacts.scores import scoring
from triggers.admin.typed import ModelForm

DND: Final = (("all", _("Everything")), *CHANNELS)


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.Textarea(attrs={"rows": 2}), "required": False, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or []) != self.to_python(data))


def tags_field(*, required: bool = False) -> "forms.ModelMultipleChoiceField[Tag]":
    """Tags by autocomplete, with a plus for new ones."""
    relation = Contact._meta.get_field("tags")
    select = AutocompleteSelectMultiple(relation, admin.site)
    widget = RelatedFieldWidgetWrapper(select, relation.remote_field, admin.site, can_add_related=True)  # type: ignore[arg-type]
    return forms.ModelMultipleChoiceField(Tag.objects.all(), label=_("Tags"), required=required, widget=widget)


class ContactForm(ModelForm[Contact]):
    """What changed is kept in `values`, ready for `services.create` and `services.update`."""

    closed = forms.MultipleChoiceField(
        label=_("Do not disturb by"), choices=DND, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("No workflow and nobody writes or calls by what is ticked."),
    )  # fmt: skip
    closed_why = forms.CharField(
        label=_("Why"), required=False, max_length=300,
        help_text=_("Kept with the change, such as “asked for it on the phone”."),
    )  # fmt: skip
    tagged = tags_field()
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    extra_emails = LinesField(label=_("Further e-mails"), help_text=_("One a line."))
    extra_phones = LinesField(label=_("Further phones"), help_text=_("One a line."))
    born = forms.CharField(
        label=_("Birth date"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"placeholder": "1990-05-17"}), help_text=_("Or 05-17 without the year."),
    )  # fmt: skip

    class Meta:
        model = Contact
        fields = [
            "first_name", "last_name", "email", "phone", "company", "job_title", "owner", "lead_status", "channel",
            "source", "score", "street", "postal_code", "city", "state", "country", "website", "language",
            "time_zone", "external_id", "extra_emails", "extra_phones",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "channel" in self.fields:
            self.fields["channel"].choices = [("", "–"), *Contact.Channel.choices]  # type: ignore[attr-defined]
        if "country" in self.fields:
            self.fields["country"] = forms.ChoiceField(
                label=self.fields["country"].label, required=False, choices=[("", "–"), *countries.choices()]
            )
        self.initial["born"] = str(Birthday(self.instance.birth_date, self.instance.yearless_birthday))
        if self.instance.pk:
            self.initial["tagged"] = list(self.instance.tags.all())
            self.initial["closed"] = [name for name in self.instance.dnd if self.instance.dnd[name]]

    def clean(self) -> dict[str, Any]:
        """Puts every changed value through the contacts' own cleaning; refusals stand at their fields."""
        cleaned = super().clean() or {}
        self.values = {name: cleaned[name] for name in self.changed_data if name in cleaning.FIELDS and name in cleaned}
        if "closed" in self.changed_data:
            self.values["dnd"] = dict.fromkeys(cleaned.get("closed", []), True)
        if "born" in self.changed_data:
            self.values["birth_date"] = cleaned.get("born")
        for name in self.changed_data:
            if name.startswith(PREFIX) and name in cleaned:
                self.values[f"{cleaning.CUSTOM}.{name.removeprefix(PREFIX)}"] = cleaned[name]
        if not self.instance.pk and not any(self.values.get(name) for name in services.TELLING):
            self.add_error(None, _("Give a name, a company, an e-mail, a phone number or an external id."))
        try:
            cleaning.clean(self.values, str(cleaned.get("country") or self.instance.country))
            scoring.require_within(self.values, Contact._meta.get_field("score").get_default())
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self.add_error(self._place(name), messages)
        return cleaned

    def _place(self, name: str) -> str | None:
        name = {"dnd": "closed", "birth_date": "born"}.get(name, name).replace(f"{cleaning.CUSTOM}.", PREFIX)
        return name if name in self.fields and name != NON_FIELD_ERRORS else None

    def asked(self) -> services.Asked:
        """That staff closed or opened the channels, and why they said they did."""
        return services.Asked(reason=self.cleaned_data.get("closed_why", ""))

    def tag_changes(self) -> tuple[list[str], list[str]]:
        """The names of tags to put on, and of those to take off."""
        before, after = set(self.initial.get("tagged", [])), set(self.cleaned_data.get("tagged", []))
        return sorted(tag.name for tag in after - before), sorted(tag.name for tag in before - after)


def with_custom_fields(contact: Contact | None) -> type[ContactForm]:
    """The form with an input for each custom field, filled with what the contact has."""
    return type("ContactForm", (ContactForm,), form_fields(contact.custom_fields if contact else {}))


class TagChoiceForm(forms.Form):
    """Which tags to add to the chosen contacts."""

    tags = tags_field(required=True)
