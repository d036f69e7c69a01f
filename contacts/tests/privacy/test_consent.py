"""What a change of do-not-disturb means by channel, and its log."""

import pytest

from contacts import services
from contacts.models import DndChange
from contacts.privacy import consent
from contacts.tests import make

SIX = ("email", "sms", "call", "whatsapp", "facebook", "gmb")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({}, {}, []),
        ({}, {"email": True}, [("email", True)]),
        ({"email": True}, {}, [("email", False)]),
        ({"email": True}, {"sms": True}, [("email", False), ("sms", True)]),
        ({}, {"all": True}, [("all", True)]),
        ({"email": True}, {"all": True}, [("all", True)]),
        ({"all": True}, {}, [("all", False)]),
        # One channel opened of a contact that was closed altogether
        ({"all": True}, {name: True for name in SIX if name != "sms"}, [("sms", False)]),
        ({"email": False}, {}, []),
    ],
)
def test_differences(before: dict[str, bool], after: dict[str, bool], told: list[tuple[str, bool]]) -> None:
    assert consent.differences(before, after) == told


@pytest.mark.django_db
def test_the_log_is_only_added_to() -> None:
    mia = make.contact()
    services.set_dnd(mia, ["email"], True)
    change = DndChange.objects.get()

    change.enabled = False
    with pytest.raises(TypeError):
        change.save()

    assert DndChange.objects.get().enabled is True


@pytest.mark.django_db
def test_flag_and_log_are_written_together_or_not_at_all(monkeypatch) -> None:
    mia = make.contact()

    def fails(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(DndChange.objects, "bulk_create", fails)
    with pytest.raises(RuntimeError):
        services.set_dnd(mia, ["email"], True)

    mia.refresh_from_db()
    assert mia.dnd == {}
    assert make.events("contact.changed") == []
