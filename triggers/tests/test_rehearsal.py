"""Rehearsals: the real engine, and nothing of it stays."""

import pytest
from django.apps import apps

from triggers import sweeping
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
    assert (compiled._books, document.of_version.cache_info().currsize) == ({}, 0)


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
