"""Keeps `DatedValue` in step with birth dates and with custom fields that are dates, in the change's transaction.

Heard through the same signals as events: a save, and `rows_changed` for whatever changes many rows at once.
A moment is filed under its day in UTC.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_save

from contacts.custom import kinds
from contacts.custom.definitions import Definitions, definitions, outdate
from contacts.custom.definitions import of as definition_of
from contacts.models import Contact, CustomField, DatedValue
from contacts.models.custom_field import ON_CONTACTS
from triggers.event_types import Row
from triggers.signals import rows_changed, values_of

SOURCES: Final = ("birth_date", "yearless_birthday", "custom_fields")
# The year of birthdays that have none: a leap year that no other date of ours lies in.
YEARLESS: Final = 4
CHUNK: Final = 2000


def connect() -> None:
    """Called once, when all apps are ready."""
    post_save.connect(_after_save, sender=Contact, dispatch_uid="dated_values:save")
    rows_changed.connect(_after_bulk, sender=Contact, dispatch_uid="dated_values:bulk")
    pre_save.connect(_before_field, sender=CustomField, dispatch_uid="custom_field:before")
    post_save.connect(_after_field, sender=CustomField, dispatch_uid="custom_field:after")
    post_delete.connect(_after_field_gone, sender=CustomField, dispatch_uid="custom_field:gone")


def _after_save(instance: Contact, created: bool, update_fields: Collection[str] | None, **_: Any) -> None:
    if created:
        columns = {column.name: column for column in Contact._meta.concrete_fields if column.name in SOURCES}
        _file([Row(instance.pk, values_of(instance, columns))])
    elif update_fields is None or set(update_fields) & set(SOURCES):
        # The instance may be older than the row in what it did not write.
        sync([instance.pk])


def _after_bulk(created: bool, rows: list[Row], **_: Any) -> None:
    if created:
        _file(rows)
    else:
        keys = [row.pk for row in rows if row.changes(SOURCES)]
        for start in range(0, len(keys), CHUNK):
            sync(keys[start : start + CHUNK])


def _file(rows: list[Row]) -> None:
    """The dates of new contacts, whose rows hold all of `SOURCES`."""
    known = definitions() if any(row.after["custom_fields"] for row in rows) else {}
    found = [
        _value(row.pk, field, on)
        for row in rows
        for field, on in _days([row.after.get(name) for name in SOURCES], known)
    ]
    if found:
        DatedValue.objects.bulk_create(found, batch_size=CHUNK)


def sync(contact_ids: Collection[int]) -> None:
    """Rewrites the dates of these contacts as their rows say; what is so already is left alone."""
    known = definitions()
    columns = Contact.objects.filter(pk__in=contact_ids).values_list("pk", *SOURCES)
    wanted = {(pk, field): on for pk, *values in columns for field, on in _days(values, known)}
    there = DatedValue.objects.filter(contact__in=contact_ids).values_list("pk", "contact_id", "field_id", "on")
    stale = []
    for key, contact_id, field_id, on in there:
        if wanted.get((contact_id, field_id)) == on:
            del wanted[contact_id, field_id]
        else:
            stale.append(key)
    if stale:
        DatedValue.objects.filter(pk__in=stale).delete()
    if wanted:
        DatedValue.objects.bulk_create((_value(*key, on) for key, on in wanted.items()), batch_size=CHUNK)


def rebuild(row: CustomField) -> int:
    """Files every contact's value of the field anew; how many there are."""
    DatedValue.objects.filter(field=row).delete()
    if row.kind not in kinds.DATED or row.on != ON_CONTACTS:
        return 0
    field, filed = definition_of(row), 0
    # Locked, so that nobody writes a date meanwhile who does not yet know that it is one.
    carriers = Contact.objects.filter(custom_fields__has_key=row.key).select_for_update().order_by("pk")
    held: Iterable[tuple[int, Any]] = carriers.values_list("pk", "custom_fields").iterator(CHUNK)
    batch: list[DatedValue] = []
    for pk, custom in held:
        on = _day(kinds.typed(field, custom[row.key]))
        if on is not None:
            batch.append(_value(pk, row.pk, on))
        if len(batch) >= CHUNK:
            filed += len(DatedValue.objects.bulk_create(batch))
            batch = []
    return filed + len(DatedValue.objects.bulk_create(batch))


def _days(values: Sequence[Any], known: Definitions) -> Iterator[tuple[int | None, date]]:
    """Each date with its field's number, from the values of `SOURCES`."""
    birth, yearless, custom = values
    if birth is not None:
        yield None, birth
    elif yearless:
        yield None, date.fromisoformat(f"{YEARLESS:04}-{yearless}")
    for key, value in custom.items() if isinstance(custom, dict) else ():
        field = known.get(key)
        if field is not None and field.kind in kinds.DATED:
            on = _day(kinds.typed(field, value))
            if on is not None:
                yield field.pk, on


def _day(value: Any) -> date | None:
    return value.date() if isinstance(value, datetime) else value


def _value(contact_id: int, field_id: int | None, on: date) -> DatedValue:
    return DatedValue(contact_id=contact_id, field_id=field_id, on=on, month=on.month, day=on.day)


def _before_field(instance: CustomField, **_: Any) -> None:
    before = CustomField.objects.filter(pk=instance.pk).values_list("kind", flat=True) if instance.pk else ()
    instance.__dict__["_kind_before"] = next(iter(before), "")


def _after_field(instance: CustomField, **_: Any) -> None:
    before = instance.__dict__.pop("_kind_before", "")
    with transaction.atomic(savepoint=False):
        outdate()
        dated = {before, instance.kind} & set(kinds.DATED)
        if before != instance.kind and dated:
            rebuild(instance)


def _after_field_gone(**_: Any) -> None:
    outdate()
