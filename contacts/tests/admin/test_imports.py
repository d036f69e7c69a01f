"""The pages of an import: each step is one page, and every page holds to the policy."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from contacts.importing import steps, working
from contacts.models import Contact, Import
from contacts.tests import make
from contacts.tests.importing import make as files
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
ADD = "/admin/contacts/import/add/"
FILE = "First name,Email,Notes\nMia,mia@example.org,=1+1\nTom,broken,\nנועה,noa@example.org,Hi\n"


def page(job: Import) -> str:
    return f"/admin/contacts/import/{job.pk}/change/"


def do(job: Import, name: str) -> str:
    return f"/admin/contacts/import/{job.pk}/do/{name}/"


def upload(client: Client, data: str | bytes = FILE) -> Any:
    content = data.encode() if isinstance(data, str) else data
    return client.post(ADD, {"upload": SimpleUploadedFile("people.csv", content)}, follow=True)


def test_the_whole_way() -> None:
    client = visit.boss()
    make.contact(email="mia@example.org", first_name="", city="Ulm")

    shown = visit.words(upload(client).content.decode())
    job = Import.objects.get()
    assert "The file has 3 columns. Say what each means; nothing is imported yet." in shown
    assert "mia@example.org broken noa@example.org" in shown
    assert [each["chosen"] for each in client.get(page(job)).context["columns"]] == ["first_name", "email", "note"]

    chosen = {"column-0": "first_name", "column-1": "email", "column-2": "note", "country": "", "dates": "dmy"}
    client.post(do(job, "choose"), {**chosen, "bad_values": "refuse"})
    assert "Every row is being checked." in visit.text(client, page(job))
    assert client.get(f"/admin/contacts/import/{job.pk}/progress/").json() == {
        "status": "checking", "state": "Being checked", "moving": True, "words": "0 rows read so far", "done": 0, "total": 0,
    }  # fmt: skip
    working.go_on()

    shown = visit.text(client, page(job))
    assert "2 rows can be imported , 1 cannot." in shown.replace("imported,", "imported ,")
    assert "3 Email broken Enter a valid email address." in shown
    assert [row.contact is None for row in client.get(page(job)).context["rows"]] == [False, True]
    assert Contact.objects.count() == 1

    start = {"match": ["email"], "update": "fill", "tags": "Fair, VIP", "automations": "no", "per_minute": "600"}
    client.post(do(job, "start"), start)
    assert client.get(f"/admin/contacts/import/{job.pk}/progress/").json()["words"] == "0 of 3 rows imported"
    working.go_on()

    assert "1 new contacts, 1 updated, 1 rows refused" in visit.text(client, page(job))
    assert make.tags_of(Contact.objects.get(email="noa@example.org")) == {"Fair", "VIP"}
    refused = b"".join(client.get(f"/admin/contacts/import/{job.pk}/refused.csv")).decode("utf-8-sig")
    assert refused.splitlines() == [
        "First name,Email,Notes,Line,Problem", "Tom,broken,,3,Email: Enter a valid email address.",
    ]  # fmt: skip
    problems = b"".join(client.get(f"/admin/contacts/import/{job.pk}/problems.csv")).decode("utf-8-sig")
    assert problems.splitlines()[1] == "3,Email,broken,Enter a valid email address."

    assert "being removed" in visit.pressed(client, do(job, "undo"))
    working.go_on()
    assert "1 contact was removed again." in visit.text(client, page(job))
    assert Contact.objects.count() == 1


def test_a_refused_file_of_formulas_is_escaped() -> None:
    job = files.imported('First name,Email\n"\'=cmd()",broken\n')

    row = b"".join(visit.boss().get(f"/admin/contacts/import/{job.pk}/refused.csv")).decode().splitlines()[1]
    assert row.startswith("'=cmd(),broken,")


@pytest.mark.parametrize(
    "status", ["new", "checking", "checked", "running", "done", "undoing", "undone", "failed", "cancelled"]
)
def test_every_page_holds_to_the_policy_and_reads_without_script(status: str) -> None:
    job = files.checked(FILE)
    Import.objects.filter(pk=job.pk).update(status=status, failure="It broke.", broken_line=3, broken_why="Cut.")

    answer = visit.boss().get(page(job))

    assert answer.status_code == 200
    assert visit.refused_by_policy(answer.content.decode()) == []
    moving = status in ("checking", "running", "undoing")
    assert ('http-equiv="refresh"' in answer.content.decode()) == moving


def test_what_cannot_be_read_is_told_at_the_field() -> None:
    answer = upload(visit.boss(), b"\x89PNG\0\0\0")

    assert "This is no text." in visit.words(answer.content.decode())
    assert Import.objects.count() == 0


def test_a_broken_file_needs_a_tick() -> None:
    client = visit.boss()
    job = files.checked(FILE + 'Eve,"eve@')
    start = {"match": ["email"], "update": "fill", "tags": "", "automations": "no", "per_minute": "600"}

    assert "The file breaks at line 5." in visit.text(client, page(job))
    assert "The file breaks at line 5" in visit.pressed(client, do(job, "start"), **start)
    client.post(do(job, "start"), {**start, "although_broken": "1"})
    job.refresh_from_db()
    assert job.status == "running"


def test_another_encoding() -> None:
    client = visit.boss()
    job = files.taken("Имя\nТарас\n".encode("cp1251"))

    client.post(do(job, "read-again"), {"encoding": "cp1251"})
    assert "Тарас" in visit.text(client, page(job))
    assert "unknown encoding" in visit.pressed(client, do(job, "read-again"), encoding="nonsense")


def test_a_wrong_answer_is_told_and_changes_nothing() -> None:
    client = visit.boss()
    job = files.checked(FILE)

    told = visit.pressed(client, do(job, "start"), match=["email"], update="fill", automations="no", per_minute="0")
    assert told.startswith("Contacts a minute while automations run:")
    job.refresh_from_db()
    assert job.status == "checked"


def test_one_that_broke_has_a_button_to_go_on() -> None:
    client = visit.boss()
    job = steps.start(files.checked(FILE), {"although_broken": True})
    assert "Resume" not in visit.text(client, page(job))
    Import.objects.filter(pk=job.pk).update(status="failed", broke_while="running", failure="It broke.", due_at=None)

    said = visit.text(client, page(job))
    assert ("It broke." in said, "Resume" in said) == (True, True)
    assert visit.pressed(client, do(job, "resume")) == "It goes on where it broke."
    assert files.worked(job).status == "done"


def test_permissions() -> None:
    job = files.checked(FILE)
    viewer = visit.staff("view_import", name="viewer")
    clerk = visit.staff("view_import", "add_import", name="clerk")

    assert viewer.get(page(job)).status_code == 200
    assert viewer.get(ADD).status_code == 403
    assert viewer.post(do(job, "cancel")).status_code == 403
    assert clerk.post(do(job, "start")).status_code == 403
    stranger = visit.staff(name="stranger")
    for address in (
        page(job),
        f"/admin/contacts/import/{job.pk}/progress/",
        f"/admin/contacts/import/{job.pk}/refused.csv",
    ):
        assert stranger.get(address).status_code in (302, 403)
    assert viewer.get(f"/admin/contacts/import/{job.pk}/other.csv").status_code == 404
    done = files.worked(steps.start(job, {}))
    assert clerk.post(do(done, "undo")).status_code == 403
