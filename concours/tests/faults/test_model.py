"""T34: whatever staff, contacts, clocks and crashes do in whatever order, the promises hold (reliability, 2).

Hypothesis makes up the story; a model in memory says what must have come of it.
"""

import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from contacts.models import Contact, Note
from triggers import services, sweeping
from triggers.context import quiet
from triggers.matching import compiled, match
from triggers.models import ActionRun, Event, Run
from triggers.running import calling, crash, run
from triggers.running.acting import forget_versions
from triggers.tests import make
from triggers.tests.probes import Calls, probe

POINTS = ("events.matched", "runs.walked", "call.claimed", "call.sent", "call.settled", "call.recorded")
WAIT = timedelta(hours=1)
PEOPLE = 3
LEAVE = {"field": "event.body", "op": "is", "value": "leave"}


class Killed(BaseException):
    """What a kill looks like within one process: nothing after it happens, and open transactions vanish."""


@contextmanager
def killed_at(point: str | None) -> Iterator[None]:
    """The first thing to reach the point is killed there; without a point, nothing is."""

    def kill(name: str) -> None:
        if name == point:
            raise Killed

    places: tuple[Any, ...] = (match, run, calling)
    for place in places:
        place.crash = kill
    try:
        with suppress(Killed):
            yield
    finally:
        for place in places:
            place.crash = crash.crash


def draft(version: int) -> dict[str, Any]:
    """Every version leaves marks of its own: its points, and its number in the note."""
    made = make.document(
        make.action("before", "contact.adjust_score", points=1 + version),
        make.action("call", "probe"),
        make.action("wait", "wait.duration", hours=1),
        make.action("after", "note.create", body=f"version {version}"),
    )
    return made | {"exits": [{"uid": "x1", "event": "note.added", "config": {}, "conditions": LEAVE}]}


@dataclass
class Start:
    """What the model knows of a committed start: whose it is, and what must come of it."""

    contact: int
    epoch: int
    version: int | None = None
    left: bool = False


@dataclass
class Model:
    """The workflow as the model has it. An epoch begins each time it goes live."""

    version: int = 0
    live: bool = True
    epoch: int = 0
    now: datetime = field(default_factory=timezone.now)
    # by event id; not yet matched, and matched while the workflow was live
    pending: dict[int, Start] = field(default_factory=dict)
    leaving: dict[int, int] = field(default_factory=dict)
    started: dict[int, Start] = field(default_factory=dict)

    def match(self, active: set[int]) -> None:
        """All pending events, in their order. `active`: the events whose runs have not ended."""
        begun = set(active)
        for event in sorted(self.pending.keys() | self.leaving.keys()):
            if event in self.pending:
                start = self.pending[event]
                if self.live and start.epoch == self.epoch:
                    start.version = self.version
                    self.started[event] = start
                    begun.add(event)
            else:
                # Whether the workflow is paused or not.
                for older in begun:
                    if older < event and self.started[older].contact == self.leaving[event]:
                        self.started[older].left = True
        self.pending.clear()
        self.leaving.clear()


