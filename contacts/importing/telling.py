"""What an import has found and done, told to people: how far it is, rows as they would be, and files of what is wrong."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.importing import columns, writing
from contacts.importing.cells import NOTE, TAGS, Record
from contacts.importing.options import Options
from contacts.importing.packing import unpack
from contacts.importing.spellings import as_items, escaped
from contacts.models import Contact, Import
from triggers.wording.numbers import grouped

FIRST: Final = 10
SHOWN_FINDINGS: Final = 100
Status = Import.Status


class Preview(NamedTuple):
    """A row as it would be imported; `contact` is the one it would be written into, None for a new one."""

    line: int
    cells: list[str]
    contact: Contact | None


def progress(job: Import) -> dict[str, Any]:
    """How far it is: `done` of `total` rows (0: not known yet), in words, and whether it goes on by itself."""
    reading = job.read_at is None and job.due_at is not None
    words = {
        Status.CHECKING: _("%(done)s of %(total)s rows checked"),
        Status.RUNNING: _("%(done)s of %(total)s rows imported"),
        Status.UNDOING: _("%(done)s of %(total)s rows undone"),
    }.get(Status(job.status), "")
    if reading:
        told = ngettext("%(n)s row read so far", "%(n)s rows read so far", job.rows) % {"n": grouped(job.rows)}
    else:
        told = words % {"done": grouped(job.position), "total": grouped(job.rows)} if words else ""
    moving = job.status in (Status.CHECKING, Status.RUNNING, Status.UNDOING)
    return {
        "status": job.status, "state": job.get_status_display(), "moving": moving, "words": told,
        "done": 0 if reading else job.position, "total": 0 if reading else job.rows,
    }  # fmt: skip


def preview(job: Import) -> list[Preview]:
    """The first rows that would be imported, each value beside the column it comes into."""
    portion = job.portions.exclude(checked_at=None).order_by("number").first()
    rows = [(line, record) for line, record in unpack(portion.records if portion else None) if record][:FIRST]
    whose = writing.whose([record for _line, record in rows], Options(**job.options).match)
    names = shown_fields(job)
    return [
        Preview(line, [_cell(record, name) for name in names], contact)
        for (line, record), contact in zip(rows, whose, strict=True)
    ]


def shown_fields(job: Import) -> list[str]:
    """The chosen fields in the order of the file's columns, each once."""
    return list(dict.fromkeys(job.mapping[number] for number in sorted(job.mapping, key=int)))


def labels(names: Iterable[str]) -> list[str]:
    known = columns.importable()
    return [known[name].label if name in known else name for name in names]


def _cell(record: Record, name: str) -> str:
    if name.startswith(columns.CUSTOM):
        return columns.custom_text(record.get("custom_fields", {}).get(name.removeprefix(columns.CUSTOM)))
    if name == "full_name":
        return f"{record.get('first_name', '')} {record.get('last_name', '')}".strip()
    if name == "unsubscribed":
        return _("yes") if record.get("dnd", {}).get("email") else ""
    if name == "birth_date" and record.get("yearless_birthday"):
        return f"--{record['yearless_birthday']}"
    key = {"tags": TAGS, "note": NOTE, "owner": "owner_id"}.get(name, name)
    value = record.get(key, "")
    if isinstance(value, dict):
        return ", ".join(value)
    return as_items(value) if isinstance(value, list) else str(value)


def findings(job: Import, most: int | None = None) -> Iterator[dict[str, Any]]:
    """Everything found wrong, by line."""
    left = most
    for problems in job.portions.order_by("number").values_list("problems", flat=True).iterator():
        for found in problems:
            if left is not None:
                if left == 0:
                    return
                left -= 1
            yield found


def findings_csv(job: Import) -> Iterator[str]:
    rows = ([str(f["line"]), f["column"], f["value"], f["message"]] for f in findings(job))
    yield from _csv([_("Line"), _("Column"), _("Value"), _("Problem")], rows)


def refused_csv(job: Import) -> Iterator[str]:
    """The rows that were not imported as they came, with why: to be mended and imported again."""
    yield from _csv([*job.header, _("Line"), _("Problem")], _refused(job))


def _refused(job: Import) -> Iterator[list[str]]:
    for portion in job.portions.order_by("number").iterator(20):
        if not portion.refused:
            continue
        why: dict[int, list[str]] = {}
        for found in portion.problems:
            place = f"{found['column']}: " if found["column"] else ""
            why.setdefault(found["line"], []).append(place + found["message"])
        refused = set(portion.refused)
        for line, cells, _problem in unpack(portion.cells):
            if line in refused:
                yield [*cells, str(line), " ".join(why.get(line, []))]


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    out = StringIO()
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow([escaped(name) for name in header])
    for row in rows:
        writer.writerow([escaped(cell) for cell in row])
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()
