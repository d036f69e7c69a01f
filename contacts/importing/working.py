"""The work on imports, portion by portion: read the file, check its rows, write them, take them back.

Each portion is one transaction that moves the import's position with its rows. Whoever works on an import
holds it by `due_at`, moved ahead as a lease; should two work at once all the same, each portion's own
moments let only one of them in.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from itertools import islice
from time import monotonic
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.importing import undoing, writing
from contacts.importing.checking import Checker, told
from contacts.importing.options import Options
from contacts.importing.packing import pack, unpack
from contacts.importing.reading import files
from contacts.importing.reading.rows import Broken, Row, Unreadable
from contacts.models import Import, ImportPortion
from contacts.privacy.consent import Asked
from triggers.context import Acting, act_as
from triggers.models.event import Lane

log = logging.getLogger(__name__)

PORTION: Final = 1000
# Longer than any portion takes; renewed with each.
LEASE: Final = timedelta(seconds=60)
# After that another import gets its turn.
TURN: Final = 20.0
ATTEMPTS: Final = 5
Status = Import.Status


def due_lanes(now: datetime) -> set[Lane]:
    """The lane of imports, where there is anything to do."""
    return {Lane.BULK} if Import.objects.filter(due_at__lte=now).exists() else set()


def work(_lane: Lane, now: datetime) -> int:
    """Works on every import that is due; how many portions were done."""
    return go_on(now)


def go_on(now: datetime | None = None, seconds: float = TURN) -> int:
    """Works on every import that is due, each for at most so many seconds; how many portions were done.

    `now` stands still for tests; the work's own moments are real ones.
    """
    done = 0
    for pk in Import.objects.filter(due_at__lte=now or timezone.now()).order_by("due_at").values_list("pk", flat=True):
        done += _turn(pk, now, seconds)
    return done


def _turn(pk: int, now: datetime | None, seconds: float) -> int:
    at = now or timezone.now()
    if not Import.objects.filter(pk=pk, due_at__lte=at).update(due_at=at + LEASE):
        return 0
    until, done = monotonic() + seconds, 0
    try:
        while _step(pk, now or timezone.now()):
            done += 1
            if monotonic() > until:
                Import.objects.filter(pk=pk, due_at__isnull=False).update(due_at=at)
                break
    except Exception:
        log.exception("import %s broke; it is tried again", pk)
        _failed(pk)
    return done


def _failed(pk: int) -> None:
    """The lease runs out and the portion is tried again; not without end."""
    Import.objects.filter(pk=pk).update(attempts=F("attempts") + 1)
    given_up = Import.objects.filter(pk=pk, attempts__gte=ATTEMPTS)
    words = _("Something broke on our side. It is in the log.")
    given_up.update(status=Status.FAILED, broke_while=F("status"), due_at=None, failure=words)


def _step(pk: int, now: datetime) -> bool:
    """Does the next portion; False where nothing more is to be done now."""
    job = Import.objects.get(pk=pk)
    if job.due_at is None:
        return False
    if job.read_at is None:
        return _read(job, now)
    phase = _PHASES.get(job.status)
    if phase is None:
        # Read while nobody has chosen its columns yet.
        Import.objects.filter(pk=pk, status=job.status).update(due_at=None)
        return False
    return phase(job, now)


def _read(job: Import, now: datetime) -> bool:
    """Reads the file into portions, after those that are there already."""
    try:
        with job.file.open("rb") as file:
            table = files.read(file, job.format, job.encoding, job.delimiter)
            rows = islice(table.rows, job.rows, None)
            while portion := _next_rows(job, rows):
                if not _keep(job, portion, now):
                    return False
    except (Unreadable, FileNotFoundError) as error:
        told_why = str(error) if isinstance(error, Unreadable) else _("The file is gone. Upload it again.")
        Import.objects.filter(pk=job.pk).update(status=Status.FAILED, failure=told_why, due_at=None)
        return False
    job.read_at = timezone.now()
    job.save(update_fields=["read_at", "broken_line", "broken_why"])
    return True


def _next_rows(job: Import, rows: Iterator[Row]) -> list[Row]:
    found: list[Row] = []
    if job.broken_line is None:
        try:
            for row in islice(rows, PORTION):
                found.append(row)
        except Broken as error:
            job.broken_line, job.broken_why = error.line, error.why
    return found


@transaction.atomic
def _keep(job: Import, rows: list[Row], now: datetime) -> bool:
    """Keeps a portion as read; False where the file is being read by somebody else, or in another encoding."""
    current = Import.objects.select_for_update().get(pk=job.pk)
    if (current.rows, current.encoding) != (job.rows, job.encoding):
        return False
    number = job.portions.count()
    ImportPortion.objects.create(data_import=job, number=number, count=len(rows), cells=pack(rows))
    job.rows += len(rows)
    job.due_at = now + LEASE
    job.save(update_fields=["rows", "due_at"])
    return True


def _check(job: Import, now: datetime) -> bool:
    """Checks the next portion; after the last one the import is ready, or runs at once if so asked."""
    portion = job.portions.filter(checked_at=None).order_by("number").first()
    if portion is None:
        _finish(job, Status.CHECKED)
        return False if not Options(**job.options).start else _start_unasked(job, now)
    options = Options(**job.options)
    checker = Checker(job.header, job.mapping, options)
    records, problems = [], []
    for line, cells, problem in unpack(portion.cells):
        checked = checker.check(line, cells, problem)
        records.append([line, checked.record])
        problems += [told(finding) for finding in checked.findings]
    with transaction.atomic():
        current = _mine(job)
        # Whoever chose other columns meanwhile has it checked anew.
        if current is None or (current.mapping, current.options) != (job.mapping, job.options):
            return current is not None
        portion.records, portion.problems, portion.checked_at = pack(records), problems, timezone.now()
        portion.refused = [line for line, record in records if record is None]
        portion.save(update_fields=["records", "problems", "refused", "checked_at"])
        current.problems += len(problems)
        _moved(current, portion, now + LEASE)
    return True


def _start_unasked(job: Import, now: datetime) -> bool:
    """A file that breaks off waits for a person all the same."""
    if job.broken_line and not Options(**job.options).although_broken:
        return False
    begun = Import.objects.filter(pk=job.pk, status=Status.CHECKED)
    return bool(begun.update(status=Status.RUNNING, position=0, started_at=now, due_at=now + LEASE))


def _write(job: Import, now: datetime) -> bool:
    """Writes the next portion; its contacts, its own moment and the import's position in one transaction."""
    options = Options(**job.options)
    with transaction.atomic():
        current = _mine(job)
        if current is None:
            return False
        portion = current.portions.select_for_update().filter(ran_at=None).order_by("number").first()
        if portion is None:
            _finish(current, Status.DONE)
            return False
        records = [record for _line, record in unpack(portion.records) if record is not None]
        with acting_for(current, options):
            policy = writing.Policy(
                tuple(options.match), options.update, tuple(options.tags), Asked(reason=current.name)
            )
            outcomes = writing.write(records, policy)
        _tell(portion, outcomes)
        current.created += len(portion.created)
        current.updated += len(portion.updated)
        current.refused += len(portion.refused)
        current.unchanged += len(records) - len(portion.created) - len(portion.updated)
        paced = options.automations and options.per_minute > 0
        pause = timedelta(minutes=portion.count / options.per_minute) if paced else LEASE
        _moved(current, portion, now + pause)
    return not paced


