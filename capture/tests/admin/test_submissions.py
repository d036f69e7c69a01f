"""Submissions in the admin: what was sent, shown as text; files for those who may; spam taken in after all."""

import io
from pathlib import Path
from typing import Any

import pytest

from capture.models import Submission, SubmissionFile
from capture.tests import make
from contacts.models import Contact
from triggers.models import Event
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
LIST = "/admin/capture/submission/"
EVIL = "<script>alert(1)</script>"


def test_a_submission_reads_as_questions_and_answers_and_runs_nothing() -> None:
    form = make.form("Say", {"label": "Your words"}, {"label": "Mail me", "kind": "consent"})
    make.send(form, {"your_words": EVIL, "mail_me": "yes", "odd": EVIL})
    sent = Submission.objects.get()

    page = visit.boss().get(f"{LIST}{sent.pk}/change/").content.decode()

    assert EVIL not in page
    assert "Your words <script>alert(1)</script> Mail me Yes" in visit.words(page)
    assert "odd The form has no such fields." in visit.words(page)
    assert "Nothing in it says by whom." in page
    assert visit.refused_by_policy(page) == []


def test_files_are_downloaded_by_those_who_may_see_submissions() -> None:
    form = make.form("Apply", {"label": "Papers", "kind": "file"})
    paper = io.BytesIO(b"<html>")
    paper.name = "paper.txt"
    make.send(form, {"papers": paper})
    address = f"{LIST}file/{SubmissionFile.objects.get().pk}/"

    answer = visit.staff("view_submission").get(address)

    assert b"".join(answer.streaming_content) == b"<html>"
    assert answer["Content-Disposition"] == 'attachment; filename="paper.txt"'
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
    assert visit.staff(name="other").get(address).status_code == 403
    assert make.VISITOR.get(address).status_code == 302


def test_what_was_held_back_is_taken_in_by_hand_once() -> None:
    form = make.form()
    make.send(form, {"first_name": "Anna", "email": "anna@example.org", "website_": "mine"})
    held = Submission.objects.get()
    client = visit.boss()

    told = [visit.pressed(client, f"{LIST}{held.pk}/do/release/") for _n in range(2)]

    assert told[0] == "Taken in. Workflows start from it now."
    held.refresh_from_db()
    assert (held.status, Contact.objects.get().pk) == ("taken", held.contact_id)
    assert Event.objects.filter(type="form.submitted").count() == 1


def test_deleting_takes_files_along(django_capture_on_commit_callbacks: Any) -> None:
    form = make.form("Apply", {"label": "Papers", "kind": "file"})
    paper = io.BytesIO(b"x")
    paper.name = "paper.txt"
    make.send(form, {"papers": paper})
    stored = Path(SubmissionFile.objects.get().file.path)
    assert stored.exists()

    with django_capture_on_commit_callbacks(execute=True):
        Submission.objects.get().delete()

    assert not stored.exists()
