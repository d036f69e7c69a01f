"""What a person or a program does with an import: hand in a file, choose its columns, start, cancel, undo.

These only say what is wanted; the work is done in portions by `working`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, Final

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import ValidationError

from contacts import countries
from contacts.importing import columns, recognising
from contacts.importing.options import Options
from contacts.importing.reading import files
from contacts.importing.reading.rows import Broken, Row, Unreadable
from contacts.models import Import, ImportMapping
from triggers import sweeping
from triggers.problems import Invalid, Problem, from_pydantic

SAMPLE: Final = 20
Status = Import.Status


def take(file: "File[Any]", name: str, by: Any = None, now: datetime | None = None) -> Import:
    """Keeps a file of contacts, with a mapping proposed for its columns. Raises `Unreadable`."""
    files.check_size(file.size)
    made = Import(name=name[-200:], format=files.format_of(file), created_by=by)
    _look(made, file)
    known = ImportMapping.remembered(made.signature)
    made.options = Options(**(known.options if known else {})).model_dump()
    if known:
        there = columns.importable()
        made.mapping = {number: name for number, name in known.mapping.items() if name in there}
    made.due_at = now or timezone.now()
    file.seek(0)
    made.file.save(f"{made.signature[:12]}.{made.format}", file, save=False)
    made.save()
    sweeping.wake("import")
    return made


@transaction.atomic
def read_anew(job: Import, encoding: str, now: datetime | None = None) -> Import:
    """Reads the file once more, in another encoding. Raises `Unreadable`."""
    job = _locked(job)
    job.encoding = encoding
    with job.file.open("rb") as file:
        _look(job, file)
    job.portions.all().delete()
    job.status, job.read_at, job.rows, job.position = Status.NEW, None, 0, 0
    job.broken_line, job.broken_why = None, ""
    return _due(job, now)


@transaction.atomic
def choose(job: Import, mapping: Mapping[str, str], options: Mapping[str, Any], now: datetime | None = None) -> Import:
    """Sets what columns mean and how values are read, and has every row checked. Raises `Invalid`.

    `options` are those of `Options` that shall differ from what the import has.
    """
    job = _locked(job, Status.NEW, Status.CHECKING, Status.CHECKED)
    mapping = {number: name for number, name in mapping.items() if name}
    job.mapping, job.options = checked_mapping(job.header, mapping), merged(job.options, options).model_dump()
    job.status, job.position, job.problems = Status.CHECKING, 0, 0
    job.portions.update(checked_at=None, records=None, problems=[])
    # Whoever is reading the file still goes on with it.
    _due(job, job.due_at or now)
    ImportMapping.remember(job.signature, job.mapping, {**job.options, "although_broken": False, "start": False})
    return job


@transaction.atomic
def start(job: Import, options: Mapping[str, Any], now: datetime | None = None) -> Import:
    """Has the checked rows written. Raises `Invalid`, also where the file breaks off and nobody said to go on."""
    job = _locked(job, Status.CHECKED)
    chosen = merged(job.options, options)
    if job.broken_line and not chosen.although_broken:
        message = _("The file breaks at line %(line)d: %(why)s") % {"line": job.broken_line, "why": job.broken_why}
        raise Invalid([Problem(("although_broken",), message)])
    job.options = chosen.model_dump()
    job.status, job.position, job.started_at = Status.RUNNING, 0, now or timezone.now()
    return _due(job, now)


@transaction.atomic
def cancel(job: Import, now: datetime | None = None) -> Import:
    """Does nothing more; what was imported stays, and can be undone."""
    job = _locked(job, Status.NEW, Status.CHECKING, Status.CHECKED, Status.RUNNING)
    job.status, job.due_at, job.finished_at = Status.CANCELLED, None, now or timezone.now()
    job.save()
    return job


def can_resume(job: Import) -> bool:
    """Whether it broke on our side, with what was read of its file still there."""
    return job.status == Status.FAILED and bool(job.broke_while) and bool(job.file)


@transaction.atomic
def resume(job: Import, now: datetime | None = None) -> Import:
    """Goes on with an import that broke, at the portion that broke it. Raises `Invalid`."""
    job = _locked(job, Status.FAILED)
    if not can_resume(job):
        raise Invalid([Problem((), _("This cannot be resumed. Upload the file again."))])
    job.status, job.broke_while, job.failure, job.attempts = job.broke_while, "", "", 0
    return _due(job, now)


def can_undo(job: Import) -> bool:
    """Whether it made contacts, and is at an end; one that broke while it was being undone is resumed instead."""
    ended = job.status in (Status.DONE, Status.CANCELLED) or job.broke_while == Status.RUNNING
    return ended and job.created > 0


@transaction.atomic
def undo(job: Import, now: datetime | None = None) -> Import:
    """Has the contacts removed again that the import made, but for those that something happened to since."""
    job = _locked(job, Status.DONE, Status.CANCELLED, Status.FAILED)
    if not can_undo(job):
        raise Invalid([Problem((), _("This import has made no contacts."))])
    job.status, job.position, job.broke_while, job.attempts = Status.UNDOING, 0, "", 0
    return _due(job, now)


def checked_mapping(header: list[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """The mapping itself. Raises `Invalid`, at the column."""
    problems, known = [], columns.importable()
    for number, name in mapping.items():
        if not (number.isascii() and number.isdigit() and int(number) < len(header)):
            problems.append(Problem(("mapping", number), _("The file has no such column.")))
            continue
        if name not in known:
            problems.append(Problem(("mapping", number), _("A contact has no field “%(name)s”.") % {"name": name}))
    if not mapping:
        problems.append(Problem(("mapping",), _("Choose what at least one column means.")))
    if problems:
        raise Invalid(problems)
    return dict(mapping)


def merged(had: Mapping[str, Any], given: Mapping[str, Any]) -> Options:
    """The options with those given put over them. Raises `Invalid`."""
    try:
        options = Options.model_validate({**had, **given})
    except ValidationError as error:
        raise Invalid([problem.under("options") for problem in from_pydantic(error)]) from None
    options.country = options.country.upper()
    if options.country and options.country not in countries.codes().values():
        raise Invalid([Problem(("options", "country"), _("Enter the country's two letters, such as DE."))])
    return options


def _look(job: Import, file: Any) -> None:
    """Reads the header and the first rows into the import."""
    table = files.read(file, job.format, job.encoding, job.delimiter)
    job.header, job.made_by, job.encoding, job.delimiter = table.header, table.made_by, table.encoding, table.delimiter
    job.signature = recognising.signature(table.header)
    job.sample = [row.cells for row in _first(table.rows)]
    job.mapping = recognising.propose(job.header, job.sample)


def _first(rows: Iterable[Row]) -> list[Row]:
    found: list[Row] = []
    try:
        for row in islice(rows, SAMPLE):
            found.append(row)
    except Broken:
        pass
    return found


def _due(job: Import, now: datetime | None) -> Import:
    """Stores it as work to be done."""
    job.due_at = now or timezone.now()
    job.save()
    sweeping.wake("import")
    return job


def _locked(job: Import, *allowed: str) -> Import:
    found = Import.objects.select_for_update().get(pk=job.pk)
    if allowed and found.status not in allowed:
        state = {"state": found.get_status_display()}
        raise Invalid([Problem((), _("This cannot be done now; the import is: %(state)s.") % state)])
    return found


__all__ = ["Unreadable", "can_resume", "can_undo", "cancel", "choose", "read_anew", "resume", "start", "take", "undo"]
