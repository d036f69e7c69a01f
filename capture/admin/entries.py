"""What forms of the admin enter here beside plain columns: websites one a line, choices one a line."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from capture import mapping
from capture.addresses import as_origins
from capture.forms import choices_text
from contacts.custom import definitions
from contacts.models import Contact


class WebsitesField(forms.CharField):
    """A list of websites, one a line; of a whole address its website is taken."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return as_origins((super().to_python(value) or "").splitlines())

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(data or "") != (initial or []))


class ChoicesField(forms.CharField):
    """Choices, one a line: `Label | points | where it leads`."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return choices_text.written(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return choices_text.parse(super().to_python(value) or "")

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data or "") != (initial or []))
        except ValidationError:
            return True


def targets() -> list[tuple[str, str]]:
    """The fields of a contact that an answer may go into, with their names."""
    own = [(f"{mapping.CUSTOM}{field.key}", field.label) for field in definitions.in_use()]
    return [("", _("No field")), *((name, _called(name)) for name in mapping.FIELDS), *own]


def _called(name: str) -> str:
    if name == "name":
        return _("Full name")
    if name == "tags":
        return _("Tags")
    words = str(getattr(Contact._meta.get_field(name), "verbose_name", name))
    return words[:1].upper() + words[1:]
