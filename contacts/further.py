"""Keeps `FurtherAddress` in step with the further e-mails and phones of contacts, in the change's transaction.

Heard through the same signals as events: a save, and `rows_changed` for whatever changes many rows at once.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Final

from django.db.models.signals import post_save

from contacts.models import Contact, FurtherAddress
from triggers.event_types import Row
from triggers.signals import rows_changed, values_of

SOURCES: Final = ("extra_emails", "extra_phones")
LONGEST: Final = 254
CHUNK: Final = 2000


def connect() -> None:
    """Called once, when all apps are ready."""
    post_save.connect(_after_save, sender=Contact, dispatch_uid="further_addresses:save")
    rows_changed.connect(_after_bulk, sender=Contact, dispatch_uid="further_addresses:bulk")


def compared(text: str) -> str:
    """An address in the form in which it is filed and looked for."""
    return text.strip().lower()


def sync(contact_ids: Collection[int]) -> None:
    """Files what the rows of these contacts say, and drops what they no longer do.

    Call it where the rows were just written: who holds their locks is the only one to file them.
    """
    columns = Contact.objects.filter(pk__in=contact_ids).values_list("pk", *SOURCES)
    wanted = {(pk, value) for pk, *lists in columns for value in _values(lists)}
    there = FurtherAddress.objects.filter(contact__in=contact_ids).values_list("pk", "contact_id", "value")
    filed = {(contact_id, value): pk for pk, contact_id, value in there}
    stale = [pk for key, pk in filed.items() if key not in wanted]
    if stale:
        FurtherAddress.objects.filter(pk__in=stale).delete()
    _file(wanted - filed.keys())


def _after_save(instance: Contact, created: bool, update_fields: Collection[str] | None, **_: Any) -> None:
    if created:
        columns = {column.name: column for column in Contact._meta.concrete_fields if column.name in SOURCES}
        _file_new([Row(instance.pk, values_of(instance, columns))])
    elif update_fields is None or set(update_fields) & set(SOURCES):
        # The instance may be older than the row in what it did not write.
        sync([instance.pk])


def _after_bulk(created: bool, rows: list[Row], **_: Any) -> None:
    if created:
        _file_new(rows)
    else:
        keys = [row.pk for row in rows if row.changes(SOURCES)]
        for start in range(0, len(keys), CHUNK):
            sync(keys[start : start + CHUNK])


def _file_new(rows: list[Row]) -> None:
    """The addresses of new contacts, whose rows hold all of `SOURCES`."""
    _file((row.pk, value) for row in rows for value in _values([row.after[name] for name in SOURCES]))


def _file(pairs: Iterable[tuple[int, str]]) -> None:
    made = [FurtherAddress(contact_id=pk, value=value) for pk, value in sorted(pairs)]
    if made:
        FurtherAddress.objects.bulk_create(made, batch_size=CHUNK)


def _values(lists: Sequence[Any]) -> Iterator[str]:
    """What a contact is filed under, each once; what is no text, or longer than an address can be, is left out."""
    texts = (text for each in lists if isinstance(each, list) for text in each if isinstance(text, str))
    yield from {value for value in map(compared, texts) if value and len(value) <= LONGEST}
