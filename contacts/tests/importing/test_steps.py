"""Handing in files, remembering what their columns mean, and keeping files only so long."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.utils import timezone

from contacts.importing import keeping, steps
from contacts.importing.reading.rows import Unreadable
from contacts.models import Contact, Import, ImportMapping
from contacts.tests.importing import make

pytestmark = pytest.mark.django_db
DEMO = Path(configured.BASE_DIR) / "demo" / "hubspot-contacts.csv"


def test_a_mapping_is_remembered_for_the_next_file_with_its_header() -> None:
    make.checked("Who,Where\nMia,Ulm\n", {"0": "first_name", "1": "city"}, dates="dmy", update="overwrite")

    again = make.taken("WHO,where\nTom,Bonn\n")
    assert again.mapping == {"0": "first_name", "1": "city"}
    assert (again.options["dates"], again.options["update"], again.options["start"]) == ("dmy", "overwrite", False)
    assert make.taken("Where,Who\nBonn,Tom\n").mapping == {}
    assert ImportMapping.objects.count() == 1


def test_too_large_a_file_is_refused(settings: Any) -> None:
    settings.CONCOURS_IMPORT_MAX_MB = 1

    with pytest.raises(Unreadable, match="The file has 2 MB; at most 1 MB are taken"):
        make.taken(b"Name\n" + b"x\n" * 700_000)
    assert Import.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "The file is empty."), (b"\xd0\xcf\x11\xe0rest", "old Excel"), (b"PK\x03\x04rest", "cannot be opened"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "no text"), ((",".join("abc" for _ in range(10_000))).encode(), "10000 columns"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_and_not_kept(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        make.taken(data)
    assert Import.objects.count() == 0


def test_a_file_can_be_read_in_another_encoding() -> None:
    job = make.worked(make.taken("Имя,Город\nТарас,Київ\n".encode("cp1251")))
    assert job.encoding == "cp1252"

    job = make.worked(steps.read_anew(job, "cp1251"))

    assert (job.header, job.sample, job.rows) == (["Имя", "Город"], [["Тарас", "Київ"]], 1)
    steps.choose(job, {"0": "first_name"}, {})
    assert make.records(make.worked(job)) == [{"first_name": "Тарас"}]


def test_a_step_out_of_its_turn_is_refused() -> None:
    job = make.imported("Name\nMia\n")

    with pytest.raises(steps.Invalid, match="This cannot be done now; the import is: Done"):
        steps.start(job, {})
    with pytest.raises(steps.Invalid, match="Done"):
        steps.choose(job, job.mapping, {})


def test_options_are_checked() -> None:
    job = make.taken("Name\nMia\n")

    for options, why in (
        ({"update": "always"}, "Choose one of"),
        ({"country": "XX"}, "two letters"),
        ({"x": 1}, "no such"),
    ):
        with pytest.raises(steps.Invalid, match=why):
            steps.choose(job, job.mapping, options)


def test_files_are_deleted_after_their_time_and_the_account_stays() -> None:
    job = make.imported("Name\nMia\n")
    path = Path(job.file.path)
    assert path.exists()

    assert keeping.purge(timezone.now()) == 0
    assert keeping.purge(timezone.now() + keeping.KEEP + timedelta(minutes=1)) == 1

    job.refresh_from_db()
    assert (path.exists(), job.file.name, job.created) == (False, "", 1)
    make.worked(steps.undo(job))
    assert Contact.objects.count() == 0


def test_the_example_export_comes_in() -> None:
    job = make.imported(DEMO.read_bytes(), country="DE")

    assert (job.made_by, job.rows, job.status) == ("HubSpot", 1200, "done")
    assert job.created + job.updated + job.unchanged + job.refused == 1200
    assert 1100 < job.created < 1180
    assert 20 < job.refused < 60
    emails = [email.lower() for email in Contact.objects.exclude(email="").values_list("email", flat=True)]
    assert len(emails) == len(set(emails))
    assert Contact.objects.filter(dnd__email=True).exists()

    again = make.imported(DEMO.read_bytes(), country="DE")
    assert (again.created, again.refused) == (0, job.refused)
