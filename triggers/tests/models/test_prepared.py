"""PreparedRequest: rendered once, the same on every try, gone with its action run."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from triggers.models import ActionRun, PreparedRequest
from triggers.tests.actions import play

pytestmark = pytest.mark.django_db


def counting() -> tuple[list[int], Callable[[], dict[str, int]]]:
    calls: list[int] = []

    def build() -> dict[str, int]:
        calls.append(1)
        return {"n": len(calls)}

    return calls, build


@pytest.fixture
def key() -> UUID:
    return play.perform("run.stop").key


def test_it_is_built_once(key: UUID) -> None:
    calls, build = counting()

    assert [PreparedRequest.once(key, build) for _try in range(3)] == [{"n": 1}] * 3
    assert len(calls) == 1


def test_each_action_run_has_its_own(key: UUID) -> None:
    _calls, build = counting()
    other = play.perform("run.stop").key

    assert (PreparedRequest.once(key, build), PreparedRequest.once(other, build)) == ({"n": 1}, {"n": 2})


def test_of_two_that_build_at_once_both_get_what_was_stored_first(key: UUID) -> None:
    def build() -> dict[str, str]:
        PreparedRequest.objects.create(action_run=ActionRun.objects.get(key=key), request={"by": "the other"})
        return {"by": "us"}

    assert PreparedRequest.once(key, build) == {"by": "the other"}


def test_what_is_forgotten_is_built_anew(key: UUID) -> None:
    _calls, build = counting()
    PreparedRequest.once(key, build)

    PreparedRequest.forget(key)
    PreparedRequest.forget(uuid4())

    assert PreparedRequest.once(key, build) == {"n": 2}


def test_a_failing_build_stores_nothing(key: UUID) -> None:
    with pytest.raises(ZeroDivisionError):
        PreparedRequest.once(key, lambda: {"n": 1 // 0})

    assert PreparedRequest.objects.count() == 0


def test_it_goes_with_its_action_run(key: UUID) -> None:
    PreparedRequest.once(key, dict)
    assert str(PreparedRequest.objects.get()) == str(ActionRun.objects.get().pk)

    ActionRun.objects.all().delete()

    assert PreparedRequest.objects.count() == 0
