"""Capture: Django's signals on every model an event type is bound to, turned into events.

Connected once the registry is complete. The *before* of a watched field is read from the row under a
lock, never taken from memory, so that before → after is one unbroken chain under concurrent writers.
What signals miss (`update`, `bulk_create`, `bulk_update`) arrives through `rows_changed`, and so does what
`relations` hears of many-to-many fields.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.dispatch import Signal

from triggers import outbox, registry
from triggers.event_types import Bound, Changed, Created, Deleted, Row, Told

if TYPE_CHECKING:
    Column = models.Field[Any, Any]

# sender=model, created=bool, rows=list[Row]; sent within the transaction of the change
rows_changed = Signal()
# the same, by whatever door the change came, and sent when its events are recorded
rows_told = Signal()


@dataclass(frozen=True)
class Watch:
    """What is listened for on one model, and the columns needed to tell it."""

    created: tuple[type[Created], ...]
    changed: tuple[type[Changed], ...]
    deleted: tuple[type[Deleted], ...]
    columns: dict[str, "Column"] = field(default_factory=dict)
    # read beside those that an event tells, for whoever hears of `rows_told`
    beside: frozenset[str] = frozenset()

    def watched(self) -> set[str]:
        return {name for kind in self.changed for name in kind.watch}

    def touched_by(self, names: Collection[str]) -> list[type[Changed]]:
        """The event types that a change of these columns may be."""
        return [kind for kind in self.changed if not set(kind.watch).isdisjoint(names)]

    def needed(self, touched: set[str]) -> set[str]:
        """The columns to read when these are written: themselves, and what the events they make copy."""
        kinds = self.touched_by(touched)
        return (touched | self.beside | {name for kind in kinds for name in kind.columns()}) & self.columns.keys()


@cache
def watch_of(model: type[models.Model]) -> Watch | None:
    """The event types bound to this model and the columns they read; None when there are none."""
    label = model._meta.label_lower
    bound = [kind for kind in registry.events.values() if issubclass(kind, Bound) and kind.model.lower() == label]
    if not bound:
        return None
    beside = frozenset(getattr(model, "read_beside", ()))
    names = {name for kind in bound for name in (*kind.watch, *kind.columns())} | beside
    columns = {name: column for column in model._meta.concrete_fields for name in _names(column) & names}
    return Watch(
        tuple(kind for kind in bound if issubclass(kind, Created)),
        tuple(kind for kind in bound if issubclass(kind, Changed)),
        tuple(kind for kind in bound if issubclass(kind, Deleted)),
        columns,
        beside,
    )


def _names(column: "Column") -> set[str]:
    return {column.name, column.attname}


def connect() -> None:
    """Connects the receivers for every watched model. Called once, when all apps are ready."""
    for model in watched_models():
        for signal, receiver in (
            (pre_save, _before_save),
            (post_save, _after_save),
            (pre_delete, _before_delete),
            (post_delete, _after_delete),
            (rows_changed, _after_bulk),
        ):
            signal.connect(receiver, sender=model, dispatch_uid=f"{model._meta.label}:{receiver.__name__}")


def watched_models() -> "list[type[models.Model]]":
    """Every model that an event type is bound to."""
    labels = {kind.model for kind in registry.events.values() if issubclass(kind, Bound)}
    return [apps.get_model(label) for label in sorted(labels)]


def read_rows(queryset: models.QuerySet[Any], names: Iterable[str]) -> dict[int, dict[str, Any]]:
    """The named columns of each row of the queryset, by primary key."""
    names = list(names)
    rows = queryset.order_by().values_list("pk", *names)
    return {pk: dict(zip(names, values, strict=True)) for pk, *values in rows}


def values_of(instance: models.Model, columns: dict[str, "Column"]) -> dict[str, Any]:
    """The instance's columns as the database has them after a save, read anew where memory cannot know."""
    values = {name: instance.__dict__.get(column.attname, _UNKNOWN) for name, column in columns.items()}
    unknown = [name for name, value in values.items() if value is _UNKNOWN or hasattr(value, "resolve_expression")]
    for name in values.keys() - set(unknown):
        values[name] = columns[name].to_python(values[name]) if values[name] is not None else None
    if unknown:
        values |= read_rows(type(instance)._base_manager.filter(pk=instance.pk), unknown)[instance.pk]
    return values


_UNKNOWN = object()


def _before_save(sender: type[models.Model], instance: models.Model, using: str, update_fields: Any, **_: Any) -> None:
    watch = watch_of(sender)
    instance.__dict__.pop("_before", None)
    if watch is None or instance.pk is None or not watch.changed:
        return
    needed = watch.columns if update_fields is None else {
        name: column for name, column in watch.columns.items() if _names(column) & {*update_fields, *watch.beside}
    }  # fmt: skip
    if needed.keys() & watch.watched():
        locked = sender._base_manager.using(using).select_for_update().filter(pk=instance.pk)
        instance.__dict__["_before"] = read_rows(locked, needed).get(instance.pk)


def _after_save(sender: type[models.Model], instance: models.Model, created: bool, **_: Any) -> None:
    watch = watch_of(sender)
    before = instance.__dict__.pop("_before", None)
    if watch is None or not (created or before):
        return
    row = Row(instance.pk, values_of(instance, watch.columns), None if created else before)
    _tell(sender, watch, created, [row])


def _before_delete(sender: type[models.Model], instance: models.Model, **_: Any) -> None:
    """Builds the payload while what it speaks of is still there; a cascade may take it first."""
    watch = watch_of(sender)
    if watch is not None and watch.deleted:
        row = Row(instance.pk, values_of(instance, watch.columns))
        instance.__dict__["_leaving"] = [told for kind in watch.deleted for told in kind.told([row])]


def _after_delete(sender: type[models.Model], instance: models.Model, **_: Any) -> None:
    _record(sender, instance.__dict__.pop("_leaving", []))


def _after_bulk(sender: type[models.Model], created: bool, rows: list[Row], **_: Any) -> None:
    watch = watch_of(sender)
    if watch is not None and rows:
        _tell(sender, watch, created, rows)


def _tell(sender: type[models.Model], watch: Watch, created: bool, rows: list[Row]) -> None:
    kinds = watch.created if created else watch.touched_by(rows[0].before or {})
    _record(sender, [told for kind in kinds for told in kind.told(rows)])
    rows_told.send(sender=sender, created=created, rows=rows)


def _record(sender: type[models.Model], told: Iterable[Told]) -> None:
    label = sender._meta.label_lower
    outbox.record([outbox.Pending(each.payload, (label, each.row.pk), each.changes) for each in told])