def acting_for(job: Import, options: Options) -> AbstractContextManager[Acting]:
    """Who its events are by: an import, on the bulk lane; muted unless automations shall run."""
    who: dict[str, Any] = {"actor": "import", "actor_id": str(job.pk), "origin": job.origin}
    return act_as(**who, bulk=True, muted=not options.automations)


def _tell(portion: ImportPortion, outcomes: list[writing.Outcome]) -> None:
    made = {outcome.contact.pk for outcome in outcomes if outcome.kind == "created"}
    portion.created = sorted(made)
    portion.updated = sorted({o.contact.pk for o in outcomes if o.kind == "updated"} - made)
    portion.ran_at = timezone.now()
    portion.save(update_fields=["created", "updated", "ran_at"])


def _take_back(job: Import, now: datetime) -> bool:
    """Removes the contacts of the last portion that still has its own."""
    with transaction.atomic():
        current = _mine(job)
        if current is None:
            return False
        left = current.portions.exclude(ran_at=None).filter(undone_at=None)
        portion = left.select_for_update().order_by("-number").first()
        if portion is None:
            _finish(current, Status.UNDONE)
            return False
        removed = undoing.remove(current, portion)
        portion.undone_at = timezone.now()
        portion.save(update_fields=["undone_at"])
        current.removed += removed
        current.kept += len(portion.created) - removed
        _moved(current, portion, now + LEASE)
    return True


def _mine(job: Import) -> Import | None:
    """The import, locked; None where its phase was ended meanwhile."""
    current = Import.objects.select_for_update().get(pk=job.pk)
    return current if current.status == job.status else None


def _moved(job: Import, portion: ImportPortion, due_at: datetime) -> None:
    job.position += portion.count
    job.due_at, job.attempts = due_at, 0
    job.save()


def _finish(job: Import, status: str) -> None:
    """Ends the phase, unless somebody ended it otherwise."""
    values: dict[str, Any] = {"status": status, "due_at": None, "attempts": 0}
    if status != Status.CHECKED:
        values["finished_at"] = timezone.now()
    Import.objects.filter(pk=job.pk, status=job.status).update(**values)


_PHASES: Final[dict[str, Callable[[Import, datetime], bool]]] = {
    Status.CHECKING: _check,
    Status.RUNNING: _write,
    Status.UNDOING: _take_back,
}
