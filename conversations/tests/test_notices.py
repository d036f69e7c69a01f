from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connections

from conversations.notices import LIMIT, Told, tell
from triggers.models import Notice
from triggers.tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 12, 30, tzinfo=UTC)


def unread(user: object) -> list[str]:
    return list(Notice.objects.filter(user=user, read_at=None).order_by("pk").values_list("text", flat=True))


def fill(user: object, count: int, at: datetime = NOW) -> None:
    for n in range(count):
        tell([user], f"Notice {n}", "", uuid4(), at, shown=True)


def test_everyone_gets_one_notice() -> None:
    clara, bob = make.user(), make.user("bob")

    told = tell([clara, bob], "Anna replied", "/admin/x/", uuid4(), NOW, shown=True)

    assert told == Told([clara, bob], [])
    notice = Notice.objects.get(user=bob)
    assert (notice.text, notice.link) == ("Anna replied", "/admin/x/")
    assert (notice.created_at, notice.read_at) == (NOW, None)


def test_a_repeated_try_writes_nothing_and_answers_the_same() -> None:
    clara, key = make.user(), uuid4()

    first = tell([clara], "Anna replied", "", key, NOW, shown=True)
    Notice.objects.update(read_at=NOW)
    second = tell([clara], "Anna replied", "", key, NOW + timedelta(minutes=5), shown=True)

    assert first == second
    assert Notice.objects.get().read_at == NOW


def test_what_is_only_mailed_is_filed_as_read() -> None:
    clara = make.user()

    tell([clara], "Anna replied", "", uuid4(), NOW, shown=False)

    assert Notice.objects.get().read_at == NOW


def test_beyond_the_limit_notices_are_gathered_into_one() -> None:
    clara = make.user()
    fill(clara, LIMIT)
    assert len(unread(clara)) == LIMIT

    first = tell([clara], "Bob replied", "/b/", uuid4(), NOW, shown=True)
    second = tell([clara], "Carl replied", "/c/", uuid4(), NOW + timedelta(minutes=1), shown=True)

    assert first == Told([], [clara])
    assert second == Told([], [])
    assert unread(clara)[LIMIT:] == ["2 more notices this hour, among them: Carl replied"]
    assert Notice.objects.get(key__startswith="notify-more:").link == "/c/"
    assert Notice.objects.filter(key__startswith="notify:").count() == LIMIT + 2


def test_a_repeated_try_beyond_the_limit_counts_once() -> None:
    clara, key = make.user(), uuid4()
    fill(clara, LIMIT)

    for _ in range(3):
        assert tell([clara], "Bob replied", "", key, NOW, shown=True) == Told([], [clara])

    assert unread(clara)[LIMIT:] == ["1 more notice this hour: Bob replied"]


def test_more_after_the_gathering_was_read_shows_it_again() -> None:
    clara = make.user()
    fill(clara, LIMIT + 1)
    Notice.objects.update(read_at=NOW)

    fill(clara, 1)

    assert unread(clara) == ["2 more notices this hour, among them: Notice 0"]


def test_the_next_hour_begins_anew() -> None:
    clara = make.user()
    fill(clara, LIMIT + 5)

    told = tell([clara], "Anna replied", "", uuid4(), datetime(2027, 3, 10, 13, tzinfo=UTC), shown=True)

    assert told == Told([clara], [])
    assert "Anna replied" in unread(clara)


def test_one_persons_flood_is_not_anothers() -> None:
    clara, bob = make.user(), make.user("bob")
    fill(clara, LIMIT)

    told = tell([clara, bob], "Anna replied", "", uuid4(), NOW, shown=True)

    assert told == Told([bob], [clara])
    assert unread(bob) == ["Anna replied"]


@pytest.mark.django_db(transaction=True)
def test_actions_at_the_same_time_count_one_after_the_other() -> None:
    clara, ready = make.user(), Barrier(6)

    def one(_number: int) -> list[Told]:
        ready.wait(10)
        try:
            return [tell([clara], "Anna replied", "", uuid4(), NOW, shown=True) for _ in range(4)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        told = [each for several in pool.map(one, range(6)) for each in several]

    assert sum(each == Told([clara], []) for each in told) == LIMIT
    assert sum(each == Told([], [clara]) for each in told) == 1
    assert len(unread(clara)) == LIMIT + 1
