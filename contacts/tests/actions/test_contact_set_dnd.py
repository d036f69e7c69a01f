"""contact.set_dnd: all channels or some, on or off."""

from typing import Any, get_args

import pytest

from contacts.actions.contact_set_dnd import Channel
from contacts.cleaning import EVERY_CHANNEL
from contacts.tests import make
from contacts.tests.actions import play

pytestmark = pytest.mark.django_db


def test_the_channels_offered_are_those_a_contact_can_close() -> None:
    assert get_args(Channel) == EVERY_CHANNEL


@pytest.mark.parametrize(
    ("before", "config", "after", "summary", "moved"),
    [
        ({}, {}, {"all": True}, "Turns do not disturb on: every channel.",
         ["email", "sms", "call", "whatsapp", "facebook", "gmb"]),
        ({}, {"channels": ["sms", "email"]}, {"email": True, "sms": True},
         "Turns do not disturb on: E-mail, SMS.", ["email", "sms"]),
        ({"email": True, "sms": True}, {"channels": ["sms"], "on": False}, {"email": True},
         "Turns do not disturb off: SMS.", ["sms"]),
        ({"all": True}, {"on": False}, {}, "Turns do not disturb off: every channel.",
         ["email", "sms", "call", "whatsapp", "facebook", "gmb"]),
    ],
)  # fmt: skip
def test_channels_are_closed_and_opened(
    before: dict[str, bool], config: dict[str, Any], after: dict[str, bool], summary: str, moved: list[str]
) -> None:
    mia = make.contact(dnd=before)

    done = play.perform("contact.set_dnd", mia, **config)

    mia.refresh_from_db()
    assert (mia.dnd, done.summary, done.result) == (after, summary, {"channels": moved})
    [event] = make.events("contact.changed")
    assert (event.changes, event.cause) == ({"dnd": {"old": before, "new": after}}, done.key)


def test_what_is_so_already_fires_nothing() -> None:
    done = play.perform("contact.set_dnd", make.contact(dnd={"all": True}), channels=["email"])

    assert (done.status, done.summary, done.result) == ("done", "It was so already.", {"channels": []})
    assert make.events("contact.changed") == []


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({}, "Turns do not disturb on: every channel."),
        ({"channels": ["email"], "on": False}, "Turns do not disturb off: E-mail."),
    ],
)
def test_preview(config: dict[str, Any], said: str) -> None:
    assert play.preview("contact.set_dnd", None, **config) == said


def test_problems() -> None:
    assert play.problems("contact.set_dnd") == []
    assert [path for path, _message in play.problems("contact.set_dnd", channels=["post"])] == [".channels[0]"]
    assert [path for path, _message in play.problems("contact.set_dnd", channels=[])] == [".channels"]


def test_the_reason_is_kept_with_the_change() -> None:
    mia = make.contact()

    done = play.perform("contact.set_dnd", mia, "by phone", channels=["sms"], reason="Asked {{ event.body }}")

    change = mia.dnd_changes.get()
    assert (change.channel, change.reason, change.direction, change.actor) == (
        "sms", "Asked by phone", "outbound", "workflow",
    )  # fmt: skip
    [event] = make.events("contact.dnd_changed")
    assert event.cause == done.key
