"""note.added, as it is stored."""

import pytest

from contacts.tests import make
from contacts.tests.events.narrowing import starts

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


def test_it_is_narrowed_by_the_tags_the_contact_has_and_has_not() -> None:
    mia = make.contact()
    make.tag("VIP", mia)
    make.note(mia)
    [event] = make.events("note.added")

    assert starts(event, tags=["vip"])
    assert not starts(event, tags=["Cold"])
    assert starts(event, without_tags=["Cold"])
    assert not starts(event, tags=["VIP"], without_tags=["VIP"])
