"""The custom fields on a contact's page: for each kind the input that suits it. The values go through `cleaning`."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from contacts.custom import definitions, kinds, values
from contacts.custom.kinds import Definition, Kind
from contacts.models.custom_field import ON_CONTACTS
from triggers.wording.people import staff_names

PREFIX: Final = "custom_"
WIDE: Final = (Kind.LONG_TEXT, Kind.MULTI_CHOICE)


class MoneyWidget(forms.MultiWidget):
    """The amount, and beside it the currency."""

    template_name = "contacts/money.html"

    def __init__(self, currency: str) -> None:
        self.currency = currency
        amount = forms.NumberInput(attrs={"step": "any", "aria-label": _("Amount")})
        code = forms.TextInput(attrs={"size": 4, "maxlength": 3, "aria-label": _("Currency"), "placeholder": "EUR"})
        super().__init__([amount, code])

    def decompress(self, value: Any) -> list[Any]:
        return [value["amount"], value["currency"]] if isinstance(value, dict) else [None, self.currency]


class MoneyField(forms.MultiValueField):
    """An amount with its currency, as `cleaning` takes it; None where there is no amount."""

    def __init__(self, currency: str, **kwargs: Any) -> None:
        parts = (forms.CharField(required=False), forms.CharField(required=False))
        super().__init__(fields=parts, widget=MoneyWidget(currency), require_all_fields=False, **kwargs)

    def compress(self, data_list: list[Any]) -> Any:
        if self.required and not (data_list and data_list[0]):
            raise ValidationError(self.error_messages["required"], code="required")
        return {"amount": data_list[0], "currency": data_list[1]} if data_list and data_list[0] else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """A currency that stands beside no amount is none."""
        before = self.widget.decompress(initial) if initial else ["", ""]
        after = list(data or ["", ""])
        return [str(part or "") for part in before] != [str(part or "") for part in after if after[0]]


def form_fields(held: Mapping[str, Any], on: str = ON_CONTACTS) -> dict[str, forms.Field]:
    """The inputs by name for a record with these stored values; required ones ask for a value."""
    return {PREFIX + field.key: _input(field, held.get(field.key)) for field in definitions.in_use(on)}


def rows(on: str = ON_CONTACTS) -> list[Any]:
    """The names for the page, two beside each other where they are short."""
    lines: list[Any] = []
    for field in definitions.in_use(on):
        name, last = PREFIX + field.key, lines[-1] if lines else None
        if field.kind in WIDE:
            lines.append(name)
        elif isinstance(last, tuple) and len(last) == 1:
            lines[-1] = (*last, name)
        else:
            lines.append((name,))
    return lines


def shown(held: Mapping[str, Any], on: str = ON_CONTACTS) -> list[tuple[str, str]]:
    """Labels and values in words of what a record has."""
    known = definitions.definitions(on)
    names = staff_names(values.users_in(held, known))
    return [
        (field.label, _said(field, held[field.key], names))
        for field in known.values()
        if not field.archived and field.key in held
    ]


def _said(field: Definition, held: Any, names: dict[int, str]) -> str:
    beside = kinds.companion(field, held, names) if field.kind != Kind.MONEY else None
    return beside or words(held)


def left_over(held: Mapping[str, Any], on: str = ON_CONTACTS) -> list[tuple[str, str]]:
    """What a record has stored under keys that have no input any more: archived, or defined by nobody."""
    known = definitions.definitions(on)
    return [
        (known[key].label if key in known else key, words(value))
        for key, value in held.items()
        if key not in known or known[key].archived
    ]


def words(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(words(part) for part in value.values())
    if isinstance(value, list):
        return ", ".join(words(part) for part in value)
    return {True: str(_("yes")), False: str(_("no"))}[value] if isinstance(value, bool) else str(value)


def _input(field: Definition, held: Any) -> forms.Field:
    said: dict[str, Any] = {"label": field.label, "help_text": escape(field.help_text), "required": field.required}
    if held is not None and kinds.typed(field, held) is None:
        # From before the field had this kind: it can be read and mended, and stays if nobody does.
        said["help_text"] = _("This value does not fit the kind of the field.")
        return forms.CharField(**said, initial=words(held))
    return _of_kind(field, held, said)


def _of_kind(field: Definition, held: Any, said: dict[str, Any]) -> forms.Field:
    value = kinds.typed(field, held)
    match Kind(field.kind):
        case Kind.LONG_TEXT:
            return forms.CharField(**said, initial=value, widget=forms.Textarea(attrs={"rows": 3}))
        case Kind.NUMBER:
            return forms.DecimalField(**said, initial=value, widget=forms.NumberInput(attrs={"step": "any"}))
        case Kind.MONEY:
            return MoneyField(field.currency, **said, initial=held if isinstance(held, dict) else None)
        case Kind.DATE:
            widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            return forms.DateField(**said, initial=value, widget=widget)
        case Kind.DATETIME:
            # Shown to the minute, unless that would cut what is stored.
            form = "%Y-%m-%dT%H:%M:%S" if value and value.second else "%Y-%m-%dT%H:%M"
            attrs = {"type": "datetime-local", "step": "any"}
            return forms.DateTimeField(**said, initial=value, widget=forms.DateTimeInput(format=form, attrs=attrs))
        case Kind.YESNO:
            options = [("", "–"), ("true", _("Yes")), ("false", _("No"))]
            return forms.ChoiceField(**said, choices=options, initial={True: "true", False: "false"}.get(value))
        case Kind.USER:
            users = get_user_model()._default_manager.filter(Q(is_staff=True, is_active=True) | Q(pk=value))
            return forms.ModelChoiceField(**said, queryset=users, initial=value, empty_label="–")
        case Kind.CHOICE | Kind.MULTI_CHOICE:
            return _choices(field, value, said)
    modes = {Kind.PHONE: "tel", Kind.EMAIL: "email", Kind.URL: "url"}
    attrs = {"inputmode": modes[Kind(field.kind)]} if field.kind in modes else {}
    return forms.CharField(**said, initial=value, widget=forms.TextInput(attrs=attrs))


def _choices(field: Definition, value: Any, said: dict[str, Any]) -> forms.Field:
    """The choices, with what the contact has though it is offered no more."""
    chosen = {value} if isinstance(value, str) else value or set()
    known = {key for key, _label in field.choices}
    options = [*field.choices, *((key, key) for key in sorted(chosen - known))]
    if field.kind == Kind.CHOICE:
        return forms.ChoiceField(**said, choices=[("", "–"), *options], initial=value)
    ticks = forms.CheckboxSelectMultiple()
    return forms.MultipleChoiceField(**said, choices=options, widget=ticks, initial=sorted(chosen))
