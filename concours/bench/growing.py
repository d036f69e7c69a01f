"""What a long history costs: case growth."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from functools import partial
from typing import Final

from django.db import connection
from django.utils import timezone
from django.utils.crypto import get_random_string

from concours.bench import Result, Size, case, percentile, result, scratch, seconds
from concours.bench.matching import SET
from contacts.models import Contact, Tag, Tagging
from triggers import sweeping
from triggers.matching import match
from triggers.models import Run, Workflow
from triggers.running import run

FEW: Final = 10_000
FIGURES: Final = ("insert", "drain", "p95")
# How each database makes a random uuid.
UUID: Final = {"postgresql": "gen_random_uuid()", "sqlite": "lower(hex(randomblob(16)))"}
EVENTS: Final = """
INSERT INTO triggers_event (type, occurred_at, subject_type, subject_id, contact_id, data, changes, actor, actor_id,
    origin, request_id, depth, lineage, only_trigger, muted, lane, matched_at,
    match_attempts, match_error)
SELECT 'contact.tag_added', %s, 'contacts.contact', {first} + n %% {people}, {first} + n %% {people},
    '{{"contact_id": 1, "tag": "Old"}}', '{{}}', 'user', '1', '', '', 0, '[]', '', false, 0, %s, 0, '' FROM {numbers}
"""
RUNS: Final = """
INSERT INTO triggers_run (workflow_id, version_id, event_id, trigger_uid, mode, status, reason, lane, subject_type,
    subject_id, contact_id, at, jump, claim, target, vars, root, created_at, finished_at)
SELECT {workflow}, {version}, id, 't1', 'live', 'done', '', 0, subject_type, subject_id, contact_id, 'a1', '', 0, '',
    '{{"seen": "yes"}}', id, occurred_at, occurred_at FROM triggers_event WHERE type = 'contact.tag_added'
"""
ACTIONS: Final = """
INSERT INTO triggers_actionrun (run_id, uid, position, action, status, key, tries, losses, outcome, config, result,
    summary, error_kind, error, started_at, finished_at)
SELECT id, 'a1', 0, 'data.set', 'done', {uuid}, 1, 0, '', '{{}}', '{{}}', 'Set seen.', '', '', created_at, created_at
FROM triggers_run
"""


@case("growth")
def growth(size: Size) -> list[Result]:
    """Insert, drain and p95 of one event to done beside a long history, against beside a short one."""
    many = int(os.environ.get("BENCH_GROWTH_ROWS", 1_000_000 if connection.vendor == "postgresql" else 200_000))
    rows, events, singles = size.of(many, 2000), size.of(1000, 100), size.of(200, 10)
    ratios: dict[str, list[float]] = {figure: [] for figure in FIGURES}
    scratch.empty()
    flow, people = scratch.flow(SET), scratch.people(events)
    sweeping.drain(outside=False)
    with _twin() as beside_many:
        _fill(flow, people[0].pk, size.of(FEW, 200))
        with beside_many():
            _fill(flow, people[0].pk, rows)
        for _round in range(size.rounds):
            few = _measure(people, singles)
            with beside_many():
                grown = _measure(people, singles)
            for figure in FIGURES:
                ratios[figure].append(grown[figure] / few[figure])
    return [
        result(f"growth ({name})", ratios[name], "≥ 0.95", rows=rows, **_told(name, grown[name])) for name in FIGURES
    ]


def _told(name: str, per_second: float) -> dict[str, float]:
    return {"ms": round(1000 / per_second, 1)} if name == "p95" else {"per_s": round(per_second)}


@contextmanager
def _twin() -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """A copy of the scratch database, as blocks within which the default connection leads to the copy."""
    connection.close()
    connection.creation.clone_test_db("twin", verbosity=0, autoclobber=True)
    here, there = connection.settings_dict["NAME"], connection.creation.get_test_db_clone_settings("twin")["NAME"]

    @contextmanager
    def inside() -> Iterator[None]:
        _turn_to(there)
        try:
            yield
        finally:
            _turn_to(here)

    try:
        yield inside
    finally:
        connection.creation.destroy_test_db(suffix="twin", verbosity=0)


def _turn_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    connection.connect()


def _fill(flow: Workflow, first: int, rows: int) -> None:
    """So many matched events of yesterday, ten for each contact, each with its run and action done."""
    then, vendor = timezone.now() - timedelta(days=1), connection.vendor
    words = {
        "first": first, "people": max(1, rows // 10), "numbers": scratch.numbers(rows),
        "workflow": flow.pk, "version": flow.current_id, "uuid": UUID[vendor],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(EVENTS.format(**words), [then, then])
        cursor.execute(RUNS.format(**words))
        cursor.execute(ACTIONS.format(**words))
        # Now, and not in the middle of a measurement, when autovacuum would come.
        cursor.execute("VACUUM")
    scratch.analyze()


def _measure(people: Sequence[Contact], singles: int) -> dict[str, float]:
    """Events inserted and drained per second, and how often the p95 of one event to done goes into a second."""
    tag = Tag.objects.create(name=get_random_string(12))
    _single(people[0], Tag.objects.create(name=get_random_string(12)))
    inserting = seconds(lambda: [Tagging.objects.create(contact=person, tag=tag) for person in people])
    draining = seconds(lambda: sweeping.drain(outside=False))
    tag = Tag.objects.create(name=get_random_string(12))
    took = [seconds(partial(_single, person, tag)) for person in people[:singles]]
    return {"insert": len(people) / inserting, "drain": len(people) / draining, "p95": 1 / percentile(took, 0.95)}


def _single(person: Contact, tag: Tag) -> None:
    Tagging.objects.create(contact=person, tag=tag)
    match.match_due()
    run.run_due()
    if Run.objects.filter(contact_id=person.pk, status__in=Run.ACTIVE).exists():
        raise RuntimeError("The run is not done.")
