"""What is kept about a person, table by table: how it is told to them, and how it is forgotten.

Each app declares its tables in `<app>/holdings.py` and registers them in `ready`. A test asks that every
table that names a contact is declared, so that a new one cannot be left out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.apps import apps
from django.db import models

from triggers.tracking import TrackedQuerySet, drop

# When a table's turn comes: what is found by the person's addresses, or through their records, goes before the
# contact itself; then what belongs to it; the history last, so that it copies nothing that is not blanked yet.
BEFORE: Final = 0
THE_CONTACT: Final = 1
BELONGINGS: Final = 2
HISTORY: Final = 3


@dataclass(frozen=True)
class Person:
    """Whose data it is: the contact's number with its former ones, and the addresses that rows may hold."""

    ids: tuple[int, ...]
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()

    def is_named_in(self, text: str | bytes) -> bool:
        """Whether one of the person's e-mails or phone numbers stands in the text."""
        folded = (text.decode(errors="replace") if isinstance(text, bytes) else text).casefold()
        return any(address in folded for address in (*self.emails, *self.phones))


Rows = Callable[[Person], "models.QuerySet[Any]"]


class Keep:
    """The rows stay as they are: they hold nothing of the person."""


class Delete:
    """The rows go."""


@dataclass(frozen=True)
class Blank:
    """The rows stay, for the counts; these columns get these values."""

    values: Mapping[str, Any]


@dataclass(frozen=True)
class Holding:
    """One table: a person's rows, the columns told to them, and how the rows are forgotten.

    `picks` judges row by row where no column says whose a row is. `then` is called with the primary keys of
    the rows of each portion, before they are blanked.
    """

    name: str
    model: str
    rows: Rows
    forget: Keep | Delete | Blank
    told: tuple[str, ...] = ()
    turn: int = BELONGINGS
    label: Any = ""
    picks: Callable[[Any, Person], bool] | None = None
    then: Callable[[list[Any]], None] | None = None

    @property
    def heading(self) -> str:
        return str(self.label or apps.get_model(self.model)._meta.verbose_name_plural)

    def blank(self, keys: list[Any]) -> None:
        """Forgets these rows. No event tells of it: it would hold what is to be forgotten."""
        if self.then is not None:
            self.then(keys)
        rows = apps.get_model(self.model)._default_manager.filter(pk__in=keys)
        if isinstance(self.forget, Delete):
            drop(rows)
        elif isinstance(self.forget, Blank):
            write = rows.update_untold if isinstance(rows, TrackedQuerySet) else rows.update
            write(**self.forget.values)


holdings: dict[str, Holding] = {}
# What has to be so at once, before table after table is blanked: that nothing more is sent.
closers: dict[str, Callable[[Person, datetime], None]] = {}


@dataclass(frozen=True)
class Remnant:
    """What an app must know of forgotten people although the database was lost: marks that say nothing of them."""

    tell: Callable[[Person], list[str]]
    restore: Callable[[list[str], datetime], None]


# By what they are called; each app fills its own in `ready`.
remnants: dict[str, Remnant] = {}


def register(*declared: Holding) -> None:
    """Declares an app's tables; again changes nothing. Raises ValueError where two tables go by one name."""
    for holding in declared:
        known = holdings.get(holding.name)
        if known is not None and known.model != holding.model:
            raise ValueError(f"the holding “{holding.name}” is declared twice")
        holdings[holding.name] = holding


def in_turn() -> list[Holding]:
    """All tables in the order in which they are forgotten."""
    return sorted(holdings.values(), key=lambda holding: holding.turn)
