"""The ledger of forgotten people: a file outside the database, so that a restored backup is made to forget them again.

One line of JSON for each person, added as forgetting begins and as it ends: numbers, moments and keyed digests,
nothing that says who it was. Lines may repeat; applying them twice changes nothing.
"""

import logging
import os
from collections.abc import Iterable, Iterator
from functools import partial

from django.conf import settings
from django.db import transaction
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from contacts.dedupe import aliases
from contacts.models import Forgetting
from triggers import privacy
from triggers.privacy import Person

log = logging.getLogger(__name__)


class Entry(BaseModel):
    """One person: the contact's number, those it had before, when it was asked for, and what each app remembers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contact: int
    former: tuple[int, ...] = ()
    asked_at: AwareDatetime
    remnants: dict[str, list[str]] = {}


class Unreadable(ValueError):
    """A line that is none of the ledger's; the message names it."""


def note(row: Forgetting, who: Person) -> None:
    """Adds the person to the file once the transaction has committed."""
    remnants = {name: each.tell(who) for name, each in privacy.remnants.items()}
    told = {name: marks for name, marks in remnants.items() if marks}
    entry = Entry(contact=who.ids[0], former=who.ids[1:], asked_at=row.asked_at, remnants=told)
    transaction.on_commit(partial(_append, entry))


def entries() -> Iterator[Entry]:
    """Everybody whom this database knows as forgotten, the longest ago first; without what apps remember."""
    for pk, asked_at in Forgetting.objects.order_by("asked_at", "pk").values_list("contact_id", "asked_at"):
        yield Entry(contact=pk, former=aliases.all_numbers(pk)[1:], asked_at=asked_at)


def line(entry: Entry) -> str:
    return entry.model_dump_json(exclude_defaults=True)


def read(lines: Iterable[str]) -> Iterator[Entry]:
    """The entries of a file. Raises `Unreadable`."""
    for number, text in enumerate(lines, 1):
        if text.strip():
            try:
                yield Entry.model_validate_json(text)
            except ValidationError as error:
                raise Unreadable(f"line {number}: {error.errors()[0]['msg']}") from error


def _append(entry: Entry) -> None:
    """Adds a line and sees it onto the disk; what cannot be written is logged, for it is in the database too."""
    try:
        settings.FORGOTTEN_LEDGER.parent.mkdir(parents=True, exist_ok=True)
        with settings.FORGOTTEN_LEDGER.open("a") as file:
            file.write(line(entry) + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        log.exception("contact %s is not in the ledger %s", entry.contact, settings.FORGOTTEN_LEDGER)
