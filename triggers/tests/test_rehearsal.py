"""Rehearsals: the real engine, and nothing of it stays."""

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from triggers import sweeping
from triggers.functions import functions
from triggers.matching import compiled
from triggers.models import Run, Trigger
from triggers.rehearsal import rehearsal
from triggers.tests import make
from triggers.workflows import document

pytestmark = pytest.mark.django_db


def test_what_is_made_within_runs_and_is_undone() -> None:
    with rehearsal():
        flow = make.workflow(make.action("a1", "note.create", body="Hello"))
        person = make.contact()
        make.tag(person)
        sweeping.drain()
        ran = [run.status for run in make.runs(flow)]

    assert ran == ["done"]
    assert {model.__name__: model._base_manager.count() for model in apps.get_app_config("triggers").get_models()}[
        "Run"
    ] == 0
    assert compiled.rehearsing.get() is None
    assert document.of_version.cache_info().currsize == 0


def test_the_workflows_there_are_do_not_play_along_and_go_on_afterwards() -> None:
    flow = make.workflow()
    person = make.contact()

    with rehearsal():
        make.tag(person, "within")
        sweeping.drain()
        within = Run.objects.count()
    make.tag(person, "after")
    sweeping.drain()

    assert within == 0
    assert len(make.runs(flow)) == 1
    assert Trigger.objects.count() == 1


def test_an_error_within_comes_out_and_leaves_nothing() -> None:
    def broken() -> None:
        with rehearsal():
            make.workflow()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()

    assert not Trigger.objects.exists()


def test_it_writes_no_row_that_there_was() -> None:
    """On PostgreSQL whoever publishes meanwhile would wait for it."""
    there = make.workflow()
    with CaptureQueriesContext(connection) as asked, rehearsal():
        make.workflow(name="Within")
        make.tag(make.contact(), "within")
        sweeping.drain()

    written = [query["sql"] for query in asked if query["sql"].startswith(("UPDATE", "DELETE"))]
    assert not any("triggers_compilestamp" in sql for sql in written)
    assert not any('DELETE FROM "triggers_trigger"' in sql and f"= {there.pk}" in sql for sql in written)
    assert all("workflow_id" in sql for sql in written if 'DELETE FROM "triggers_trigger"' in sql)


def test_with_the_live_ones_what_cannot_be_undone_is_told_and_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    called = []
    monkeypatch.setitem(functions, "tell_the_bank", lambda ctx, **given: called.append(given))
    flow = make.workflow(make.action("a1", "code.call", name="tell_the_bank", arguments={"n": 1}))

    with rehearsal(with_live=True):
        make.tag(make.contact(), "within")
        sweeping.drain()
        [run] = make.runs(flow)
        told = list(run.actions.values_list("status", "summary"))

    assert told == [("done", "Calls tell_the_bank.")]
    assert called == []
    make.tag(make.contact(), "after")
    sweeping.drain()
    assert called == [{"n": 1}]
