"""Imports are worked on in portions: each row once, whatever breaks in between."""

import os
from datetime import timedelta
from itertools import count
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from django.db import connections, transaction
from django.utils import timezone

from contacts import tasks
from contacts.importing import steps, working, writing
from contacts.models import Contact, DuplicateSearch, Import, Note, Tagging
from contacts.tests import make
from contacts.tests.importing import make as files
from triggers import sweeping
from triggers import tasks as engine
from triggers.models import Event, Run
from triggers.problems import Invalid
from triggers.tests import make as flows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small_portions(monkeypatch: Any) -> None:
    monkeypatch.setattr(working, "PORTION", 10)


def people(count: int) -> str:
    return "First name,Email\n" + "".join(f"Person {n},person{n}@example.org\n" for n in range(count))


def ready(count: int = 35, **options: Any) -> Import:
    return steps.start(files.checked(people(count), **options), {})


def test_every_row_comes_in_once_and_is_counted() -> None:
    job = files.worked(ready())

    assert (job.status, job.rows, job.position) == ("done", 35, 35)
    assert (job.created, job.updated, job.unchanged, job.refused) == (35, 0, 0, 0)
    assert [portion.count for portion in job.portions.order_by("number")] == [10, 10, 10, 5]
    assert sorted(Contact.objects.values_list("email", flat=True)) == sorted(
        f"person{n}@example.org" for n in range(35)
    )
    assert job.due_at is None


def test_quiet_events_are_kept_and_start_nothing() -> None:
    flow = flows.workflow(triggers=[{"uid": "t1", "event": "contact.created", "config": {}, "conditions": None}])

    job = files.worked(ready(12))
    sweeping.drain()

    told = Event.objects.filter(type="contact.created")
    assert set(told.values_list("actor", "actor_id", "origin", "muted")) == {
        ("import", str(job.pk), f"import {job.pk}", True)
    }
    assert told.count() == 12
    assert flows.runs(flow) == []


def test_loud_events_start_workflows_on_the_bulk_lane() -> None:
    flow = flows.workflow(triggers=[{"uid": "t1", "event": "contact.created", "config": {}, "conditions": None}])

    files.worked(ready(12, automations=True, per_minute=0))

    assert set(Event.objects.filter(type="contact.created").values_list("muted", "lane")) == {(False, 2)}
    sweeping.drain()
    assert Run.objects.filter(workflow=flow).count() == 12


def test_a_loud_import_keeps_to_its_pace() -> None:
    job = ready(25, automations=True, per_minute=10)
    now = timezone.now()

    working.go_on(now)
    assert Contact.objects.count() == 10
    working.go_on(now + timedelta(seconds=59))
    assert Contact.objects.count() == 10
    working.go_on(now + timedelta(seconds=61))
    assert Contact.objects.count() == 20
    working.go_on(now + timedelta(seconds=122))
    working.go_on(now + timedelta(seconds=183))
    job.refresh_from_db()
    assert (job.status, job.created) == ("done", 25)


@pytest.mark.django_db(transaction=True)
def test_a_crash_in_the_middle_of_a_portion_leaves_nothing_of_it_and_resumes_there(monkeypatch: Any) -> None:
    make.tag("VIP")
    job = ready(35, tags=["VIP"])
    killed = _in_a_process_that_dies_in_portion(2)

    assert os.WEXITSTATUS(killed) == 9
    job.refresh_from_db()
    assert (job.status, job.position, job.created) == ("running", 20, 20)
    assert (Contact.objects.count(), Tagging.objects.count()) == (20, 20)
    assert Event.objects.filter(type="contact.created").count() == 20

    assert working.go_on(timezone.now()) == 0, "the lease still holds"
    working.go_on(timezone.now() + working.LEASE)

    job.refresh_from_db()
    assert (job.status, job.position, job.created) == ("done", 35, 35)
    assert Contact.objects.count() == len(set(Contact.objects.values_list("email", flat=True))) == 35
    assert (Tagging.objects.count(), Event.objects.filter(type="contact.created").count()) == (35, 35)


