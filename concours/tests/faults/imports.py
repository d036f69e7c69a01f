"""An import into a fleet's installation, with rules that hear of it, and somebody's own acts beside it."""

import time
from pathlib import Path
from typing import Any

from django.core.files import File

from concours.tests.faults import workload
from contacts.importing import steps
from contacts.models import Contact, Import, Tag, Tagging
from triggers.models import Event, Run
from triggers.tests import make

RULES = 5
CREATED = {"uid": "t1", "event": "contact.created", "config": {}, "conditions": None}


def prepare() -> None:
    """Five rules on new contacts, and one on a tag, as staff put it on by hand."""
    Contact.objects.create(first_name="Somebody")
    for number in range(RULES):
        make.workflow(
            make.action("a", "data.set", values={"n": str(number)}), name=f"Rule {number}", triggers=[CREATED]
        )
    make.workflow(make.action("a", "contact.adjust_score", points=1), name="By hand")
    Tag.objects.create(name="by hand")
    workload.set_sweep(1)


def begin(folder: str, rows: int, *, loud: bool) -> int:
    """Hands in a file of so many people and starts it, as fast as it goes; the import's number."""
    path = Path(folder) / f"people-{rows}-{loud}.csv"
    lines = (f"Person {n},person{n}.{loud}@example.org,Street {n},Ulm,DE" for n in range(rows))
    path.write_text("\n".join(["First name,Email,Street,City,Country", *lines]))
    with path.open("rb") as file:
        job = steps.take(File(file), path.name)
    steps.choose(job, job.mapping, {"start": True, "automations": loud, "per_minute": 0})
    return int(job.pk)


def act_until_done(job: int, pause: float, most: float) -> dict[str, Any]:
    """Puts a tag on somebody again and again until the import is done; how it stands then."""
    who, tag, ends = Contact.objects.get(first_name="Somebody"), Tag.objects.get(), time.monotonic() + most
    while time.monotonic() < ends:
        Tagging.objects.filter(contact=who).delete()
        Tagging.objects.create(contact=who, tag=tag)
        row = Import.objects.get(pk=job)
        if row.status in (Import.Status.DONE, Import.Status.FAILED):
            break
        time.sleep(pause)
    row = Import.objects.get(pk=job)
    return {"status": row.status, "created": row.created, "refused": row.refused, "failure": row.failure}


def rule_runs() -> dict[str, int]:
    """How many runs of the five rules there are, and how many are done."""
    mine = Run.objects.filter(workflow__name__startswith="Rule")
    return {"all": mine.count(), "done": mine.filter(status=Run.Status.DONE).count()}


def open_work() -> int:
    return Event.objects.filter(matched_at=None).count() + Run.objects.filter(status__in=Run.QUEUED).count()


def latencies() -> list[float]:
    """Seconds from each act by hand to the end of its run."""
    mine = Run.objects.filter(workflow__name="By hand", status=Run.Status.DONE).select_related("event")
    return [(run.finished_at - run.event.occurred_at).total_seconds() for run in mine if run.finished_at]
