"""Custom fields as processes remember them."""

from typing import Any

import pytest
from django.db import transaction

from contacts.custom import definitions as remembered
from contacts.custom.definitions import changed, definitions, in_use
from contacts.models import CustomField, FieldStamp
from contacts.tests import make
from triggers.matching import compiled
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db


def test_a_new_field_is_seen_at_once_and_nothing_is_read_twice(django_assert_num_queries: Any) -> None:
    make.field("size", "choice", choices=["S", {"value": "l", "label": "Large"}], position=2)
    make.field("note", position=1)

    assert list(definitions()) == ["note", "size"]
    assert definitions()["size"].choices == (("S", "S"), ("l", "Large"))
    with django_assert_num_queries(1):
        definitions()


def test_what_another_process_changed_is_seen_by_the_next_look() -> None:
    field = make.field("size")
    held = definitions()

    # As another process would: past this one's signals.
    CustomField.objects.filter(pk=field.pk).update(label="Shoe size")
    FieldStamp.objects.all().delete()
    remembered.outdate()

    assert held["size"].label == "Size"
    assert definitions()["size"].label == "Shoe size"


def test_what_is_rolled_back_is_forgotten() -> None:
    make.field("size")
    with transaction.atomic():
        make.field("gone")
        assert "gone" in definitions()
        transaction.set_rollback(True)

    assert list(definitions()) == ["size"]


def test_deleted_and_archived_fields() -> None:
    size, note = make.field("size"), make.field("note")
    size.archived = True
    size.save()

    assert [field.key for field in in_use()] == ["note"]
    assert definitions()["size"].archived
    CustomField.objects.filter(pk=note.pk).delete()
    assert list(definitions()) == ["size"]


def test_live_triggers_are_compiled_anew_with_the_field_as_it_is() -> None:
    field = make.field("size", "number")
    size = {"field": "event.custom_fields.size", "op": "changed", "value": None}
    engine.workflow(triggers=[{"uid": "t1", "event": "contact.changed", "config": {}, "conditions": size}])
    [before] = compiled.books(["contact.changed"])["contact.changed"].entries

    field.kind = "text"
    field.save()

    [after] = compiled.books(["contact.changed"])["contact.changed"].entries
    assert (before.node.field.kind, after.node.field.kind) == ("number", "text")


def test_changes_are_told_by_single_fields() -> None:
    old = {"a": 1, "b": "x", "c": {"amount": "5.00", "currency": "EUR"}, "same": [1], "no": False}
    new = {"a": 2, "c": {"amount": "6.00", "currency": "EUR"}, "d": ["x"], "same": [1], "no": 0}

    assert changed(old, new) == {
        "custom_fields.a": {"old": 1, "new": 2},
        "custom_fields.b": {"old": "x", "new": None},
        "custom_fields.c": {"old": "5.00", "new": "6.00"},
        "custom_fields.d": {"old": None, "new": ["x"]},
        "custom_fields.no": {"old": False, "new": 0},
    }
    assert changed({}, {"c": old["c"]}) == {
        "custom_fields.c": {"old": None, "new": "5.00"},
        "custom_fields.c_currency": {"old": None, "new": "EUR"},
    }
    assert changed(None, {}) == {}


def test_a_live_trigger_on_a_field_that_is_gone_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    field = make.field("size", "number")
    size = {"field": "contact.custom_fields.size", "op": "gt", "value": 5}
    engine.workflow(name="A", triggers=[{"uid": "t1", "event": "note.added", "config": {}, "conditions": size}])
    engine.workflow(name="B", triggers=[{"uid": "t2", "event": "note.added", "config": {}, "conditions": None}])

    field.delete()

    [left] = compiled.books(["note.added"])["note.added"].entries
    assert left.uid == "t2"
    assert "trigger t1 of workflow" in caplog.text
