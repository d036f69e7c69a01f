"""Where points stand: nothing overlaps, ways side by side, texts cut to their box."""

from itertools import combinations

from triggers.admin.flow.layout import Box, lay_out
from triggers.admin.flow.points import points
from triggers.tests import make
from triggers.tests.admin.flow.test_points import ASKING, WAIT

DEEP = {
    "uid": "b",
    "branch": [
        {"uid": "b1", "if": ASKING["conditions"], "then": [WAIT, make.action("x", "data.set", values={"a": "b"})]},
        {"uid": "b2", "if": ASKING["conditions"], "then": []},
    ],
    "else": [make.action("y", "task.create", title="Ask what became of the very long offer for the new kitchen")],
}


def apart(one: Box, other: Box) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    return beside or one.bottom <= other.y or other.bottom <= one.y


def test_no_box_lies_on_another_and_all_lie_within() -> None:
    plan = lay_out(*points(make.document(DEEP, make.action("z", "data.set", values={}), triggers=[ASKING]), None), 119)

    assert len(plan.boxes) == 9
    assert all(apart(one, other) for one, other in combinations(plan.boxes, 2))
    assert all(box.x >= 0 and box.x + box.width <= plan.width and box.bottom < plan.height for box in plan.boxes)


def test_a_straight_workflow_is_two_lanes_wide_and_ways_one_each() -> None:
    plan = lay_out(*points(make.document(WAIT), None), 119)

    assert plan.width == 248
    assert [(box.x, box.width) for box in plan.boxes] == [(0, 248), (0, 248), (0, 119), (129, 119), (129, 119)]
    assert [name for _x, _y, name in plan.names] == ["If it happens", "If not"]


def test_long_titles_take_two_lines_and_are_cut_then() -> None:
    title = "Ask what became of the very long offer for the new kitchen in Waldstraße"
    plan = lay_out(*points(make.document(make.action("y", "task.create", title=title)), None), 119)

    box = plan.boxes[1]
    assert len(box.lines) == 2
    assert box.lines[1].endswith("…")
    assert all(len(line) * 7.2 <= box.width for line in box.lines)
