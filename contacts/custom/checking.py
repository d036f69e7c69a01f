"""Whether a custom field may be saved as it stands: its key, its choices, and who would be hurt by the change."""

import re
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from contacts.custom import carriers, definitions, money, usage
from contacts.custom.kinds import Kind
from contacts.models import CustomField
from contacts.models.custom_field import KEY
from contacts.texts import line
from triggers import text
from triggers.wording.words import quoted

MOST_CHOICES: Final = 200
LONGEST_CHOICE: Final = 100
CHOICES: Final = (Kind.CHOICE, Kind.MULTI_CHOICE)
MOST_FIELDS: Final = 200

Problems = dict[str, list[str]]


def problems(row: CustomField) -> Problems:
    """What is wrong, by column. Choices and currency that the kind has no use for are dropped from the row."""
    before = CustomField.objects.filter(pk=row.pk).first() if row.pk else None
    found = {
        "on": _on(row, before),
        "key": _key(row, before),
        "choices": _choices(row),
        "currency": _currency(row),
    }
    if before is not None and not any(found.values()):
        found |= _hurt(row, before)
    return {name: [message] for name, message in found.items() if message}


def check(row: CustomField) -> None:
    """Raises ValidationError with what is wrong."""
    found = problems(row)
    if found:
        raise ValidationError(found)


def why_not_deleted(row: CustomField) -> str:
    """Why the field cannot be deleted, and what to do instead; empty where it can."""
    names = usage.workflows(definitions.of(row))
    if names:
        return _("%(names)s use this field. Take it out there first, or archive the field.") % {"names": _listed(names)}
    if usage.carried(row.key, row.on):
        told = _(
            "%(records)s have values in this field. Archive it instead: it is asked for no more, and they keep them."
        )
        return told % {"records": capfirst(carriers.label(row.on))}
    return ""


def _on(row: CustomField, before: CustomField | None) -> str:
    if before is not None and before.on != row.on:
        return _("A custom field stays with the records it was made for.")
    if row.on not in carriers.carriers:
        words = {"on": row.on[:60], "names": ", ".join(carriers.carriers)}
        return _("“%(on)s” carry no custom fields. Choose from: %(names)s.") % words
    return ""


def _key(row: CustomField, before: CustomField | None) -> str:
    if before is not None:
        return _("The key of a custom field never changes.") if before.key != row.key else ""
    if CustomField.objects.filter(on=row.on, key=row.key).exists():
        return _("There is a custom field with this key already.")
    if CustomField.objects.filter(on=row.on).count() >= MOST_FIELDS:
        return _("There are %(n)d custom fields already; that is the most.") % {"n": MOST_FIELDS}
    if not re.fullmatch(KEY, row.key):
        return ""  # the column's own validator says what a key looks like
    try:
        text.merge_fields(f"{{{{ contact.custom_fields.{row.key} }}}}")
    except text.TextError:
        return _("“%(key)s” is a word of message texts. Choose another key.") % {"key": row.key}
    return _clash(row)


def _clash(row: CustomField) -> str:
    """Where this field, or what it offers besides, would be called as another one."""
    own = definitions.of(row)
    for other in definitions.definitions(row.on).values():
        if own.key == other.companion or own.companion in (other.key, *filter(None, [other.companion])):
            return _("“%(key)s” would be mixed up with the field “%(other)s”. Choose another key.") % {
                "key": row.key, "other": other.label,
            }  # fmt: skip
    return ""


def _choices(row: CustomField) -> str:
    if row.kind not in CHOICES:
        row.choices = []
        return ""
    try:
        row.choices = [_choice(each) for each in row.choices]
    except (TypeError, ValidationError):
        return _("Give each choice a value and a label, of at most %(n)d characters.") % {"n": LONGEST_CHOICE}
    values = [choice["value"].casefold() for choice in row.choices]
    if not 1 <= len(values) <= MOST_CHOICES:
        return _("Give 1 to %(n)d choices.") % {"n": MOST_CHOICES}
    twice = next((value for value in values if values.count(value) > 1), "")
    return _("The choice “%(value)s” is there twice.") % {"value": twice} if twice else ""


def _choice(given: Any) -> dict[str, str]:
    pair = {"value": given, "label": given} if isinstance(given, str) else given
    if not isinstance(pair, dict) or not pair.keys() <= {"value", "label"}:
        raise ValidationError("")
    value = line(pair.get("value"))
    label = line(pair.get("label")) or value
    if not value or max(len(value), len(label)) > LONGEST_CHOICE:
        raise ValidationError("")
    return {"value": value, "label": label}


def _currency(row: CustomField) -> str:
    row.currency = row.currency.upper() if row.kind == Kind.MONEY else ""
    try:
        if row.currency:
            money.validate_currency(row.currency)
    except ValidationError as error:
        return error.messages[0]
    return ""


def _hurt(row: CustomField, before: CustomField) -> dict[str, str]:
    """A live workflow whose conditions would no longer be right must be changed before its field is."""
    left = {choice["value"].casefold() for choice in row.choices}
    gone = [key for key, _label in definitions.of(before).choices if key.casefold() not in left]
    name = "kind" if row.kind != before.kind else "choices" if gone else ""
    names = usage.workflows(definitions.of(before)) if name else []
    if not names:
        return {}
    if name == "kind":
        return {
            "kind": _("%(names)s use this field. Take it out there before its kind changes.")
            % {"names": _listed(names)}
        }
    return {"choices": _("%(names)s use this field. Take it out there before “%(value)s” goes.") % {
        "names": _listed(names), "value": gone[0],
    }}  # fmt: skip


def _listed(names: list[str]) -> str:
    return ", ".join(quoted(name) for name in names[:5]) + (", …" if len(names) > 5 else "")