class Story(RuleBasedStateMachine):
    """Rules are what may happen; invariants hold after each; `teardown` lets everything due come and checks the end."""

    # what the receiver got
    calls: Calls

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        forget_compiled()
        self.model = Model()
        self.flow = services.create("Story", draft(0))
        services.publish(self.flow)
        with quiet("the story's beginning"):
            self.people = [make.contact(first_name=str(number), score=0).pk for number in range(PEOPLE)]
        self.calls.keys.clear()
        self.asleep: list[calling.Call] = []

    @rule(who=st.integers(0, PEOPLE - 1))
    def change(self, who: int) -> None:
        contact = self.people[who]
        make.tag(Contact.objects.get(pk=contact), uuid.uuid4().hex)
        self.model.pending[make.last_event("contact.tag_added").pk] = Start(contact, self.model.epoch)

    @rule(who=st.integers(0, PEOPLE - 1))
    def change_and_roll_back(self, who: int) -> None:
        before = Event.objects.count()
        with suppress(LookupError), transaction.atomic():
            make.tag(Contact.objects.get(pk=self.people[who]), uuid.uuid4().hex)
            raise LookupError
        assert Event.objects.count() == before

    @rule(who=st.integers(0, PEOPLE - 1))
    def leave(self, who: int) -> None:
        """An exit of the workflow."""
        contact = self.people[who]
        Note.objects.create(contact_id=contact, body="leave")
        self.model.leaving[make.last_event("note.added").pk] = contact

    @rule(minutes=st.sampled_from([0, 1, 2, 30, 60]), point=st.sampled_from([None, *POINTS]))
    def tick(self, minutes: int, point: str | None) -> None:
        """Time passes, and the workers do what is due, unless they are killed on the way."""
        self.work(minutes, point)

    def work(self, minutes: int = 0, point: str | None = None, *, outside: bool = True) -> None:
        self.model.now += timedelta(minutes=minutes)
        active = self.active()
        with killed_at(point):
            sweeping.drain(self.model.now, outside=outside)
        if not Event.objects.filter(matched_at=None, pk__in=[*self.model.pending, *self.model.leaving]).exists():
            self.model.match(active)

    @rule(who=st.integers(0, PEOPLE - 1))
    def lose_a_worker(self, who: int) -> None:
        """A start comes as far as its call, which is claimed by a worker that is not heard of any more."""
        self.change(who)
        self.work(outside=False)
        self.asleep += calling.take(1, self.model.now)[1]

    @precondition(lambda self: self.asleep)
    @rule(minutes=st.sampled_from([0, 2, 60]))
    def wake_a_worker(self, minutes: int) -> None:
        """It was not dead: it makes its call now, and brings the result, whoever has taken over meanwhile."""
        self.work(minutes)
        calling.make(self.asleep.pop(0), self.model.now)

    @rule()
    def edit_and_publish(self) -> None:
        """New starts take the new version; a paused workflow goes live with it."""
        self.model.version += 1
        self.flow.refresh_from_db()
        self.flow.draft = draft(self.model.version)
        services.publish(self.flow)
        self.go_live()

    @rule()
    def pause(self) -> None:
        self.flow.refresh_from_db()
        if self.model.live:
            services.pause(self.flow)
            self.model.live = False

    @rule()
    def resume(self) -> None:
        self.flow.refresh_from_db()
        services.resume(self.flow)
        self.go_live()

    def go_live(self) -> None:
        if not self.model.live:
            self.model.live = True
            self.model.epoch += 1

    def active(self) -> set[int]:
        return set(Run.objects.filter(status__in=Run.ACTIVE).values_list("event_id", flat=True))

    @invariant()
    def runs_are_those_of_the_model(self) -> None:
        """One run for each start that was due one, of the version then live; none for anything else."""
        runs = Run.objects.exclude(status="skipped").values_list("event_id", "version__number", "contact_id")
        expected = [(event, start.version + 1, start.contact) for event, start in self.model.started.items()]  # type: ignore[operator]
        assert sorted(runs) == sorted(expected)

    @invariant()
    def database_actions_took_effect_once(self) -> None:
        """Each contact's score is the sum of the first actions done, and its notes are the last ones done."""
        done = ActionRun.objects.filter(status="done").select_related("run", "run__version")
        points: Counter[int] = Counter()
        notes: Counter[tuple[int, str]] = Counter()
        for action in done:
            contact, version = action.run.contact_id, action.run.version.number - 1
            assert contact is not None
            if action.uid == "before":
                points[contact] += 1 + version
            elif action.uid == "after":
                notes[contact, f"version {version}"] += 1
        assert {pk: score for pk, score in Contact.objects.values_list("pk", "score") if score} == dict(points)
        assert Counter(Note.objects.exclude(body="leave").values_list("contact_id", "body")) == notes

    @invariant()
    def every_call_has_one_key(self) -> None:
        """No key but those of our runs, each again only after a worker was lost; what counts as sent was sent."""
        calls = {str(call.key): call for call in ActionRun.objects.filter(uid="call")}
        made = Counter(self.calls.keys)
        assert made.keys() <= calls.keys()
        assert all(times <= 1 + calls[key].losses for key, times in made.items())
        assert {key for key, call in calls.items() if call.status == "done"} <= made.keys()

    @invariant()
    def no_wait_ended_early(self) -> None:
        for waited in ActionRun.objects.filter(uid="wait", status="done"):
            assert waited.finished_at is not None
            assert waited.finished_at - waited.started_at >= WAIT

    def teardown(self) -> None:
        try:
            self.let_everything_end()
        finally:
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)

    def let_everything_end(self) -> None:
        """Live and undisturbed for long enough: every start comes to the end that it was promised."""
        self.resume()
        # Past every lease, then past every wait that has begun by now.
        self.work(2)
        self.work(60)
        runs = {run.event_id: run for run in Run.objects.all()}
        for event, start in self.model.started.items():
            state = runs[event].status
            if state == Run.Status.UNCERTAIN:
                assert runs[event].actions.get(uid="call").losses == calling.LOSSES
            else:
                assert state in ((Run.Status.CANCELLED,) if start.left else (Run.Status.DONE,))
        for check in (self.runs_are_those_of_the_model, self.database_actions_took_effect_once,
                      self.every_call_has_one_key, self.no_wait_ended_early):  # fmt: skip
            check()


def forget_compiled() -> None:
    """A rolled-back example leaves its ids to the next one."""
    compiled._books.clear()
    forget_versions()


def tell(examples: int, steps: int) -> None:
    quick = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, print_blob=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    with probe() as Story.calls:
        run_state_machine_as_test(Story, settings=quick)


@pytest.mark.django_db
def test_the_promises_hold_through_short_stories() -> None:
    tell(200, 8)


@pytest.mark.nightly
@pytest.mark.django_db
@pytest.mark.parametrize("part", range(10))
def test_the_promises_hold_through_long_stories(part: int) -> None:
    """5,000 of them, in parts that several processes can share (`-n 2`)."""
    tell(500, 50)
