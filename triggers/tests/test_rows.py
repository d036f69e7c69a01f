"""Rows written without instances arrive as the ORM would have stored them."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection

from triggers import rows
from triggers.matching import match
from triggers.models import ActionRun, Event
from triggers.tests import make

pytestmark = pytest.mark.django_db

MOMENT = datetime(2026, 3, 4, 10, 30, 15, 123456, tzinfo=UTC)
EVENT = {"type": "note.added", "subject_type": "contacts.note", "occurred_at": MOMENT}


def test_what_differs_and_what_is_the_same_arrive_alike() -> None:
    ids = rows.insert(Event, [{**EVENT, "subject_id": n, "data": {"n": n, "who": "Zoë"}} for n in (7, 8)])

    first, second = Event.objects.in_bulk(ids).values()
    assert (first.subject_id, second.subject_id) == (7, 8)
    assert first.data == {"n": 7, "who": "Zoë"}
    assert first.occurred_at == MOMENT
    assert (first.muted, first.lineage, first.dedup_key) == (False, [], None)


def test_moments_and_numbers_that_differ_keep_their_type() -> None:
    later = MOMENT.replace(year=2027)
    changes = {"value": {"old": Decimal("1.50"), "new": MOMENT}}
    ids = rows.insert(
        Event,
        [
            {**EVENT, "occurred_at": MOMENT, "matched_at": None, "muted": True, "cause": uuid4(), "changes": changes},
            {**EVENT, "occurred_at": later, "matched_at": later, "muted": False, "cause": None, "changes": {}},
        ],
    )

    first, second = Event.objects.order_by("id").filter(pk__in=ids)
    assert (first.occurred_at, first.matched_at, first.muted) == (MOMENT, None, True)
    assert (second.occurred_at, second.matched_at, second.muted, second.cause) == (later, later, False, None)
    assert first.changes == {"value": {"old": "1.50", "new": "2026-03-04T10:30:15.123456Z"}}


def test_an_instance_is_written_as_it_stands() -> None:
    live = make.workflow(make.action("a1", "data.set", values={"a": 1}))
    make.tag(make.contact())
    match.match_due()
    [run] = make.runs(live)
    done = ActionRun(run=run, uid="a1", action="data.set", config={"values": {"a": [1, None]}}, started_at=MOMENT)

    [pk] = rows.insert(ActionRun, [rows.values_of(done)])

    stored = ActionRun.objects.get(pk=pk)
    assert (stored.key, stored.config, stored.started_at) == (done.key, done.config, MOMENT)


def test_a_second_row_under_a_key_is_left_out_and_the_others_are_told() -> None:
    rows.insert(Event, [{**EVENT, "dedup_key": "once"}])

    ids = rows.insert(Event, [{**EVENT, "dedup_key": key} for key in ("once", "new", "new")], ignore_conflicts=True)

    assert list(Event.objects.filter(pk__in=ids).values_list("dedup_key", flat=True)) == ["new"]


def test_more_rows_than_one_document_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "BATCH", 2)

    ids = rows.insert(Event, [{**EVENT, "subject_id": n} for n in range(5)])

    assert [event.subject_id for event in Event.objects.filter(pk__in=ids).order_by("id")] == [0, 1, 2, 3, 4]


def test_updates_find_their_rows() -> None:
    ids = rows.insert(Event, [{**EVENT, "subject_id": n} for n in range(3)])

    rows.update(Event, [{"id": pk, "match_error": f"no {pk}", "matched_at": MOMENT} for pk in ids[:2]])

    told = dict(Event.objects.values_list("id", "match_error"))
    assert told == {ids[0]: f"no {ids[0]}", ids[1]: f"no {ids[1]}", ids[2]: ""}
    assert Event.objects.filter(matched_at=MOMENT).count() == 2


def test_keys_travel_as_one_parameter() -> None:
    ids = rows.insert(Event, [{**EVENT, "subject_id": n} for n in range(3)])

    found = Event.objects.filter(pk__among=ids[1:])

    assert {event.pk for event in found} == set(ids[1:])
    assert len(found.query.sql_with_params()[1]) == 1
    assert not Event.objects.filter(pk__among=[]).exists()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite checks no lengths")
def test_a_text_too_long_for_its_column_is_refused() -> None:
    with pytest.raises(DatabaseError):
        rows.insert(Event, [{**EVENT, "subject_id": n, "type": "x" * (80 + n)} for n in (1, 2)])
