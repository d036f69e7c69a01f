"""Taking a submission in: what stays where something breaks, and what is told of it."""

from typing import Any

import pytest
from django.db import OperationalError

from capture.models import Submission, SubmissionFile
from capture.tests import make
from contacts.models import Contact
from contacts.tests import make as contacts
from triggers.models import Event

pytestmark = pytest.mark.django_db
ANNA = {"first_name": "Anna", "email": "anna@example.org"}


def test_what_a_contact_cannot_take_stays_with_the_submission() -> None:
    contacts.field("size", "number")
    form = make.form("Order", {"label": "Name", "maps_to": "name"}, {"label": "Phone", "kind": "phone", "maps_to": "phone"},
                     {"label": "Size", "maps_to": "custom.size"}, {"label": "Tags", "maps_to": "tags"})  # fmt: skip

    make.send(form, {"name": "Anna Maria Schmidt", "phone": "030 1234567", "size": "large", "tags": "a, b"})

    contact, sent = Contact.objects.get(), Submission.objects.get()
    assert (contact.first_name, contact.last_name, contact.phone) == ("Anna Maria", "Schmidt", "")
    assert contacts.tags_of(contact) == {"a", "b"}
    assert [each.split(":")[0] for each in sent.problems] == ["phone", "custom_fields.size"]
    assert sent.answers["phone"] == "030 1234567"
    assert Event.objects.get(type="form.submitted").data["problems"] == sent.problems


def test_a_form_about_nobody_is_taken_in_without_a_contact() -> None:
    form = make.form("Feedback", {"label": "Stars", "kind": "number"})

    make.send(form, {"stars": "5"})

    [event] = Event.objects.filter(type="form.submitted")
    assert (event.contact_id, event.data["contact_id"], event.data["answers"]) == (None, None, {"stars": 5})
    assert not Contact.objects.exists()


def test_a_fault_of_ours_keeps_the_submission_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        Contact.objects.create(first_name="Half")
        raise RuntimeError("broken")

    monkeypatch.setattr("contacts.leads.services.create", broken)

    page = make.send(make.form(), ANNA)

    assert page.status_code == 200
    sent = Submission.objects.get()
    assert (sent.status, sent.answers, sent.contact_id) == ("failed", ANNA, None)
    assert Event.objects.get(type="form.submitted").data["contact_id"] is None
    assert not Contact.objects.exists()


def test_a_busy_database_leaves_nothing_and_asks_to_send_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: Any, **__: Any) -> None:
        raise OperationalError("database is locked")

    form = make.form()
    state = make.opened(form)
    with monkeypatch.context() as patched:
        patched.setattr("contacts.leads.services.create", busy)
        page = make.send(form, ANNA, state)

    assert (page.status_code, page["Retry-After"]) == (503, "60")
    assert not Submission.objects.exists()
    assert make.send(form, ANNA, state).status_code == 200
    assert Submission.objects.count() == 1


def test_files_go_where_the_submission_is_not_stored(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    import io
    from pathlib import Path

    def busy(*_: Any, **__: Any) -> None:
        raise OperationalError("database is locked")

    form = make.form("Apply", {"label": "Name", "maps_to": "name"}, {"label": "Papers", "kind": "file"})
    paper = io.BytesIO(b"x")
    paper.name = "paper.txt"
    monkeypatch.setattr("contacts.leads.services.create", busy)

    make.send(form, {"name": "Anna", "papers": paper})

    assert not SubmissionFile.objects.exists()
    assert [each for each in Path(settings.MEDIA_ROOT).rglob("*") if each.is_file()] == []
