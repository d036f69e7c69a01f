"""Files for mails: kept by staff and integrations, sent along, and gone without a trace."""

from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage

from conversations import attaching, composing, mail_files
from conversations.models import MailboxMail, MailFile, Message
from triggers import files
from triggers.models import Run
from triggers.problems import Invalid
from triggers.sweeping import drain
from triggers.tests import make
from triggers.tests.admin import visit
from triggers.tests.api import calls

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]
PDF = b"%PDF-1.7 " + bytes(range(256))
ADMIN, API = "/admin/conversations/mailfile/", "/api/v1/mail-files/"
MAIL = {"subject": "Prices", "text": "See the list."}


def upload(content: bytes = PDF, name: str = "Preisliste 2027.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def kept(name: str = "Price list") -> MailFile:
    return mail_files.keep(MailFile(name=name), upload())


def place(row: MailFile, settings: Any) -> Path:
    return Path(settings.MEDIA_ROOT) / str(row.file.name)


def test_a_mail_takes_the_file_along(mailbox: None) -> None:
    row = kept()
    make.workflow(make.action("a1", "email.send", **MAIL, attach=[f"file:{row.key}"]))
    make.tag(make.contact())
    drain()

    mail = message_from_bytes(bytes(MailboxMail.objects.get().raw))
    [part] = [part for part in mail.walk() if part.get_filename()]
    assert (part.get_filename(), part.get_content_type()) == ("Preisliste 2027.pdf", "application/pdf")
    assert part.get_payload(decode=True) == PDF
    assert Run.objects.get().status == "done"


@pytest.mark.parametrize("name", ["file:nothing", "file:", "nothing"])
def test_what_is_not_there_cannot_be_attached(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        make.workflow(make.action("a1", "email.send", **MAIL, attach=[name]))

    assert [(problem.path[-2:], problem.message) for problem in refused.value.problems] == [
        (("attach", 0), f"There is nothing called “{name}” to attach.")
    ]


def test_a_file_that_is_taken_away_later_fails_the_mail_and_says_so(mailbox: None) -> None:
    row = kept()
    make.workflow(make.action("a1", "email.send", **MAIL, attach=[f"file:{row.key}"]))
    row.delete()
    make.tag(make.contact())

    drain()

    assert Run.objects.get().actions.get().error == "There is nothing called “file:price_list” to attach."
    assert not MailboxMail.objects.exists()


def test_a_mail_that_goes_again_takes_what_has_come_in_its_place(django_capture_on_commit_callbacks: Any) -> None:
    row = kept()
    message = Message(
        contact=make.contact(), subject="A", to_address="a@example.org", text="B", message_id="<1@example.org>",
        enclosed=[attaching._kept(f"file:{row.key}")],
    )  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        mail_files.keep(row, upload(b"%PDF-new", "b.pdf"))

    mail: EmailMessage = composing.mail_of(message)
    assert mail.attachments[0].get_payload(decode=True) == b"%PDF-new"

    with django_capture_on_commit_callbacks(execute=True):
        row.delete()
    with pytest.raises(attaching.NoFile, match="Hand it in again"):
        composing.mail_of(message)


def test_a_replaced_or_deleted_file_leaves_nothing_behind(
    settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    row = kept()
    first = place(row, settings)
    assert first.read_bytes() == PDF
    assert "Preisliste" not in str(first)

    with django_capture_on_commit_callbacks(execute=True):
        mail_files.keep(row, upload(b"%PDF-new", "b.pdf"))
    second = place(row, settings)
    assert (first.exists(), second.read_bytes()) == (False, b"%PDF-new")

    with django_capture_on_commit_callbacks(execute=True):
        row.delete()
    assert not second.exists()


REFUSED = [
    (b"MZ\x90", "virus.exe", "of a kind that is not taken"), (b"MZ\x90", "virus.pdf", "not what its ending says"),
    (b"<script>", "page.html", "of a kind that is not taken"), (PDF, "nameless", "of a kind that is not taken"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "name", "why"), REFUSED)
def test_what_is_no_file_for_mails_is_refused_at_its_field(content: bytes, name: str, why: str) -> None:
    page = visit.boss().post(f"{ADMIN}add/", {"name": "A", "file": upload(content, name)}).content.decode()
    answer = calls.client("messages:write").post(API, {"name": "A", "file": upload(content, name)}, format="multipart")

    assert why in page
    assert answer.status_code == 400
    assert why in calls.errors(answer)["file"]
    assert not MailFile.objects.exists()


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_SIZE", 100)

    assert "too large" in visit.boss().post(f"{ADMIN}add/", {"name": "A", "file": upload()}).content.decode()
    assert not MailFile.objects.exists()


def test_staff_hand_in_rename_replace_and_download(settings: Any) -> None:
    client = visit.boss()

    client.post(f"{ADMIN}add/", {"name": "Price list", "file": upload()})
    row = MailFile.objects.get()
    assert (row.key, row.filename, row.content_type, row.size) == (
        "price_list", "Preisliste 2027.pdf", "application/pdf", len(PDF),
    )  # fmt: skip
    client.post(f"{ADMIN}{row.pk}/change/", {"name": "Prices"})
    row.refresh_from_db()
    assert (row.name, row.key, place(row, settings).read_bytes()) == ("Prices", "price_list", PDF)

    answer = client.get(f"{ADMIN}{row.pk}/download/")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert visit.staff("view_message").get(f"{ADMIN}{row.pk}/download/").status_code == 403
    assert f'href="../download/">{row.filename}' in client.get(f"{ADMIN}{row.pk}/change/").content.decode()


def test_over_the_api_it_is_handed_in_renamed_and_taken_away() -> None:
    api = calls.client("messages:read", "messages:write")

    made = api.post(API, {"name": "Price list", "file": upload()}, format="multipart")
    assert made.status_code == 201
    told = made.json()
    assert (told["key"], told["filename"], told["size"]) == ("price_list", "Preisliste 2027.pdf", len(PDF))
    assert "file" not in told
    again = api.post(API, {"name": "Price list", "file": upload()}, format="multipart")
    assert (again.status_code, set(calls.errors(again))) == (400, {"name"})
    assert set(calls.errors(api.post(API, {"name": "B"}))) == {"file"}
    assert api.patch(f"{API}{told['id']}/", {"name": "Prices"}).json()["name"] == "Prices"
    assert [row["id"] for row in api.get(API, {"key": "price_list"}).json()["results"]] == [told["id"]]
    assert api.delete(f"{API}{told['id']}/").status_code == 204
    assert not MailFile.objects.exists()
