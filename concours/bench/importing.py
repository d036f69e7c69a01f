"""How fast a file of contacts comes in: case import."""

import csv
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any, Final

from django.core.files import File
from django.test import override_settings
from django.utils import timezone

from concours.bench import Result, Size, case, result, scratch, seconds
from contacts.importing import steps, working
from contacts.models import Contact, Import

HEADER: Final = (
    "Record ID", "First Name", "Last Name", "Email", "Phone Number", "Company Name", "Job Title", "Website URL",
    "Street Address", "City", "Postal Code", "Country/Region", "Preferred language", "Original Source", "Birthday",
)  # fmt: skip
PAGE: Final = resource.getpagesize()
MEGABYTE: Final = 1024 * 1024
# Numbers of people that are not in the file.
OTHERS: Final = 5_000_000


@case("import")
def import_(size: Size) -> list[Result]:
    """Rows/s of an import's run, quiet and loud, against plain bulk_create of as many such rows; and with its check."""
    rows = size.of(100_000, 2000)
    ratios: dict[str, list[float]] = {"quiet": [], "loud": [], "whole": []}
    detail: dict[str, dict[str, Any]] = {}
    with _folder():
        for _round in range(size.rounds):
            for way in ("quiet", "loud"):
                scratch.empty()
                job, checked, grown = _checked(rows)
                steps.start(job, {"automations": way == "loud", "per_minute": 0})
                run, bare, more = _run_beside(job)
                assert Contact.objects.count() == 2 * rows
                ratios[way].append(bare / run)
                if way == "quiet":
                    ratios["whole"].append(bare / (run + checked))
                    detail["whole"] = {"rows": rows, "rows_per_s": round(rows / (run + checked))}
                # Of the first round: what a process has once taken, it takes no second time.
                peak = detail.get(way, {"peak_mb": max(grown, more)})["peak_mb"]
                detail[way] = {"rows": rows, "rows_per_s": round(rows / run), "peak_mb": peak}
    return [
        result("import (run, quiet)", ratios["quiet"], "≥ 0.4", **detail["quiet"]),
        result("import (run, loud)", ratios["loud"], "≥ 0.2", **detail["loud"]),
        result("import (read, check and run, quiet)", ratios["whole"], "none", **detail["whole"]),
    ]


def _run_beside(job: Import) -> tuple[float, float, float]:
    """Seconds for the import's portions, and for as many plain rows after each, so that both see the same machine.

    And the megabytes by which memory grew at most.
    """
    plain: Any = scratch.bare(Contact)
    before, most, run, bare, written = _memory(), 0.0, 0.0, 0.0, 0
    while working.due_lanes(timezone.now()):
        run += seconds(lambda: working.go_on(seconds=0))
        most = max(most, _memory() - before)
        job.refresh_from_db()
        others = range(OTHERS + written, OTHERS + job.position)
        written = job.position
        bare += seconds(lambda: plain.objects.bulk_create([plain(**_values(n)) for n in others], working.PORTION))  # noqa: B023
    return run, bare, round(most, 1)


def _checked(rows: int) -> tuple[Import, float, float]:
    """An import ready to start, how long that took from the upload on, and by how many megabytes memory grew."""
    with TemporaryFile() as file:
        text = TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerow(HEADER)
        writer.writerows(_cells(n) for n in range(rows))
        job: list[Import] = []
        taken = seconds(lambda: job.append(steps.take(File(file, "people.csv"), "people.csv")))
        text.detach()
    steps.choose(job[0], job[0].mapping, {"country": "DE"})
    worked, grown = _worked(job[0])
    job[0].refresh_from_db()
    assert (job[0].status, job[0].problems) == (Import.Status.CHECKED, 0)
    return job[0], taken + worked, grown


def _worked(job: Import) -> tuple[float, float]:
    """Seconds until nothing is due any more, and the megabytes by which memory grew at most."""
    before, most = _memory(), 0.0

    def work() -> None:
        nonlocal most
        while working.due_lanes(timezone.now()):
            # One portion at a time, to look at the memory in between.
            working.go_on(seconds=0)
            most = max(most, _memory() - before)

    return seconds(work), round(most, 1)


def _memory() -> float:
    """Megabytes of this process that are in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / MEGABYTE


def _cells(n: int) -> list[str]:
    values = _values(n)
    return [
        values["external_id"], values["first_name"], values["last_name"], values["email"], values["phone_raw"],
        values["company"], values["job_title"], values["website"], values["street"], values["city"],
        values["postal_code"], "Germany", values["language"], values["source"], values["birth_date"].isoformat(),
    ]  # fmt: skip


def _values(n: int) -> dict[str, Any]:
    return {
        "external_id": str(n), "first_name": f"Anna {n}", "last_name": "Müller", "email": f"anna{n}@example.org",
        "phone": f"+4930{10_000_000 + n}", "phone_raw": f"030 {10_000_000 + n}", "company": f"Acme {n % 997}",
        "job_title": "Engineer", "website": "https://example.org", "street": f"Hauptstraße {n % 97}", "city": "Berlin",
        "postal_code": f"{10_115 + n % 80}", "country": "DE", "language": "de", "source": "Fair",
        "birth_date": date(1950 + n % 50, 1 + n % 12, 1 + n % 28),
    }  # fmt: skip


@contextmanager
def _folder() -> Iterator[None]:
    """Within the block, uploaded files go into a folder that is gone afterwards."""
    with TemporaryDirectory(prefix="concours-bench-") as folder, override_settings(MEDIA_ROOT=folder):
        yield
