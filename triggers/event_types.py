"""What an event type is. One file in an app's `events` drawer declares one, with `@event`.

Three kinds: `Created`, `Changed` and `Deleted` follow a model; `Happened` is emitted by a service or
a provider; `Due` is found by the clock. The class is the payload: typed fields from which come the
stored JSON, its schema, the condition fields, the API example and the docs page.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from triggers.conditions.fields import Field
from triggers.event_fields import changing_field, payload_fields
from triggers.kinds import Kinds

E = TypeVar("E", bound="type[EventType]")


class Options(BaseModel):
    """What staff may set on a trigger of this type. Forbids unknown keys."""

    model_config = ConfigDict(extra="forbid")

    def in_words(self) -> str:
        """What is chosen, as it stands within a sentence; where a type leaves it out, its texts are named."""
        raise NotImplementedError


@dataclass(frozen=True)
class Row:
    """One watched row as the database has it now and as it had it before; values by field name."""

    pk: int
    after: dict[str, Any]
    before: dict[str, Any] | None = None

    def changes(self, watch: Iterable[str]) -> dict[str, dict[str, Any]]:
        """`{field: {"old", "new"}}` of the watched fields that differ."""
        before = self.before or {}
        return {
            name: {"old": before[name], "new": self.after[name]}
            for name in watch
            if name in before and name in self.after and before[name] != self.after[name]
        }


class EventType(BaseModel):
    """Base of all event types; the decorator fills the class variables."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: ClassVar[str] = ""
    label: ClassVar[Any] = ""
    section: ClassVar[str] = ""
    immediate: ClassVar[bool] = False
    # False where the event tells of a subject that is gone by the time it is matched
    subject_remains: ClassVar[bool] = True
    # True where each event comes once in the life of its subject: a workflow may then run on its own effect
    finite: ClassVar[bool] = False
    # True where each event starts a workflow whatever its settings say of starting again
    reenters: ClassVar[bool] = False
    # what of its payload tells one from another, first; else the order of declaration
    telling: ClassVar[tuple[str, ...]] = ()
    Options: ClassVar[type[Options]] = Options

    @classmethod
    def description(cls) -> str:
        return (cls.__doc__ or "").strip()

    @classmethod
    def fields(cls) -> dict[str, Field]:
        """The payload's condition fields, by name."""
        return dict(payload_fields(cls))

    @classmethod
    def own_fields(cls) -> Mapping[str, Field]:
        """Further condition fields, which this installation's staff defined, as they are now."""
        return {}

    @classmethod
    def named(cls, data: Mapping[str, Any]) -> Any:
        """What the event with this payload is called where it stands by itself; the type's label, unless some are others."""
        return cls.label

    @classmethod
    def told_first(cls, data: Mapping[str, Any]) -> Sequence[str]:
        """Which fields of this payload tell it from others, first."""
        return cls.telling

    @classmethod
    def narrow(cls, options: Any) -> dict[str, Any] | None:
        """The condition tree that a trigger's options stand for; None when they exclude nothing."""
        return None

    @classmethod
    def standing(cls, options: Any) -> dict[str, Any] | None:
        """What shows on a contact that this has happened to it: of tag added, that it has the tag. None where nothing does.

        For counting who would match now; in the place of what only the event itself can say.
        """
        return None

    @classmethod
    def rank(cls, options: Any) -> int:
        """Where a trigger stands among those that the same event starts; lower numbers go first."""
        return 0

    @classmethod
    def address(cls, options: Any) -> str | None:
        """The one thing a trigger is about, such as a step: events of others do not concern it. None for all."""
        return None

    @classmethod
    def addresses(cls, facts: Mapping[str, Any]) -> Iterable[str]:
        """Every address under which a trigger is about the event with these facts."""
        return ()

    @classmethod
    def once(cls, options: Any, data: Mapping[str, Any]) -> str | None:
        """Within what a trigger starts once only, by the event's payload; None where each event counts."""
        return None

    @classmethod
    def lapsed(cls, events: Sequence[Any]) -> set[int]:
        """The ids of those past events whose subject's story is over, so that nothing is to start for them any more."""
        return set()

    def subject(self) -> tuple[str, int | None]:
        """Model label and primary key of what the event is about."""
        return "contacts.contact", getattr(self, "contact_id", None)


