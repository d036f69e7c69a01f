"""note.changed, as it is stored."""

import pytest

from contacts.tests import make
from triggers.context import act_as
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db


def test_an_edited_note_is_told_with_both_texts() -> None:
    mia, ana = make.contact(), make.user("ana")
    note = make.note(mia, "Wants a call")

    note.body = "Wants a visit"
    with act_as(actor="user", actor_id=str(ana.pk), origin="admin"):
        note.save()

    [event] = make.events("note.changed")
    assert event.data == {
        "note_id": note.pk, "contact_id": mia.pk, "author_id": None, "editor_id": ana.pk, "body_before": "Wants a call",
    }  # fmt: skip
    assert event.changes == {"body": {"old": "Wants a call", "new": "Wants a visit"}}
    assert (event.subject_type, event.subject_id, event.contact_id) == ("contacts.note", note.pk, mia.pk)


def test_another_author_or_a_deletion_fires_nothing() -> None:
    note = make.note(make.contact())

    note.author = make.user("ana")
    note.save()
    note.delete()

    assert make.events("note.changed") == []


def test_it_starts_a_workflow() -> None:
    flow, mia = engine.on("note.changed"), make.contact()
    note = make.note(mia, "Wants a call")

    note.body = "Wants a visit"
    note.save()

    assert engine.ran(flow) == [mia.pk]
