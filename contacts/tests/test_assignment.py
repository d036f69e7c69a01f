"""Turns: even, by weight, past the absent, and under concurrency."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections, transaction

from contacts.assignment import by_username, least_busy, next_in_turn, round_of
from contacts.models import Rotation
from contacts.tests import make

EQUAL = {"ana": 1, "ben": 1, "cem": 1}


@pytest.mark.parametrize(
    ("weights", "turns"),
    [((1,), (0,)), ((1, 1, 1), (0, 1, 2)), ((2, 1, 1), (0, 1, 2, 0)), ((3, 1), (0, 0, 1, 0)), ((2, 2), (0, 1, 0, 1))],
)
def test_a_round_spreads_turns_evenly(weights: tuple[int, ...], turns: tuple[int, ...]) -> None:
    assert round_of(weights) == turns


@pytest.mark.django_db
def test_everybody_comes_up_in_turn() -> None:
    assert [next_in_turn("r", EQUAL, EQUAL) for _ in range(7)] == ["ana", "ben", "cem", "ana", "ben", "cem", "ana"]


@pytest.mark.django_db
def test_weights_give_more_turns() -> None:
    turns = [next_in_turn("r", {"ana": 3, "ben": 1}, {"ana", "ben"}) for _ in range(8)]

    assert Counter(turns) == {"ana": 6, "ben": 2}


@pytest.mark.django_db
def test_turns_of_the_absent_are_passed_over_and_the_others_stay_even() -> None:
    assert [next_in_turn("r", EQUAL, {"ana", "cem"}) for _ in range(5)] == ["ana", "cem", "ana", "cem", "ana"]


@pytest.mark.django_db
def test_nobody_present_takes_no_turn() -> None:
    assert next_in_turn("r", EQUAL, set()) is None
    assert not Rotation.objects.exists()


@pytest.mark.django_db
def test_rotations_are_apart() -> None:
    assert [next_in_turn(name, EQUAL, EQUAL) for name in ("r", "s", "r")] == ["ana", "ana", "ben"]


@pytest.mark.django_db
def test_a_turn_that_is_undone_is_given_back() -> None:
    next_in_turn("r", EQUAL, EQUAL)

    with transaction.atomic():
        assert next_in_turn("r", EQUAL, EQUAL) == "ben"
        transaction.set_rollback(True)

    assert next_in_turn("r", EQUAL, EQUAL) == "ben"


@pytest.mark.django_db(transaction=True)
def test_turns_taken_at_once_are_as_even_as_one_after_another() -> None:
    ready = Barrier(6)

    def take(_number: int) -> list[str | None]:
        ready.wait(10)
        try:
            return [next_in_turn("r", EQUAL, EQUAL) for _ in range(5)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        turns = Counter(name for taken in pool.map(take, range(6)) for name in taken)

    assert turns == {"ana": 10, "ben": 10, "cem": 10}
    assert Rotation.objects.get().taken == 30


@pytest.mark.django_db
def test_the_least_busy_has_fewest_open_tasks() -> None:
    ana, ben = make.user("ana"), make.user("ben")
    make.task(None, assignee=ana)
    for _ in range(3):
        make.task(None, assignee=ben, completed_at="2026-03-04T10:00Z")

    assert least_busy("r", {"ana": ana, "ben": ben}, {"ana", "ben"}) == "ben"
    assert least_busy("r", {"ana": ana, "ben": ben}, {"ana"}) == "ana"


@pytest.mark.django_db
def test_the_equally_busy_take_turns() -> None:
    users = {name: make.user(name) for name in EQUAL}

    assert [least_busy("r", users, users) for _ in range(4)] == ["ana", "ben", "cem", "ana"]


@pytest.mark.django_db
def test_nobody_is_least_busy_when_nobody_is_there() -> None:
    assert least_busy("r", {"ana": make.user("ana")}, set()) is None
    assert least_busy("r", {}, set()) is None


@pytest.mark.django_db
def test_users_by_name_leave_out_the_unknown() -> None:
    ana = make.user("ana")

    assert by_username(["ana", "zoe"]) == {"ana": ana}
