"""Two people at once: one close, one wave, nothing twice.

Threads with connections of their own; on SQLite the single writer makes them queue.
"""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import OperationalError, connection

from contacts.models import Contact
from pipelines.maps import verbs
from pipelines.maps.refusal import Refused
from pipelines.models import Journey
from pipelines.tests.maps import make
from triggers.models import Event, Run

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """Runs the jobs side by side from one moment on; what each gave, or the refusal it met."""
    start = Barrier(len(jobs))

    def run(job: Callable[[], object]) -> object:
        try:
            start.wait()
            return job()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [done.result() for done in [pool.submit(run, job) for job in jobs]]


@pytest.mark.parametrize("again", range(5))
def test_two_people_finish_the_last_two_steps_in_the_same_second(again: int) -> None:
    journey = make.assigned("T1 std a! b!", "V video v!", "T2 std c!")
    flow = make.attached("track.closed", make.action("a1", "note.create", body="done"))
    steps = make.step("T1.a"), make.step("T1.b")

    at_once(*[lambda step=step: verbs.complete(journey.contact_id, step) for step in steps])

    told = Counter(make.told(journey.contact))
    assert told["track.closed T1"] == told["track.opened T2"] == told["track.opened V"] == told["step.opened c"] == 1
    assert told["step.closed a"] == told["step.closed b"] == 1
    assert Run.objects.filter(workflow=flow).count() == journey.contact.notes.count() == 1
    assert set(Event.objects.filter(type="track.opened").values_list("data__wave", flat=True)) == {1, 2}


@pytest.mark.parametrize("again", range(3))
def test_two_people_finish_the_same_step(again: int) -> None:
    journey = make.assigned("T1 std a!", "T2 std b!")
    step = make.step("T1.a")

    done = at_once(*[lambda: verbs.complete(journey.contact_id, step)] * 2)

    assert sum(isinstance(each, Refused) for each in done) == 1
    assert Counter(make.told(journey.contact))["track.opened T2"] == 1


@pytest.mark.parametrize("again", range(3))
def test_a_step_and_the_end_of_the_lead_at_once(again: int) -> None:
    journey = make.assigned("T1 std a!=city", "T2 std b!")
    step = make.step("T1.a")

    def lose() -> None:
        person = Contact.objects.get(pk=journey.contact_id)
        person.lead_status = "lost"
        person.save()

    at_once(lambda: verbs.complete(journey.contact_id, step, "Berlin"), lose)

    told = make.told(journey.contact)
    assert told.count("map.closed M") == 1
    assert told[-1] == "map.closed M" or "step.closed a" not in told


def test_two_assignments_at_once_leave_the_lead_in_one_map() -> None:
    person = make.lead()
    maps = [make.a_map(f"{name} std a!", name=name) for name in "AB"]

    at_once(*[lambda target=target: verbs.assign(person.pk, target) for target in maps])

    assert Journey.objects.filter(contact=person, is_current=True).count() == 1
    assert sorted(Journey.objects.values_list("status", flat=True)) == ["left", "open"]


def test_acts_of_two_leads_do_not_wait_for_each_other() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer")
    from django.db import transaction

    made = make.a_map("T1 std a!")
    first, second = make.lead(), make.lead(email="b@example.org")
    verbs.assign(first.pk, made)
    verbs.assign(second.pk, made)
    step = make.step("T1.a")

    with transaction.atomic():
        verbs.complete(first.pk, step)

        def other() -> None:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            verbs.complete(second.pk, step)

        try:
            at_once(other)
        except OperationalError as waited:
            pytest.fail(str(waited))

    assert len(make.events("step.closed")) == 2
