"""Several workers and writers at once: nothing lost, nothing twice, every before-value true (T3, E 5, E 10).

Threads with connections of their own against the real database; on SQLite the single writer makes them queue.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import pytest
from django.db import connection, transaction

from contacts.events.note_added import NoteAdded
from contacts.models import Contact
from triggers import outbox, sweeping
from triggers.matching import match
from triggers.models import ActionRun, Event, Run
from triggers.tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*jobs: Callable[[], object]) -> None:
    """Runs the jobs side by side, each with a connection of its own, and raises what any of them raised."""

    def run(job: Callable[[], object]) -> None:
        try:
            job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        for done in [pool.submit(run, job) for job in jobs]:
            done.result()


def until_idle(work: Callable[[], int]) -> None:
    idle = 0
    while idle < 3:
        idle = 0 if work() else idle + 1


def size(postgres: int, sqlite: int) -> int:
    """SQLite has one writer: a tenth of the rows shows as much there."""
    return postgres if connection.vendor == "postgresql" else sqlite


def test_before_values_are_one_chain_under_four_writers() -> None:
    person = make.contact(score=0)
    saves = size(100, 25)

    def write(seed: int) -> None:
        chance = random.Random(seed)
        for _n in range(saves):
            mine = Contact.objects.get(pk=person.pk)
            mine.score = chance.randrange(10**9)
            mine.save()

    at_once(*[lambda seed=seed: write(seed) for seed in range(4)])

    told = Event.objects.filter(type="contact.engagement_score_changed").order_by("id")
    steps = [event.changes["score"] for event in told]
    ends = Counter(step["new"] for step in steps)
    starts = Counter(step["old"] for step in steps)
    assert len(steps) == 4 * saves
    # One chain from 0 to the last value: every value written is the before of exactly one other write.
    assert starts - ends == Counter({0: 1})
    assert ends - starts == Counter({Contact.objects.get(pk=person.pk).score: 1})


@pytest.mark.parametrize("matchers", [6])
def test_each_event_starts_each_workflow_once_through_many_matchers(matchers: int) -> None:
    flows = [make.workflow(name=f"Flow {n}") for n in range(3)]
    events = size(600, 90)
    people = Contact.objects.bulk_create([Contact(first_name=str(n)) for n in range(events)])
    for person in people:
        make.tag(person, "VIP")

    at_once(*[lambda: until_idle(lambda: match.match_due(limit=50))] * matchers)

    assert Run.objects.count() == events * len(flows)
    assert Event.objects.filter(matched_at=None).count() == 0


@pytest.mark.parametrize("rows", [320, pytest.param(20_000, marks=pytest.mark.nightly)])
def test_nothing_is_missed_behind_slow_transactions(settings: object, rows: int) -> None:
    """T3: rows that commit late, behind younger ones that committed first, are matched all the same."""
    settings.CONCOURS_RATE_PER_CONTACT = 10**6  # type: ignore[attr-defined]
    flow = make.workflow()
    writers = size(8, 3)
    people = [make.contact(first_name=str(seed)) for seed in range(writers + 1)]
    each = size(rows // writers, rows // 40)
    opened, written = threading.Event(), threading.Event()

    def write(seed: int) -> None:
        chance = random.Random(seed)
        for n in range(each):
            with transaction.atomic():
                make.tag(people[seed], f"{seed}-{n}")
                # Holds the transaction open while others commit around it.
                for _turn in range(chance.randrange(3)):
                    Contact.objects.filter(pk=people[seed].pk).exists()

    def write_all() -> None:
        try:
            assert opened.wait(60)
            at_once(*[lambda seed=seed: write(seed) for seed in range(writers)])
        finally:
            written.set()

    def hold_the_oldest_open() -> None:
        """SQLite has one writer, so there the oldest row is there from the beginning."""
        with transaction.atomic() if connection.vendor == "postgresql" else nullcontext():
            make.tag(people[-1], "oldest")
            opened.set()
            while not written.wait(5):
                # PostgreSQL is told to end transactions that are idle for a minute.
                Event.objects.exists()

    def poll() -> None:
        while not written.wait(0.005):
            match.match_due()
        until_idle(match.match_due)

    at_once(hold_the_oldest_open, write_all, *[poll] * 3)
    until_idle(match.match_due)

    tagged = Event.objects.filter(type="contact.tag_added")
    assert tagged.count() == writers * each + 1
    per_event = Counter(Run.objects.filter(workflow=flow, event__in=tagged).values_list("event_id", flat=True))
    assert set(per_event.values()) == {1}
    assert len(per_event) == tagged.count()


def test_one_key_is_one_event_through_many_writers() -> None:
    anna = make.contact()
    keys = [f"delivery {n}" for n in range(size(40, 15))]
    made: list[bool] = []

    def write(seed: int) -> None:
        for key in random.Random(seed).sample(keys, len(keys)):
            _event, is_new = outbox.emit_once(key, NoteAdded(note_id=1, contact_id=anna.pk, body=key))
            made.append(is_new)

    at_once(*[lambda seed=seed: write(seed) for seed in range(4)])

    assert Counter(made) == {True: len(keys), False: 3 * len(keys)}
    assert sorted(Event.objects.exclude(dedup_key=None).values_list("dedup_key", flat=True)) == sorted(keys)


def test_database_actions_take_effect_once_through_many_workers() -> None:
    flow = make.workflow(
        make.action("a1", "contact.adjust_score", points=1), make.action("a2", "note.create", body="x")
    )
    people = [make.contact(first_name=str(n)) for n in range(size(60, 15))]
    for person in people:
        make.tag(person)

    at_once(*[lambda: until_idle(sweeping.drain)] * 4)

    assert {run.status for run in make.runs(flow)} == {"done"}
    assert set(Contact.objects.values_list("score", flat=True)) == {1}
    assert [person.notes.count() for person in people] == [1] * len(people)
    assert ActionRun.objects.filter(run__workflow=flow).count() == 2 * len(people)


def test_two_runs_on_one_contact_do_not_overwrite_each_other() -> None:
    for n in range(4):
        make.workflow(make.action("a1", "contact.adjust_score", points=1), name=f"Flow {n}")
    person = make.contact()
    for n in range(5):
        make.tag(person, f"tag {n}")

    at_once(*[lambda: until_idle(lambda: sweeping.drain())] * 4)

    assert Contact.objects.get(pk=person.pk).score == 20
