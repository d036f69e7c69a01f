"""What other apps do with matched events: each is told once, within the transaction that matches it."""

import pytest

from triggers import sweeping
from triggers.context import quiet
from triggers.matching.followers import followers
from triggers.models import Event
from triggers.tests import make

pytestmark = pytest.mark.django_db


def test_a_follower_hears_of_each_event_once_and_of_none_that_is_muted(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setitem(followers, "test", lambda events, now: heard.extend(event.type for event in events))
    mia = make.contact()
    make.tag(mia)
    with quiet("import"):
        make.contact()

    sweeping.drain()
    sweeping.drain()

    assert heard == ["contact.created", "contact.tag_added"]


def test_an_event_whose_follower_fails_waits_unmatched(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(events: object, now: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setitem(followers, "test", fails)
    make.contact()

    sweeping.drain()

    event = Event.objects.get()
    assert (event.matched_at, event.match_attempts) == (None, 1)
