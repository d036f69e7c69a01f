"""contact.dnd_changed: one event a channel, with who asked and why; and what a trigger may narrow it to."""

import pytest

from contacts import services
from contacts.tests import make
from contacts.tests.events.narrowing import refused, starts
from triggers.context import act_as

pytestmark = pytest.mark.django_db
INBOUND = services.Asked("inbound", "unsubscribe link")


def test_a_closed_channel_is_told_with_who_asked_and_why() -> None:
    mia = make.contact()

    with act_as(actor="provider", actor_id="7", origin="twilio"):
        services.set_dnd(mia, ["sms"], True, INBOUND)

    [event] = make.events("contact.dnd_changed")
    change = mia.dnd_changes.get()
    assert event.data == {
        "contact_id": mia.pk, "channel": "sms", "enabled": True, "old": False, "direction": "inbound",
        "reason": "unsubscribe link",
    }  # fmt: skip
    assert (event.contact_id, event.actor, event.origin) == (mia.pk, "provider", "twilio")
    assert (change.actor, change.actor_id, change.origin) == ("provider", "7", "twilio")


def test_several_channels_are_told_one_by_one_and_all_of_them_as_all() -> None:
    mia = make.contact()

    services.set_dnd(mia, ["sms", "email"], True)
    services.set_dnd(mia, ["all"], True)
    services.set_dnd(mia, ["all"], True)
    services.set_dnd(mia, ["all"], False)

    told = [(event.data["channel"], event.data["enabled"]) for event in make.events("contact.dnd_changed")]
    assert told == [("email", True), ("sms", True), ("all", True), ("all", False)]


def test_every_door_that_writes_the_flag_is_told() -> None:
    mia = services.create({"first_name": "Mia", "dnd": {"call": True}})

    services.update(mia, {"dnd": {"call": True, "sms": True}, "city": "Bonn"}, services.Asked(reason="By phone"))

    assert [(e.data["channel"], e.data["reason"]) for e in make.events("contact.dnd_changed")] == [
        ("call", ""),
        ("sms", "By phone"),
    ]


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, [True, True, True, True]),
        ({"direction": "inbound"}, [True, False, False, False]),
        ({"direction": "outbound"}, [False, True, True, True]),
        ({"flag": "enabled_all"}, [False, False, True, False]),
        ({"flag": "disabled_all"}, [False, False, False, True]),
        ({"flag": "enabled_specific", "channels": ["email", "sms"]}, [True, False, False, False]),
        ({"flag": "disabled_specific", "channels": ["email"]}, [False, True, False, False]),
        ({"channels": ["sms"]}, [False, False, False, False]),
    ],
)
def test_direction_flag_and_channel_narrow_it(config: dict[str, object], expected: list[bool]) -> None:
    mia = make.contact()
    services.set_dnd(mia, ["email"], True, INBOUND)
    services.set_dnd(mia, ["email"], False)
    services.set_dnd(mia, ["all"], True)
    services.set_dnd(mia, ["all"], False)

    assert [starts(event, **config) for event in make.events("contact.dnd_changed")] == expected


def test_a_specific_flag_needs_its_channel() -> None:
    assert refused("contact.dnd_changed", flag="enabled_specific") == [("channels",)]
    assert refused("contact.dnd_changed", flag="disabled_specific", channels=[]) == [("channels",)]
    assert refused("contact.dnd_changed", flag="enabled_all", channels=["sms"]) == [("channels",)]
    assert refused("contact.dnd_changed", flag="enabled_specific", channels=["post"]) == [("channels", "0")]
    assert refused("contact.dnd_changed", flag="enabled_specific", channels=["sms"]) == []
