"""The scan: each occurrence once, through outages, doubled scans and overlaps, and none before going live."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from triggers import registry, scanning, services, sweeping
from triggers.event_types import Due, Occurrence, Options
from triggers.models import Event, Run, Scan, Workflow
from triggers.tests import make

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
EVERY = 7


class Every(Options):
    minutes: int = EVERY


class ProbeTicked(Due):
    """Due at every seventh minute, for the one contact."""

    Options = Every
    contact_id: int

    @classmethod
    def due(cls, options: Every, since: datetime, until: datetime, zone: ZoneInfo) -> Iterator[Occurrence]:
        if options.minutes == 13:
            raise LookupError("thirteen")
        step = timedelta(minutes=options.minutes)
        moment = START + step * ((since - START) // step)
        while moment <= until:
            if since < moment:
                yield Occurrence(cls(contact_id=_contact), moment, moment.isoformat())
            moment += step


_contact = 0


@pytest.fixture(autouse=True)
def _probe(monkeypatch: pytest.MonkeyPatch) -> None:
    global _contact
    monkeypatch.setattr(ProbeTicked, "key", "probe.ticked")
    monkeypatch.setattr(ProbeTicked, "label", "Probe")
    monkeypatch.setitem(registry.events, "probe.ticked", ProbeTicked)
    _contact = make.contact().pk


def tick(minutes: int = EVERY, since: datetime = START, uid: str = "t1") -> Workflow:
    trigger = {"uid": uid, "event": "probe.ticked", "config": {"minutes": minutes}, "conditions": None}
    flow = make.workflow(
        make.action("a1", "data.set", values={"seen": "yes"}), name=f"Every {minutes}", triggers=[trigger]
    )
    Workflow.objects.filter(pk=flow.pk).update(enabled_at=since)
    return flow


def moments() -> list[datetime]:
    return list(Event.objects.filter(type="probe.ticked").order_by("occurred_at").values_list("occurred_at", flat=True))


def expected(until: datetime, after: datetime = START) -> list[datetime]:
    step = timedelta(minutes=EVERY)
    return [m for n in range(2000) if after < (m := START + step * n) <= until]


def test_each_occurrence_is_told_once_and_starts_its_workflow() -> None:
    flow = tick()

    for minute in range(60):
        scanning.scan("probe.ticked", START + minute * MINUTE)
    sweeping.drain()

    assert moments() == expected(START + 59 * MINUTE)
    assert Run.objects.filter(workflow=flow, status="done").count() == len(moments())


@pytest.mark.parametrize("seed", range(5))
def test_outages_doubled_scans_and_restarts_change_nothing(seed: int) -> None:
    """Two beats that each run, stop and come back at random; eight hours without either."""
    tick()
    chance = random.Random(seed)
    end = 24 * 60

    for minute in range(end):
        if not 300 <= minute < 780:
            for _beat in range(2):
                if chance.random() < 0.3:
                    scanning.scan("probe.ticked", START + minute * MINUTE - chance.random() * 5 * MINUTE)
    scanning.scan("probe.ticked", START + end * MINUTE)

    assert moments() == expected(START + end * MINUTE)


def test_after_an_outage_two_days_are_caught_up() -> None:
    tick()
    now = START + timedelta(days=5)

    scanning.scan("probe.ticked", now)

    assert moments() == expected(now, after=now - timedelta(hours=48))


def test_nothing_fires_for_the_time_before_it_went_live() -> None:
    live = START + 30 * MINUTE
    flow = tick(since=live)

    scanning.scan("probe.ticked", START + 60 * MINUTE)
    assert moments() == expected(START + 60 * MINUTE, after=live)

    services.pause(flow)
    scanning.scan("probe.ticked", START + 90 * MINUTE)
    assert len(moments()) == len(expected(START + 60 * MINUTE, after=live))


def test_a_trigger_that_cannot_be_asked_stops_no_other_and_is_asked_again() -> None:
    bad, good = tick(minutes=13), tick()

    scanning.scan("probe.ticked", START + 30 * MINUTE)

    assert moments() == expected(START + 30 * MINUTE)
    assert set(Event.objects.filter(type="probe.ticked").values_list("only_workflow", flat=True)) == {good.pk}
    mark = Scan.objects.get(workflow_id=bad.pk)
    assert (mark.until, mark.error) == (START, "LookupError('thirteen')")


def test_what_is_due_for_one_trigger_starts_no_other() -> None:
    flow, other = tick(), tick(minutes=10)

    scanning.scan("probe.ticked", START + 15 * MINUTE)
    sweeping.drain()

    assert [Run.objects.filter(workflow=each).count() for each in (flow, other)] == [2, 1]


def test_many_at_once_go_the_way_of_imports() -> None:
    tick()

    scanning.scan("probe.ticked", START + timedelta(hours=1))
    few = set(Event.objects.values_list("lane", flat=True))
    scanning.scan("probe.ticked", START + timedelta(hours=24))

    assert few == {0}
    assert set(Event.objects.filter(type="probe.ticked").values_list("lane", flat=True)) == {0, 2}


def test_the_next_firings_are_shown_soonest_first() -> None:
    found = scanning.upcoming(ProbeTicked, Every(), START, 5)

    assert [each.moment for each in found] == expected(START + 35 * MINUTE)


def test_with_nothing_due_three_queries_and_one_note_serve_all_triggers(django_assert_num_queries: Any) -> None:
    for n in range(20, 30):
        tick(minutes=n * 1000)

    with django_assert_num_queries(3):
        scanning.scan("probe.ticked", START + MINUTE)
