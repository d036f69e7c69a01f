"""A JSON document in a form: laid out to be read, and its slips told by line."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class DocumentField(forms.JSONField):
    """A text area with one JSON object. Raises ValidationError saying in which line it cannot be read."""

    def __init__(self, *, rows: int = 24, **kwargs: Any) -> None:
        attrs = {"class": "code", "rows": rows, "spellcheck": "false", "autocomplete": "off"}
        super().__init__(**{"widget": forms.Textarea(attrs=attrs), **kwargs})

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        try:
            return json.loads(value)
        except json.JSONDecodeError as error:
            words = {"line": error.lineno, "column": error.colno, "why": error.msg}
            raise ValidationError(_("Line %(line)d, column %(column)d: %(why)s.") % words) from None
        except RecursionError:
            raise ValidationError(_("This is nested too deep.")) from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was typed is shown again as it was typed."""
        return initial if self.disabled else data

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str):
            return value
        return "" if value is None else json.dumps(value, indent=2, ensure_ascii=False)
