"""Everything that is kept about one person, for them to read and to take along: as JSON, and as a page (GDPR 15, 20).

Which tables these are, each app declares (`triggers.privacy`).
"""

import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any, Final

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import capfirst

from contacts.models import Contact
from contacts.privacy.forgetting import person_of
from triggers import privacy
from triggers.models import Organisation
from triggers.privacy import Holding, Person
from triggers.wording import telling

CHUNK: Final = 500
Row = dict[str, Any]


def document(contact: Contact, now: datetime | None = None) -> dict[str, Any]:
    """All of it at once: when and by whom it was told, and each table's rows by column."""
    who = person_of(contact)
    return {**_head(contact, now), "sections": {holding.name: list(rows(holding, who)) for holding in _told()}}


def write_archive(contact: Contact, to: IO[bytes], now: datetime | None = None) -> None:
    """A zip of `data.json` and `index.html` with the same content, written row by row."""
    who = person_of(contact)
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("data.json", "w", force_zip64=True) as file:
            for text in _json(_head(contact, now), who):
                file.write(text.encode())
        with archive.open("index.html", "w", force_zip64=True) as file:
            for text in _html(_head(contact, now), contact, who):
                file.write(text.encode())


def rows(holding: Holding, who: Person) -> Iterator[Row]:
    """The person's rows of one table, oldest first; what a row refers to is told by its name."""
    model = apps.get_model(holding.model)
    columns = {column.name: column for column in model._meta.concrete_fields}
    named = [name for name in holding.told if columns[name].is_relation]
    found = holding.rows(who).order_by("pk").select_related(*named) if named else holding.rows(who).order_by("pk")
    for row in found.iterator(CHUNK):
        if holding.picks is None or holding.picks(row, who):
            yield {name: _value(row, name) for name in holding.told}


def _told() -> list[Holding]:
    """The tables to tell of, the contact itself first."""
    told = [holding for holding in privacy.holdings.values() if holding.told]
    return sorted(told, key=lambda holding: holding.turn != privacy.THE_CONTACT)


def _head(contact: Contact, now: datetime | None) -> dict[str, Any]:
    return {
        "contact": contact.pk, "generated_at": (now or timezone.now()).isoformat(), "by": Organisation.get().name,
    }  # fmt: skip


def _value(row: models.Model, name: str) -> Any:
    value = getattr(row, name)
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode(errors="replace")
    return value


def _json(head: dict[str, Any], who: Person) -> Iterator[str]:
    """The document in pieces, so that a long history does not stand in memory."""
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "sections": {'
    for number, holding in enumerate(_told()):
        yield f"{',' if number else ''}\n{json.dumps(holding.name)}: ["
        for place, row in enumerate(rows(holding, who)):
            yield f"{',' if place else ''}\n  {json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)}"
        yield "]"
    yield "}}\n"


def _html(head: dict[str, Any], contact: Contact, who: Person) -> Iterator[str]:
    told = _told()
    words = {**head, "name": str(contact), "at": datetime.fromisoformat(head["generated_at"])}
    begin, end = render_to_string("contacts/personal_data.html", words).split("<!-- sections -->")
    yield begin
    for holding in told:
        yield render_to_string("contacts/personal_data_section.html", _section(holding, who))
    yield end


def _section(holding: Holding, who: Person) -> dict[str, Any]:
    columns = {column.name: column for column in apps.get_model(holding.model)._meta.concrete_fields}
    labels = [capfirst(str(getattr(columns[name], "verbose_name", name))) for name in holding.told]
    said = ([_said(value) for value in row.values()] for row in rows(holding, who))
    if holding.turn != privacy.THE_CONTACT:
        return {"heading": capfirst(holding.heading), "labels": labels, "rows": said}
    # One thing reads better as pairs than as a table of one row. Read to the end: that closes the cursor.
    pairs = [(label, value) for row in list(said) for label, value in zip(labels, row, strict=True) if value]
    return {"heading": capfirst(holding.heading), "pairs": pairs}


def _said(value: Any) -> str:
    """A value as a person reads it; nothing is nothing."""
    if isinstance(value, datetime):
        value = value.isoformat()
    return "" if value in (None, "", [], {}) else telling.value_in_words(value)
