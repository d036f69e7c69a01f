"""A workflow as points: what each says, its runs, and the ways that lead on."""

from collections import Counter

import pytest

from triggers.admin.flow.counts import Counts
from triggers.admin.flow.points import Point, flattened, points
from triggers.tests import make

GERMAN = {"field": "contact.country", "op": "is", "value": "DE"}
ASKING = {**make.TAGGED, "config": {"tags": ["VIP"]}, "conditions": {"all": [GERMAN]}}
WAIT = {
    **make.action("w", "wait.for_event", event="message.customer_replied", days=2),
    "outcomes": {"happened": [], "timeout": [make.action("a1", "data.set", values={"seen": "no"})]},
}


def titles(line: list[Point]) -> list[tuple[int, str, str]]:
    return [(depth, way, point.title) for depth, way, point in flattened(line)]


def test_a_trigger_and_what_it_asks_stand_apart() -> None:
    counts = Counts(started=Counter({"t1": 5}), missed=Counter({"t1": 2}))

    starts, _line = points(make.document(triggers=[ASKING]), counts)

    assert [(p.title, p.note, p.count, p.href) for p in starts] == [
        ("Tag added (VIP)", "Contact Events", None, "#card-t1"),
        ("Country is Germany", "2 did not match", 5, "#card-t1"),
    ]


def test_ways_end_each_by_itself_where_nothing_follows() -> None:
    counts = Counts(ways=Counter({("w", "happened"): 3, ("w", "timeout"): 1}), passed=Counter({"w": 4, "a1": 1}))

    _starts, line = points(make.document(WAIT), counts)

    assert titles(line) == [
        (0, "", "Wait 2 days for “Customer replied”"),
        (1, "If it happens", "End"), (1, "If not", "Set variables “no”"), (1, "", "End"),
    ]  # fmt: skip
    assert [(way.label, way.count, way.points[-1].count) for way in line[0].ways] == [
        ("If it happens", 3, 3), ("If not", 1, 1),
    ]  # fmt: skip


def test_ways_come_together_before_what_follows() -> None:
    _starts, line = points(make.document(WAIT, make.action("a2", "run.stop")), None)

    assert [point.title for point in line] == ["Wait 2 days for “Customer replied”", "End this run"]
    assert [len(way.points) for way in line[0].ways] == [0, 1]


@pytest.mark.parametrize(
    ("counts", "note"),
    [
        (Counts(failed=Counter({"a1": 3}), waiting=Counter({"a1": 1})), ("3 failed", "bad")),
        (Counts(waiting=Counter({"a1": 31})), ("31 waiting now", "wait")),
        (Counts(), ("only if country is Germany", "quiet")),
    ],
)
def test_trouble_stands_before_patience_before_what_it_asks(counts: Counts, note: tuple[str, str]) -> None:
    node = {**make.action("a1", "data.set", values={}), "only_if": GERMAN}

    _starts, [point, _end] = points(make.document(node), counts)

    assert (point.note, point.tone) == note


@pytest.mark.parametrize(
    "document",
    [None, [], {}, {"triggers": 1, "actions": "x"}, {"actions": [{"branch": 1}, {"action": None}, 3, {"outcomes": 4}]},
     {"actions": [{"uid": ["x"], "action": "wait.duration", "config": {"days": "many"}}]},
     {"triggers": [{"event": 5, "conditions": {"all": 3}}]}],
)  # fmt: skip
def test_whatever_json_it_is_something_is_drawn(document: object) -> None:
    _starts, line = points(document, Counts())

    assert all(point.title for point in line)


def test_what_is_switched_off_is_drawn_so_and_without_its_ways() -> None:
    _starts, [point, _end] = points(make.document({**WAIT, "off": True}), Counts(failed=Counter({"w": 3})))

    assert (point.note, point.tone, point.ways) == ("Switched off", "off", [])
