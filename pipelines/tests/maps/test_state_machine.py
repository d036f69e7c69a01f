"""Random maps and random acts: whatever is done, the engine keeps its promises.

No event twice in a journey; no step closed before it opened; one task track open at most; video tracks hold
nothing up; nothing recorded after a map was left or the lead was closed; what is refused changes nothing.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from contacts import services
from contacts.models import Contact
from pipelines.maps import verbs
from pipelines.models import Journey, JourneyStep, JourneyTrack, Map, Step, Track
from pipelines.tests.maps import make
from triggers.models import Event, Run
from triggers.problems import Invalid
from triggers.rehearsal import rehearsal

FIELDS = ("city", "company")
STEPS = st.lists(st.tuples(st.booleans(), st.sampled_from(("", "", "", *FIELDS))), min_size=1, max_size=3)
TRACKS = st.lists(st.tuples(st.sampled_from(("std", "flex", "video")), STEPS), min_size=1, max_size=4)
DEEDS = ("note", "lost", "won", "other", "flex", "field", "complete")
EVENTS = ("map.opened", "map.closed", "track.opened", "track.closed", "step.opened", "step.closed")

acts = {"count": 0}


def define(name: str, tracks: list[Any]) -> Map:
    """A map of random tracks; steps of video tracks are videos, others may mirror a field."""
    lines = []
    for n, (kind, steps) in enumerate(tracks):
        words = []
        for m, (required, mirrors) in enumerate(steps):
            mirror = f"={mirrors}" if mirrors and kind != "video" else ""
            words.append(f"s{m}{'!' if required else '~'}{mirror}")
        lines.append(f"{name}{n} {kind} {' '.join(words)}")
    return make.a_map(*lines, name=name)


class Acts(RuleBasedStateMachine):
    """One lead, two maps, a few workflows attached anywhere, and every act there is in any order."""

    steps = Bundle("steps")

    def __init__(self) -> None:
        super().__init__()
        self.undo = rehearsal()
        self.undo.__enter__()
        self.told = 0

    def teardown(self) -> None:
        self.undo.__exit__(None, None, None)

    @initialize(
        one=TRACKS,
        two=TRACKS,
        attached=st.lists(st.tuples(st.sampled_from(EVENTS), st.sampled_from(DEEDS), st.integers(0, 20)), max_size=4),
    )
    def build(self, one: list[Any], two: list[Any], attached: list[Any]) -> None:
        self.maps = [define("A", one), define("B", two)]
        self.lead = make.lead()
        self.all_steps = list(Step.objects.order_by("pk"))
        for n, (event, deed, seed) in enumerate(attached):
            self._attach(n, event, deed, seed)

    def _attach(self, n: int, event: str, deed: str, seed: int) -> None:
        flexes = list(Track.objects.filter(kind="flex").order_by("pk"))
        if deed == "flex" and flexes:
            track = flexes[seed % len(flexes)]
            keep = list(track.steps.order_by("pk").values_list("pk", flat=True))[: seed % 3]
            action = make.action("a1", "track.flex", track=track.pk, keep=keep)
        elif deed in ("lost", "won"):
            action = make.action("a1", "lead.close", status=deed)
        elif deed == "other":
            action = make.action("a1", "map.change", map=self.maps[seed % 2].pk)
        elif deed == "field":
            action = make.action("a1", "contact.update", values={FIELDS[seed % 2]: f"v{seed}"})
        elif deed == "complete":
            action = make.action("a1", "step.complete", step=self.all_steps[seed % len(self.all_steps)].pk)
        else:
            action = make.action("a1", "note.create", body="x")
        made = make.attached(event, action, name=f"W{n}", map=self.maps[seed % 2].pk if seed % 3 else None)
        self.workflows = [*getattr(self, "workflows", []), made]

    def act(self, deed: Callable[[], object]) -> None:
        """Does it; where it is refused, nothing has changed."""
        acts["count"] += 1
        before = self.everything()
        try:
            with transaction.atomic():
                deed()
        except Invalid:
            assert self.everything() == before

    def everything(self) -> list[Any]:
        tables = (Journey, JourneyTrack, JourneyStep)
        return [list(table._base_manager.order_by("pk").values()) for table in tables] + [Event.objects.count()]

    @rule(which=st.integers(0, 1))
    def assign(self, which: int) -> None:
        self.act(lambda: verbs.assign(self.lead.pk, self.maps[which]))

    @rule(n=st.integers(0, 30), value=st.sampled_from((None, "x", "y")))
    def complete(self, n: int, value: str | None) -> None:
        self.act(lambda: verbs.complete(self.lead.pk, self.all_steps[n % len(self.all_steps)], value))

    @rule(n=st.integers(0, 5))
    def complete_what_is_open(self, n: int) -> None:
        todo = list(JourneyStep.objects.filter(journey__contact=self.lead, journey__is_current=True, status="open"))
        if todo:
            self.act(lambda: verbs.complete(self.lead.pk, todo[n % len(todo)].step, "z"))

    @rule(n=st.integers(0, 30))
    def uncheck(self, n: int) -> None:
        self.act(lambda: verbs.uncheck(self.lead.pk, self.all_steps[n % len(self.all_steps)]))

    @rule(n=st.integers(0, 30))
    def change(self, n: int) -> None:
        self.act(lambda: verbs.change(self.lead.pk, self.all_steps[n % len(self.all_steps)], "changed"))

    @rule(n=st.integers(0, 30))
    def watch(self, n: int) -> None:
        self.act(lambda: verbs.watch(self.lead.pk, self.all_steps[n % len(self.all_steps)]))

    @rule()
    def advance(self) -> None:
        self.act(lambda: verbs.advance(self.lead.pk))

    @rule(status=st.sampled_from(("open", "won", "lost", "closed")))
    def status(self, status: str) -> None:
        self.act(lambda: services.update(Contact.objects.get(pk=self.lead.pk), {"lead_status": status}))

    @rule(field=st.sampled_from(FIELDS), value=st.sampled_from(("", "one", "two")))
    def field(self, field: str, value: str) -> None:
        self.act(lambda: services.update(Contact.objects.get(pk=self.lead.pk), {field: value or None}))

    @rule(n=st.integers(0, 10))
    def edit(self, n: int) -> None:
        tracks = list(Track.objects.exclude(kind="video").order_by("pk"))
        if tracks and Step.objects.count() < 20:
            track = tracks[n % len(tracks)]
            Step.objects.create(track=track, name=f"new{Step.objects.count()}", position=9, control="text")

    @invariant()
    def the_record_holds(self) -> None:
        if not hasattr(self, "lead"):
            return
        for journey in Journey.objects.filter(contact=self.lead):
            events = list(
                Event.objects.filter(subject_type="pipelines.journey", subject_id=journey.pk, type__in=EVENTS)
                .order_by("pk").values_list("type", "data", "occurred_at")
            )  # fmt: skip
            self._once(events)
            self._opened_before_closed(events)
            self._nothing_afterwards(journey, events)
            self._tracks_stand(journey)
        assert Journey.objects.filter(contact=self.lead, is_current=True).count() <= 1
        broken = Run.objects.filter(contact_id=self.lead.pk, status="failed").values_list("reason", flat=True)
        assert [reason for reason in broken if "broke" in reason] == []

    def _once(self, events: list[Any]) -> None:
        told = [(kind, data.get("step_id"), data.get("track_id"), data.get("outcome")) for kind, data, _at in events]
        assert len(told) == len(set(told))

    def _opened_before_closed(self, events: list[Any]) -> None:
        opened: set[tuple[str, Any]] = set()
        for kind, data, _at in events:
            noun, _dot, verb = kind.partition(".")
            key = (noun, data.get("step_id") or data.get("track_id") if noun != "map" else data["map_id"])
            if noun == "step":
                assert ("track", data["track_id"]) in opened
            assert ("map", data["map_id"]) in opened or kind == "map.opened"
            if verb == "opened":
                opened.add(key)
            else:
                assert key in opened

    def _nothing_afterwards(self, journey: Journey, events: list[Any]) -> None:
        if journey.left_at is not None and journey.status == Journey.Status.LEFT:
            assert all(at <= journey.left_at for _kind, _data, at in events)
        closes = [data["outcome"] for kind, data, _at in events if kind == "map.closed"]
        assert closes == journey.outcomes

    def _tracks_stand(self, journey: Journey) -> None:
        tracks = list(journey.tracks.prefetch_related("steps").order_by("position"))
        tasks = [track for track in tracks if track.kind != "video"]
        assert sum(track.status == "open" for track in tasks) <= 1
        # Task tracks follow one another, whatever the videos beside them do.
        assert all(track.status == "closed" for track in tasks[:-1])
        for track in tracks:
            statuses = {step.status for step in track.steps.all()}
            if track.status == "closed":
                assert "open" not in statuses
                assert not any(step.required and step.status == "left" for step in track.steps.all())
            for step in track.steps.all():
                assert (step.opened_at is not None) or step.status == "removed"
                assert step.status != "done" or step.closed_at is not None


def play(examples: int, length: int) -> None:
    acts["count"] = 0
    chosen = settings(
        max_examples=examples, stateful_step_count=length, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(Acts, settings=chosen)


@pytest.mark.django_db
def test_random_acts_keep_every_promise() -> None:
    play(examples=12, length=15)

    assert acts["count"] > 50


@pytest.mark.nightly
@pytest.mark.django_db
def test_ten_thousand_random_acts_keep_every_promise() -> None:
    play(examples=400, length=40)

    print(acts["count"], "acts on", connection.vendor)
    assert acts["count"] >= 10_000