class Happened(EventType):
    """Emitted by a service or a provider: `emit(LinkClicked(...))`."""


class Told(NamedTuple):
    """What one row tells: the payload, and which watched fields changed from what to what."""

    row: Row
    payload: "Bound"
    changes: dict[str, dict[str, Any]]


class Bound(EventType):
    """Follows a model. `model` is its label, `watch` the fields whose change counts."""

    model: ClassVar[str] = ""
    watch: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, *, model: str = "", watch: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if model:
            cls.model, cls.watch = model, watch

    @classmethod
    def columns(cls) -> set[str]:
        """Fields of the model that the payload copies."""
        own_id = f"{cls.model.rpartition('.')[2].lower()}_id"
        return {name for name in cls.model_fields if name != own_id and not name.endswith("_before")}

    @classmethod
    def fires(cls, row: Row, changes: dict[str, dict[str, Any]]) -> bool:
        """Whether this row's change is this event; refine it in a subclass."""
        return True

    @classmethod
    def changes(cls, row: Row) -> dict[str, dict[str, Any]]:
        """`{field: {"old", "new"}}` as the event tells it; a column of many fields may tell each by its own name."""
        return row.changes(cls.watch)

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        """Payload fields that are no column of the row, by primary key, loaded for all rows at once."""
        return {}

    @classmethod
    def told(cls, rows: Sequence[Row]) -> Iterator["Told"]:
        """What each row that fires tells: a payload of its columns, its `_before` values and `extras`."""
        firing = [(row, changes) for row in rows if cls.fires(row, changes := cls.changes(row))]
        extras = cls.extras([row for row, _changes in firing]) if firing else {}
        for row, changes in firing:
            yield Told(row, cls.model_validate(cls._values(row) | extras.get(row.pk, {})), changes)

    @classmethod
    def _values(cls, row: Row) -> dict[str, Any]:
        own_id = f"{cls.model.rpartition('.')[2].lower()}_id"
        values: dict[str, Any] = {}
        for name in cls.model_fields:
            if name == own_id:
                values[name] = row.pk
            elif name.endswith("_before"):
                values[name] = (row.before or {}).get(name.removesuffix("_before"))
            elif name in row.after:
                values[name] = row.after[name]
        return values


class Created(Bound):
    """A row of the model was stored."""


class Changed(Bound):
    """A watched field of a row got another value."""

    @classmethod
    def fields(cls) -> dict[str, Field]:
        from django.apps import apps

        model = apps.get_model(cls.model)
        changing = {name: changing_field(model._meta.get_field(name)) for name in cls.watch}
        return super().fields() | changing

    @classmethod
    def fires(cls, row: Row, changes: dict[str, dict[str, Any]]) -> bool:
        return bool(changes)


class Deleted(Bound):
    """A row of the model is gone."""


class Due(EventType):
    """Found by the clock, not by a change."""

    @classmethod
    def due(cls, options: Any, since: datetime, until: datetime, zone: ZoneInfo) -> Iterable["Occurrence"]:
        """Every firing with `since` < moment <= `until`, from one indexed query. `zone` is the account's."""
        raise NotImplementedError


class Occurrence(NamedTuple):
    """One firing: its payload, its moment, and a key that is the same whenever this occurrence is found."""

    payload: Due
    moment: datetime
    key: str


events: Kinds[EventType] = Kinds("event type")


def event(
    key: str, *, label: Any, section: str, immediate: bool = False, subject_remains: bool = True
) -> Callable[[E], E]:
    """Registers the class as the event type `key`."""

    def add(cls: E) -> E:
        cls.key, cls.label, cls.section = key, label, section
        cls.immediate, cls.subject_remains = immediate, subject_remains
        events.register(key, cls)
        return cls

    return add
