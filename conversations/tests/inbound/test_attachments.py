"""Files that come with mails: kept, noted where they are not, and given to staff as downloads alone."""

from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from conversations.inbound import attachments, taking
from conversations.models import Arrival, Attachment, Message
from conversations.services import receive_mail
from triggers import files
from triggers.tests import make
from triggers.tests.admin import visit
from triggers.tests.api import calls

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]
NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)
PNG, PDF = b"\x89PNG\r\n\x1a\n....", b"%PDF-1.7 ..."


def letter(*attached: tuple[bytes, str, str], sender: str = "anna@example.org") -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = sender, "desk@crm.example.org", f"<{sender}>"
    mail.set_content("See below.")
    for content, kind, name in attached:
        main, sub = kind.split("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return mail.as_bytes()


def told(*attached: tuple[bytes, str, str]) -> list[tuple[str, str, str]]:
    make.contact(email="anna@example.org")
    receive_mail(letter(*attached), "imap:1", "1:1", NOW)
    return list(Attachment.objects.values_list("name", "status", "reason"))


def test_files_are_kept_as_they_came_under_a_name_nobody_guesses(
    settings: Any, django_capture_on_commit_callbacks: Any
) -> None:  # fmt: skip
    assert told((PNG, "image/png", "Grüße/../a\tb.png"), (PDF, "application/pdf", "Offer.PDF")) == [
        ("a b.png", "kept", ""), ("Offer.PDF", "kept", ""),
    ]  # fmt: skip

    offer = Attachment.objects.get(name="Offer.PDF")
    message = Message.objects.get()
    assert (offer.message, bytes(offer.file.read()), offer.size) == (message, PDF, len(PDF))
    said = make.last_event("message.customer_replied").data
    assert (message.text, said["attachments"]) == ("See below.", 2)
    assert said["attachment_ids"] == list(message.attachments.order_by("pk").values_list("pk", flat=True))
    assert "Offer" not in str(offer.file.name)

    path = Path(settings.MEDIA_ROOT) / str(offer.file.name)
    with django_capture_on_commit_callbacks(execute=True):
        message.delete()
    assert not path.exists()


@pytest.mark.parametrize(
    ("content", "kind", "name", "why"),
    [
        (b"MZ", "application/x-msdownload", "setup.exe", "Files of this kind are not kept."),
        (b"<script>", "text/html", "page.html", "Files of this kind are not kept."),
        (b"", "image/png", "empty.png", "It is empty."),
        (b"GIF89a", "image/png", "a.png", "It is not what its ending says."),
        (PDF + b"x" * files.MAX_SIZE, "application/pdf", "big.pdf",
         "It is too large. At most 10 MB of a file are kept, and 25 MB of a message."),
    ],
)  # fmt: skip
def test_what_is_not_kept_is_noted_with_the_reason(content: bytes, kind: str, name: str, why: str) -> None:
    assert told((content, kind, name), (PDF, "application/pdf", "a.pdf")) == [
        (name, "left_out", why), ("a.pdf", "kept", ""),
    ]  # fmt: skip


def test_more_files_than_are_kept_are_counted() -> None:
    found = told(*[(PDF, "application/pdf", f"{n}.pdf") for n in range(attachments.MOST + 3)])

    assert len(found) == attachments.MOST + 1
    assert found[-1] == ("3 more files", "left_out", "At most 20 files of a message are kept.")


def test_a_forwarded_mail_is_one_file_and_a_signature_s_picture_has_a_name() -> None:
    inner = EmailMessage()
    inner["Subject"] = "Old: offer"
    inner.set_content("Hello")
    inner.add_attachment(PDF, maintype="application", subtype="pdf", filename="inner.pdf")
    mail = EmailMessage()
    mail["From"], mail["Message-ID"] = "anna@example.org", "<2@x>"
    mail.set_content("Look")
    mail.add_attachment(inner)
    mail.add_attachment(PNG, maintype="image", subtype="png", disposition="inline", cid="<logo>")
    make.contact(email="anna@example.org")

    receive_mail(mail.as_bytes(), "imap:1", "1:2", NOW)

    assert list(Attachment.objects.values_list("name", "status")) == [
        ("Old offer.eml", "kept"), ("Attachment.png", "kept"),
    ]  # fmt: skip


def test_files_of_a_stranger_wait_with_the_mail_and_go_with_its_message() -> None:
    receive_mail(letter((PDF, "application/pdf", "a.pdf"), sender="berta@example.org"), "imap:1", "1:1", NOW)
    arrival, kept = Arrival.objects.get(), Attachment.objects.get()
    assert (kept.arrival, kept.message) == (arrival, None)

    message = taking.adopt(arrival, NOW)
    taking.purge(NOW.replace(year=2028))

    kept.refresh_from_db()
    assert (kept.arrival, kept.message) == (None, message)
    assert make.last_event("message.customer_replied").data["attachments"] == 1


def test_where_taking_it_in_fails_no_file_stays(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    make.contact(email="anna@example.org")
    monkeypatch.setattr(taking.intents, "read", lambda _text: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        receive_mail(letter((PDF, "application/pdf", "a.pdf")), "imap:1", "1:1", NOW)

    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert not Message.objects.exists()


def test_staff_download_what_they_may_see_and_nothing_runs() -> None:
    told((PNG, "image/png", "a.png"), (b"MZ", "application/x-msdownload", "b.exe"))
    kept, left = Attachment.objects.order_by("pk")
    address = f"/admin/conversations/message/file/{kept.pk}/"

    answer = visit.staff("view_message").get(address)

    assert answer["Content-Disposition"] == 'attachment; filename="a.png"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content) == PNG  # type: ignore[attr-defined]
    assert visit.staff("view_contact", name="other").get(address).status_code == 403
    boss = visit.boss()
    assert boss.get(f"/admin/conversations/message/file/{left.pk}/").status_code == 404
    page = boss.get(f"/admin/conversations/message/{kept.message_id}/change/").content.decode()
    assert address in page
    assert "Files of this kind are not kept." in page
    thread = boss.get(f"/admin/conversations/conversation/{kept.message.contact.conversation.pk}/change/")  # type: ignore[union-attr]
    assert address in thread.content.decode()


def test_the_api_tells_of_them_and_gives_what_was_kept() -> None:
    told((PNG, "image/png", "a.png"))
    kept, api = Attachment.objects.get(), calls.client("messages:read")

    [shown] = api.get(f"/api/v1/messages/{kept.message_id}/").json()["attachments"]
    answer = api.get(f"/api/v1/messages/attachments/{kept.pk}/")

    assert shown == {
        "id": kept.pk, "name": "a.png", "content_type": "image/png", "size": len(PNG), "status": "kept", "reason": "",
    }  # fmt: skip
    assert b"".join(answer.streaming_content) == PNG
    assert api.get("/api/v1/messages/attachments/999999/").status_code == 404
