"""Capture of many-to-many fields that event types watch: each side's add, remove, set and clear, as a change of its row.

The rows on the other side are told by name where they are users, by number otherwise. `set` is one change: what it
takes away and what it adds are told together. Deleting a row of the other side is no change of this one.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction
from django.db.models.signals import m2m_changed

from triggers import signals
from triggers.event_types import Row
from triggers.signals import read_rows, rows_changed, watch_of

Values = dict[int, list[Any]]


@dataclass(frozen=True, eq=False)
class Relation:
    """A watched field, and how its rows lie in the table between."""

    model: type[models.Model]
    name: str
    through: Any
    own: str
    other: str
    shown: str

    def values(self, ids: Collection[int]) -> Values:
        """What each row is related to, in order."""
        found: Values = {pk: [] for pk in ids}
        rows = self.through._base_manager.filter(**{f"{self.own}__in": ids}).order_by(self.shown)
        for pk, value in rows.values_list(f"{self.own}_id", self.shown):
            found[pk].append(value)
        return found

    def lock(self, ids: Collection[int]) -> None:
        rows = self.model._base_manager.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
        list(rows.values_list("pk"))

    def tell(self, before: Values) -> None:
        """Reports the rows whose relations are not what they were."""
        changed = {pk: now for pk, now in self.values(before).items() if now != before[pk]}
        watch = watch_of(self.model)
        if not changed or watch is None:
            return
        columns = read_rows(self.model._base_manager.filter(pk__in=changed), watch.needed({self.name}))
        rows = [Row(pk, {**columns[pk], self.name: changed[pk]}, {self.name: before[pk]}) for pk in sorted(changed)]
        rows_changed.send(sender=self.model, created=False, rows=rows)


# Of the change that is being written: what its rows were related to before, and whether it is a `set` of several.
_before: ContextVar[dict[Relation, Values] | None] = ContextVar("before", default=None)
_is_whole: ContextVar[bool] = ContextVar("is_whole", default=False)


def connect() -> None:
    """Listens to every many-to-many field that an event type watches. Called once, when all apps are ready."""
    for model in signals.watched_models():
        watch = watch_of(model)
        for field in model._meta.many_to_many:
            if watch is not None and field.name in watch.watched():
                _connect(model, field)


def _connect(model: type[models.Model], field: Any) -> None:
    other = field.m2m_reverse_field_name()
    by_name = issubclass(field.related_model, AbstractBaseUser)
    shown = f"{other}__{field.related_model.USERNAME_FIELD}" if by_name else f"{other}_id"
    relation = Relation(model, field.name, field.remote_field.through, field.m2m_field_name(), other, shown)

    def heard(instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **_kwargs: Any) -> None:
        _hear(relation, action, _concerned(relation, instance, reverse, pk_set))

    key = f"{model._meta.label_lower}:{field.name}"
    m2m_changed.connect(heard, sender=relation.through, weak=False, dispatch_uid=key)
    _tell_sets_whole(getattr(model, field.name))
    if not field.remote_field.hidden:
        _tell_sets_whole(getattr(field.related_model, field.remote_field.accessor_name))


def _concerned(relation: Relation, instance: Any, reverse: bool, pk_set: set[int] | None) -> set[int]:
    """The rows whose relations change: the instance itself, or those on the far side of it."""
    if not reverse:
        return {instance.pk}
    if pk_set is not None:
        return pk_set
    rows = relation.through._base_manager.filter(**{relation.other: instance.pk})
    return set(rows.values_list(f"{relation.own}_id", flat=True))


def _hear(relation: Relation, action: str, ids: set[int]) -> None:
    if action.startswith("pre_"):
        noted = (_before.get() if _is_whole.get() else None) or {}
        _before.set(noted)
        new = ids - noted.setdefault(relation, {}).keys()
        relation.lock(new)
        noted[relation] |= relation.values(new)
    elif not _is_whole.get():
        _tell_noted()


@contextmanager
def _told_whole() -> Iterator[None]:
    token = _is_whole.set(True)
    try:
        with transaction.atomic(savepoint=False):
            _before.set(None)
            yield
            _tell_noted()
    finally:
        _is_whole.reset(token)


def _tell_noted() -> None:
    noted = _before.get() or {}
    _before.set(None)
    for relation, before in noted.items():
        relation.tell(before)


def _tell_sets_whole(descriptor: Any) -> None:
    """Gives the field's manager a `set` that is heard as one change."""
    plain: Any = descriptor.related_manager_cls

    class Manager(plain):  # type: ignore[misc]
        def set(self, *args: Any, **kwargs: Any) -> None:
            with _told_whole():
                super().set(*args, **kwargs)

        set.alters_data = True  # type: ignore[attr-defined]

    descriptor.related_manager_cls = Manager
