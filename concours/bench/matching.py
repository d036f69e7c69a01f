"""What an event costs among many triggers, and how fast the outbox drains."""

import random
import sys
import tracemalloc
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from concours.bench import Result, Size, case, percentile, result, scratch, seconds
from triggers import registry, sweeping
from triggers.conditions.index import Index
from triggers.conditions.tree import Node, compile_tree
from triggers.evidence import lookup
from triggers.matching import match
from triggers.models import Event, Run
from triggers.running import run

SET = {"uid": "a1", "action": "data.set", "config": {"values": {"seen": "yes"}}}
SCORE = {"uid": "a1", "action": "contact.adjust_score", "config": {"points": 1}}


@case("match_k")
def match_k(size: Size) -> list[Result]:
    """Microseconds to find an event's triggers among 100,000, against among 10."""
    return [_match_k(size, kind) for kind in ("equality", "threshold", "mixed")]


def _match_k(size: Size, kind: str) -> Result:
    many, few = _index(kind, size.of(100_000, 2000)), _index(kind, 10)
    events = [{"event.tag": f"tag {n % 17} nobody", "contact.score": -5, "event.actor": "user"} for n in range(2000)]

    def find(index: Index[int]) -> None:
        for facts in events:
            for _candidate in index.candidates(facts):
                pass

    for warm in (many, few):
        find(warm)
    ratios, cost = [], 0.0
    for _round in range(size.rounds):
        cost = seconds(lambda: find(many))
        ratios.append(cost / seconds(lambda: find(few)))
    return result(f"match_k ({kind})", ratios, "≤ 1.5", us_per_event=round(cost / len(events) * 1e6, 2))


def _index(kind: str, count: int) -> Index[int]:
    return Index(enumerate(_node(kind, n) for n in range(count)))


def _node(kind: str, n: int) -> Node:
    equality = {"field": "event.tag", "op": "is", "value": f"tag {n}"}
    threshold = {"field": "contact.score", "op": "gt", "value": n}
    leaves = {
        "equality": [equality],
        "threshold": [threshold],
        "mixed": [equality, threshold] if n % 2 else [threshold],
    }
    return compile_tree({"all": leaves[kind]}, lookup(registry.events.find("contact.tag_added")))


@case("drain")
def drain(size: Size) -> list[Result]:
    """Outbox → matched → action → history, against draining bare rows by 100 with SKIP LOCKED."""
    events = size.of(5000, 200)
    found = []
    for label, action, goal in (("variables", SET, "≥ 0.10"), ("tracked save", SCORE, "≥ 0.10")):
        ratios, rate, raw = [], 0.0, 0.0
        for _round in range(size.rounds):
            _fill(events, action)
            rate = events / seconds(lambda: sweeping.drain(outside=False))
            raw = events / seconds(lambda: _raw_drain(events))
            ratios.append(rate / raw)
        found.append(result(f"drain ({label})", ratios, goal, events_per_s=round(rate), raw_rows_per_s=round(raw)))
    return found


def _fill(events: int, action: dict[str, Any]) -> None:
    """So many unmatched events of which each starts one run; the contacts' own creation is matched already."""
    scratch.empty()
    scratch.flow(action)
    contacts = scratch.people(events)
    while match.match_due(limit=2000):
        pass
    scratch.tag_all(contacts)
    scratch.analyze()


def _raw_drain(rows: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_queue (id integer PRIMARY KEY, done integer NOT NULL)")
        cursor.execute("DELETE FROM bench_queue")
        cursor.executemany("INSERT INTO bench_queue VALUES (%s, 0)", [(n,) for n in range(rows)])
        while _raw_batch(cursor):
            pass


def _raw_batch(cursor: Any) -> int:
    lock = " FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    with transaction.atomic():
        cursor.execute(f"SELECT id FROM bench_queue WHERE done = 0 ORDER BY id LIMIT 100{lock}")  # noqa: S608 -- two constants
        ids = [row[0] for row in cursor.fetchall()]
        if ids:
            marks = ",".join(["%s"] * len(ids))
            cursor.execute(f"UPDATE bench_queue SET done = 1 WHERE id IN ({marks})", ids)  # noqa: S608 -- marks only
    return len(ids)


@case("durability")
def durability(size: Size) -> list[Result]:
    """Throughput with every commit on disk, against commits that may be lost in a power cut (PostgreSQL)."""
    if connection.vendor != "postgresql":
        return []
    events, ratios = size.of(3000, 200), []
    for _round in range(size.rounds):
        rates = {}
        for mode in ("on", "off"):
            _fill(events, SET)
            with connection.cursor() as cursor:
                cursor.execute(f"SET synchronous_commit = {mode}")
            rates[mode] = events / seconds(lambda: sweeping.drain(outside=False))
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = on")
        ratios.append(rates["on"] / rates["off"])
    return [result("durability", ratios, "≥ 0.90", events_per_s=round(rates["on"]))]


@case("fairness")
def fairness(size: Size) -> list[Result]:
    """How long one workflow's events take while another has a long queue, against without (p95)."""
    backlog, probes, ratios = size.of(100_000, 1000), size.of(40, 5), []
    for _round in range(min(size.rounds, 3)):
        alone = _latencies(0, probes)
        beside = _latencies(backlog, probes)
        ratios.append(percentile(beside, 0.95) / percentile(alone, 0.95))
    return [result("fairness", ratios, "≤ 2", backlog=backlog, p95_ms=round(percentile(beside, 0.95) * 1000, 1))]


def _latencies(backlog: int, probes: int) -> list[float]:
    """Seconds from a tag added to its run done, with one worker that works the queue meanwhile."""
    scratch.empty()
    slow = scratch.flow(SET, name="Long queue", trigger={**scratch.TAGGED, "event": "note.changed"})
    quick = scratch.flow(SET, name="Quick")
    contacts = scratch.people(probes)
    sweeping.drain(outside=False)
    _queue(slow, backlog)
    scratch.analyze()
    return [_one(quick, contact, random.random() < 0.5) for contact in contacts]  # noqa: S311 -- no secrecy


def _queue(slow: Any, backlog: int) -> None:
    event = scratch.people(1)[0]
    row = Event.objects.filter(contact_id=event.pk).latest("id")
    runs = [
        Run(workflow=slow, version_id=slow.current_id, event=row, mode=Run.Mode.REPLAY, at="a1", due_at=timezone.now())
        for _n in range(backlog)
    ]
    Run.objects.bulk_create(runs, 5000)
    match.match_due()


def _one(quick: Any, contact: Any, newest: bool) -> float:
    def work() -> None:
        turn = newest
        scratch.tag_all([contact], "Quick")
        while not Run.objects.filter(workflow=quick, contact_id=contact.pk, status=Run.Status.DONE).exists():
            match.match_due()
            run.run_due(newest=turn)
            turn = not turn

    return seconds(work)


@case("memory")
def memory(size: Size) -> list[Result]:
    """Megabytes that 10,000 compiled triggers take in a worker, against the goal of 30."""
    count = size.of(10_000, 500)
    tracemalloc.start()
    kept = [_node("mixed", n) for n in range(count)], _index("mixed", count)
    used = tracemalloc.get_traced_memory()[0] / 1e6 * 10_000 / count
    tracemalloc.stop()
    assert sys.getsizeof(kept)
    return [result("sessions (MB per 10,000 triggers / 30)", [used / 30], "≤ 1", mb=round(used, 1))]
