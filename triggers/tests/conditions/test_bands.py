from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triggers.conditions.bands import Band, Bands, Thresholds

ABOVE_5 = Band((5, 1), None)
FROM_5 = Band((5, 0), None)
BELOW_5 = Band(None, (5, -1))
UP_TO_5 = Band(None, (5, 0))


@pytest.mark.parametrize(
    ("number", "found"),
    [
        (4, {"<5", "≤5"}),
        (5, {"≥5", "≤5"}),
        (Decimal("5.01"), {">5", "≥5"}),
    ],
)
def test_half_open_ranges_keep_their_ends(number, found):
    bands = Bands([(ABOVE_5, ">5"), (FROM_5, "≥5"), (BELOW_5, "<5"), (UP_TO_5, "≤5")])

    assert set(bands.around(number)) == found


@pytest.mark.parametrize(
    ("number", "found"),
    [
        (-1, []),
        (0, ["all"]),
        (2, ["all", "outer", "inner", "twin"]),
        (4, ["all", "outer"]),
        (7, ["all", "later"]),
        (100, ["all"]),
        (101, []),
    ],
)
def test_closed_ranges_are_found_inside_one_another(number, found):
    ranges = {"outer": (1, 5), "inner": (2, 3), "twin": (2, 3), "later": (6, 8), "all": (0, 100)}
    bands = Bands([(Band((low, 0), (high, 0)), name) for name, (low, high) in ranges.items()])

    assert sorted(bands.around(number)) == sorted(found)


def test_ranges_nested_without_end_are_arranged_and_searched():
    bands = Bands([(Band((n, 0), (20_000 - n, 0)), n) for n in range(10_000)])

    assert sorted(bands.around(3)) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("one", "other", "both", "empty"),
    [
        (ABOVE_5, Band(None, (9, 0)), Band((5, 1), (9, 0)), False),
        (ABOVE_5, FROM_5, ABOVE_5, False),
        (BELOW_5, UP_TO_5, BELOW_5, False),
        (FROM_5, UP_TO_5, Band((5, 0), (5, 0)), False),
        (ABOVE_5, UP_TO_5, Band((5, 1), (5, 0)), True),
        (Band((7, 0), (9, 0)), BELOW_5, Band((7, 0), (5, -1)), True),
    ],
)
def test_two_demands_narrow_to_what_they_share(one, other, both, empty):
    assert one.narrowed(other) == both
    assert one.narrowed(other).is_empty is empty


@pytest.mark.parametrize(
    ("old", "new", "crossed"),
    [
        (5, 10, ["up 10"]),
        (9, 25, ["up 10", "up 20"]),
        (10, 19, []),
        (10, 5, []),
        (11, 5, ["down 10"]),
        (25, 10, ["down 10", "down 20"]),
        (7, 7, []),
    ],
)
def test_a_move_finds_the_thresholds_it_crossed(old, new, crossed):
    entries = [(at, way, f"{way.removeprefix('crossed_')} {at}") for at in (20, 10) for way in WAYS]

    assert Thresholds(entries).crossed(old, new) == crossed


WAYS = ("crossed_up", "crossed_down")

ends = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(sorted)


@settings(max_examples=200, deadline=None)
@given(st.lists(ends, max_size=30), st.integers(-1, 13))
def test_closed_ranges_are_found_exactly(ranges, number):
    bands = Bands([(Band((low, 0), (high, 0)), at) for at, (low, high) in enumerate(ranges)])

    expected = [at for at, (low, high) in enumerate(ranges) if low <= number <= high]
    assert sorted(bands.around(number)) == expected
