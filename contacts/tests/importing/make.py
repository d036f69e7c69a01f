"""Imports for tests: a file from texts or bytes, through the real doors."""

from typing import Any

from django.core.files.base import ContentFile

from contacts.importing import steps, working
from contacts.importing.packing import unpack
from contacts.models import Import


def taken(content: str | bytes, name: str = "people.csv", **kwargs: Any) -> Import:
    """A file handed in, not yet read."""
    data = content.encode() if isinstance(content, str) else content
    return steps.take(ContentFile(data, name), name, **kwargs)


def checked(content: str | bytes, mapping: dict[str, str] | None = None, **options: Any) -> Import:
    """A file handed in and checked with the proposed mapping, or this one."""
    job = taken(content)
    steps.choose(job, job.mapping if mapping is None else mapping, options)
    return worked(job)


def imported(content: str | bytes, mapping: dict[str, str] | None = None, **options: Any) -> Import:
    """A file imported as far as it goes."""
    return worked(steps.start(checked(content, mapping, **options), {}))


def worked(job: Import) -> Import:
    """Whatever is due for it, done."""
    while working.due_lanes(_now()):
        working.go_on()
    job.refresh_from_db()
    return job


def findings(job: Import) -> list[tuple[int, str, str]]:
    """Line, column and message of everything found."""
    return [
        (found["line"], found["column"], found["message"])
        for portion in job.portions.order_by("number")
        for found in portion.problems
    ]


def records(job: Import) -> list[Any]:
    return [record for portion in job.portions.order_by("number") for _line, record in unpack(portion.records)]


def _now() -> Any:
    from django.utils import timezone

    return timezone.now()