def _in_a_process_that_dies_in_portion(number: int) -> int:
    """Works on what is due in a process that is gone, without a word, between the rows and their commit."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        tell = working._tell

        def dying(portion: Any, outcomes: Any) -> None:
            tell(portion, outcomes)
            if portion.number == number:
                os._exit(9)

        working._tell = dying
        working.go_on()
        os._exit(0)
    return os.waitpid(child, 0)[1]


@pytest.mark.parametrize("phase", ["reading", "checking"])
def test_reading_and_checking_resume_too(phase: str, monkeypatch: Any) -> None:
    job = files.taken(people(35))
    steps.choose(job, job.mapping, {"start": True})
    broken = _breaking(monkeypatch, {"reading": "_keep", "checking": "_moved"}[phase], at=3)

    working.go_on()
    monkeypatch.undo()
    monkeypatch.setattr(working, "PORTION", 10)
    job.refresh_from_db()
    assert (broken, job.attempts) == (["broke"], 1)
    working.go_on(timezone.now() + working.LEASE)

    job.refresh_from_db()
    assert (job.status, job.rows, job.created, Contact.objects.count()) == ("done", 35, 35, 35)


def test_a_portion_that_always_breaks_ends_the_import(monkeypatch: Any) -> None:
    job = ready(5)
    monkeypatch.setattr(writing, "write", lambda *_args: 1 / 0)

    for n in range(1, working.ATTEMPTS + 1):
        working.go_on(timezone.now() + n * 2 * working.LEASE)

    job.refresh_from_db()
    assert (job.status, job.due_at, job.failure) == ("failed", None, "Something broke on our side. It is in the log.")
    assert Contact.objects.count() == 0


@pytest.mark.parametrize(("phase", "made"), [("_keep", 0), ("Checker", 0), ("_tell", 10)])
def test_what_broke_for_good_is_resumed_where_it_was(phase: str, made: int, monkeypatch: Any) -> None:
    job = files.taken(people(25))
    steps.choose(job, job.mapping, {"start": True})
    real, calls = getattr(working, phase), count()
    broken = lambda *args: real(*args) if phase == "_tell" and not next(calls) else 1 / 0  # noqa: E731
    monkeypatch.setattr(working, phase, broken)
    for n in range(1, working.ATTEMPTS + 1):
        working.go_on(timezone.now() + n * 2 * working.LEASE)
    job.refresh_from_db()
    assert (job.status, Contact.objects.count(), steps.can_resume(job)) == ("failed", made, True)
    assert steps.can_undo(job) == bool(made)

    monkeypatch.setattr(working, phase, real)
    steps.resume(job)

    job = files.worked(job)
    assert (job.status, job.created, job.failure, Contact.objects.count()) == ("done", 25, "", 25)
    with pytest.raises(Invalid):
        steps.resume(job)


def test_a_file_that_cannot_be_read_is_not_resumed() -> None:
    job = files.taken(people(3))
    Path(job.file.path).unlink()
    working.go_on()

    job.refresh_from_db()
    assert job.status == "failed"
    with pytest.raises(Invalid, match="Upload the file again"):
        steps.resume(job)


def _breaking(monkeypatch: Any, name: str, at: int) -> list[str]:
    real, calls, broke = getattr(working, name), [0], []

    def call(*args: Any) -> Any:
        calls[0] += 1
        if calls[0] == at:
            broke.append("broke")
            raise OSError("the disk is away")
        return real(*args)

    monkeypatch.setattr(working, name, call)
    return broke


def test_a_second_worker_lets_the_first_go_on() -> None:
    job = ready(5)
    now = timezone.now()
    Import.objects.filter(pk=job.pk).update(due_at=now + working.LEASE)

    assert working.go_on(now) == 0
    assert Contact.objects.count() == 0


def test_two_workers_at_once_write_each_row_once(monkeypatch: Any) -> None:
    job = ready(25)
    stale = Import.objects.get(pk=job.pk)
    files.worked(job)

    with transaction.atomic():
        assert working._write(stale, timezone.now()) is False
    assert Contact.objects.count() == 25


def test_a_file_that_breaks_off_waits_for_a_person() -> None:
    job = files.checked(people(12) + 'Mia,"mia@exam', start=True)

    assert (job.status, job.rows, job.broken_line) == ("checked", 12, 14)
    with pytest.raises(steps.Invalid, match="The file breaks at line 14: The quotes"):
        steps.start(job, {})
    assert Contact.objects.count() == 0

    job = files.worked(steps.start(job, {"although_broken": True}))
    assert (job.status, job.created) == ("done", 12)


def test_cancelled_it_does_no_more() -> None:
    job = ready(25, automations=True, per_minute=10)
    working.go_on()

    steps.cancel(job)
    working.go_on(timezone.now() + timedelta(hours=1))

    job.refresh_from_db()
    assert (job.status, job.created, Contact.objects.count()) == ("cancelled", 10, 10)


def test_other_columns_chosen_in_between_are_the_ones_that_count(monkeypatch: Any) -> None:
    job = files.taken("a,b\n" + "Mia,Berlin\n" * 25)
    steps.choose(job, {"0": "first_name"}, {})
    _interrupt(monkeypatch, lambda: steps.choose(job, {"0": "last_name", "1": "city"}, {"match": []}))

    job = files.worked(job)

    assert {(r["last_name"], r["city"]) for r in files.records(job)} == {("Mia", "Berlin")}
    assert (job.status, job.position) == ("checked", 25)


def _interrupt(monkeypatch: Any, act: Any) -> None:
    real, done = working.Checker, []

    def checker(*args: Any) -> Any:
        if len(done) == 1:
            act()
        done.append(1)
        return real(*args)

    monkeypatch.setattr(working, "Checker", checker)


@pytest.fixture
def sent(monkeypatch: Any) -> list[tuple[str, str]]:
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr("triggers.poke.send", lambda task, queue: sent.append((task, queue)))
    return sent


def test_the_sweep_finds_what_is_due(sent: list[tuple[str, str]]) -> None:
    # no search for duplicates is due
    DuplicateSearch.objects.create()
    engine.sweep()
    assert tasks.IMPORT not in sent

    files.taken(people(3))
    engine.sweep()
    assert ("contacts.import", "bulk") in sent


def test_the_task_works_and_asks_for_another_turn(sent: list[tuple[str, str]], monkeypatch: Any) -> None:
    job = ready(25)
    monkeypatch.setattr(working.go_on, "__defaults__", (None, 0))

    tasks.go_on_importing()
    assert (sent, Contact.objects.count()) == ([tasks.IMPORT], 10)

    for _turn in range(4):
        tasks.go_on_importing()
    job.refresh_from_db()
    assert job.status == "done"


def test_its_workers_are_poked_after_the_commit(
    settings: Any, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.CONCOURS_POKE = True
    sent: Queue[tuple[str, str]] = Queue()
    monkeypatch.setattr("triggers.poke.send", lambda task, queue: sent.put((task, queue)))

    with django_capture_on_commit_callbacks(execute=True):
        files.taken(people(3))
        assert sent.empty()

    assert sent.get(timeout=10) == tasks.IMPORT


def test_drain_does_imports_too() -> None:
    job = ready(12)

    sweeping.drain()

    job.refresh_from_db()
    assert (job.status, Note.objects.count()) == ("done", 0)
