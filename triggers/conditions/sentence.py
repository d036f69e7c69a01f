"""A condition as a plain sentence: "country is Germany and score > 5"."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from triggers.conditions.fields import OPERATORS, Field, Kind, Lookup


def describe(tree: Any, lookup: Lookup) -> str:
    """One sentence for a checked tree; the absent tree is "always".

    A field that has gone since the tree was saved is called by its dotted name.
    """
    return _("always") if tree is None else _said(tree, lookup, nested=False)


def _said(tree: dict[str, Any], lookup: Lookup, nested: bool) -> str:
    if "field" in tree:
        return _leaf(tree, lookup(tree["field"]))
    if "not" in tree:
        return _("not (%s)") % _said(tree["not"], lookup, nested=False)
    kind = "all" if "all" in tree else "any"
    parts = [_said(child, lookup, nested=True) for child in tree[kind]]
    text = (_(" and ") if kind == "all" else _(" or ")).join(parts)
    return f"({text})" if nested and len(parts) > 1 else text


def _leaf(leaf: dict[str, Any], field: Field | None) -> str:
    label = field.label if field else leaf["field"]
    op, value = OPERATORS[leaf["op"]], leaf.get("value")
    if op.operand == "none":
        return f"{label} {op.label}"
    if op.key == "changed_from_to":
        old, new = (_one(part, op.key, field) for part in _pair(value))
        return _("%(field)s changed from %(old)s to %(new)s") % {"field": label, "old": old, "new": new}
    return f"{label} {op.label} {_value(value, op.key, field)}"


def _value(value: Any, op: str, field: Field | None) -> str:
    shape = OPERATORS[op].operand
    if shape == "duration":
        return _duration(value)
    if shape == "two":
        low, high = (_one(part, op, field) for part in _pair(value))
        return _("%(low)s and %(high)s") % {"low": low, "high": high}
    if shape == "many":
        *others, last = [_one(item, op, field) for item in value]
        joined = _(" and ") if op == "has_all" else _(" or ")
        return joined.join([", ".join(others), last]) if others else last
    return _one(value, op, field)


def _pair(value: Any) -> tuple[Any, Any]:
    return (value["from"], value["to"]) if isinstance(value, dict) else (value[0], value[1])


def _one(value: Any, op: str, field: Field | None) -> str:
    limited = {str(number): str(label) for number, label in OPERATORS[op].choices}
    if limited:
        return limited.get(str(value), str(value))
    if field and field.kind is Kind.YESNO:
        return _("yes") if str(value).lower() in ("true", "yes") else _("no")
    if field and field.called and isinstance(value, str):
        return field.called(value)
    labels = {key.casefold(): str(label) for key, label in field.choices} if field else {}
    return labels.get(str(value).casefold(), str(value))


def _duration(value: dict[str, int]) -> str:
    ((unit, count),) = value.items()
    counted = {
        "days": ngettext("%d day", "%d days", count),
        "hours": ngettext("%d hour", "%d hours", count),
        "minutes": ngettext("%d minute", "%d minutes", count),
    }
    return counted[unit] % count
