"""The custom fields there are, remembered by each process until one of them changes anywhere."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from contacts.custom.kinds import Definition
from contacts.custom.money import is_money
from contacts.models import CustomField, FieldStamp
from contacts.models.custom_field import ON_CONTACTS

Definitions = Mapping[str, Definition]

_held: tuple[UUID | None, dict[str, dict[str, Definition]]] = (None, {})


def definitions(on: str = ON_CONTACTS) -> Definitions:
    """Every custom field of these records by key, in their order, archived ones too: as of now, for one short query.

    Ask once for a batch. The stamp is read before the fields, and is never the same twice, not even after a
    rollback: what is held can be newer than its stamp, never older.
    """
    global _held
    stamp = FieldStamp.objects.values_list("value", flat=True).first()
    if stamp != _held[0]:
        found: dict[str, dict[str, Definition]] = defaultdict(dict)
        for row in CustomField.objects.order_by("position", "id"):
            found[row.on][row.key] = of(row)
        _held = (stamp, dict(found))
    return _held[1].get(on, {})


def in_use(on: str = ON_CONTACTS) -> list[Definition]:
    """Those that are not archived, in their order."""
    return [field for field in definitions(on).values() if not field.archived]


def of(row: CustomField) -> Definition:
    """The row as values are judged by it; choices that are written oddly do not count."""
    given = row.choices if isinstance(row.choices, list) else []
    pairs = [(each.get("value"), each.get("label")) for each in given if isinstance(each, dict)]
    return Definition(
        key=row.key, label=row.label, kind=row.kind, currency=row.currency, required=row.required,
        choices=tuple((str(value), str(label or value)) for value, label in pairs if value),
        archived=row.archived, help_text=row.help_text, pk=row.pk, on=row.on,
    )  # fmt: skip


def outdate() -> None:
    """Tells every process, once the transaction commits, that the custom fields changed; triggers compile anew."""
    from triggers.models import Trigger
    from triggers.workflows import trigger_rows

    with transaction.atomic(savepoint=False):
        FieldStamp.objects.update_or_create(pk=1, defaults={"value": uuid4()})
        trigger_rows.touch(set(Trigger.objects.values_list("event_type", flat=True).distinct()))


def changed(old: Any, new: Any) -> dict[str, dict[str, Any]]:
    """`custom_fields.<key>`, old and new, of each single field that differs between two stored dicts.

    An amount is told without its currency; that has an entry of its own where it changed.
    """
    before, after = _flat(old), _flat(new)
    return {
        f"custom_fields.{key}": {"old": before.get(key), "new": after.get(key)}
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key) or isinstance(before.get(key), bool) != isinstance(after.get(key), bool)
    }


def _flat(values: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in (values or {}).items():
        if is_money(value):
            found |= {key: value["amount"], f"{key}_currency": value["currency"]}
        else:
            found[key] = value
    return found
