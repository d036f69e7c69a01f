"""note.create: a note with merge fields."""

import pytest

from contacts.models import Note
from contacts.tests import make
from contacts.tests.actions import play

pytestmark = pytest.mark.django_db


def test_a_note_is_written() -> None:
    mia = make.contact()

    done = play.perform("note.create", mia, "tea", body="{{ contact.first_name }} likes {{ event.body }}.\n")

    note = mia.notes.first()
    assert note is not None
    assert (note.body, note.author) == ("Mia likes tea.", None)
    assert (done.status, done.summary, done.result) == ("done", "Wrote a note.", {"note_id": note.pk})
    event = make.events("note.added")[-1]
    assert (event.data["body"], event.actor, event.cause) == ("Mia likes tea.", "workflow", done.key)


def test_an_empty_note_is_not_written() -> None:
    done = play.perform("note.create", make.contact(), body=" {{ contact.website }} ")

    assert (done.status, done.summary) == ("skipped", "The note would be empty.")
    assert Note.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{{ event.body }}\nand more", "Writes the note “Called back and more”."),
        ("{{ contact.website }}", "Writes nothing: the note would be empty."),
        ("x" * 200, f"Writes the note “{'x' * 119}…”."),
    ],
)
def test_preview(body: str, said: str) -> None:
    assert play.preview("note.create", None, body=body) == said


def test_problems() -> None:
    assert play.problems("note.create", body="{{ event.body }}") == []
    assert [path for path, _message in play.problems("note.create", body="{{ event.bdy }}")] == [".body"]
    assert [path for path, _message in play.problems("note.create", body="")] == [".body"]
