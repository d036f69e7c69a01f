"""Do-not-disturb with its source and time: what a change of the flag means by channel, and the log of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from contacts.models import CHANNELS, Contact, DndChange

Flags = Mapping[str, bool]
Direction = Literal["inbound", "outbound"]


@dataclass(frozen=True)
class Asked:
    """Who wanted it so: the contact ("inbound") or we ("outbound"), and why."""

    direction: Direction = "outbound"
    reason: str = ""


def differences(before: Flags, after: Flags) -> list[tuple[str, bool]]:
    """Channel and its new state for each that was closed or opened. "all" stands alone: what it covers is not told."""
    single = [name for name, _label in CHANNELS]
    if bool(before.get("all")) != bool(after.get("all")) and (after.get("all") or not any(map(after.get, single))):
        return [("all", bool(after.get("all")))]
    return [
        (name, _closed(after, name)) for name in single if _closed(before, name) != _closed(after, name)
    ]  # fmt: skip


def log(contact: Contact, before: Flags, asked: Asked) -> None:
    """Writes down how the contact's flags differ from what they were; each row is an event.

    Called in the transaction that wrote the flags, by whatever wrote them.
    """
    log_all([(contact, before)], asked)


def log_all(changed: Iterable[tuple[Contact, Flags]], asked: Asked) -> None:
    """The same for many contacts, each with what its flags were."""
    DndChange.objects.bulk_create(
        DndChange(
            contact=contact, channel=channel, enabled=closed, old=not closed, direction=asked.direction,
            reason=asked.reason[:300],
        )
        for contact, before in changed
        for channel, closed in differences(before, contact.dnd)
    )  # fmt: skip


def _closed(flags: Flags, channel: str) -> bool:
    return bool(flags.get("all") or flags.get(channel))
