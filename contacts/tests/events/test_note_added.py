"""note.added, as it is stored."""

import pytest

from contacts.tests import make

pytestmark = pytest.mark.django_db


def test_a_note_is_told_with_its_text_and_author() -> None:
    ana, mia = make.user("ana"), make.contact()

    note = make.note(mia, "Wants a call", author=ana)

    [event] = make.events("note.added")
    assert event.data == {"note_id": note.pk, "contact_id": mia.pk, "body": "Wants a call", "author_id": ana.pk}
    assert (event.subject_type, event.subject_id, event.contact_id) == ("contacts.note", note.pk, mia.pk)
    assert event.changes == {}


def test_a_note_without_author() -> None:
    make.note(make.contact())

    [event] = make.events("note.added")
    assert event.data["author_id"] is None
