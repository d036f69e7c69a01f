"""Models whose every change is seen: `Tracked` saves and the bulk doors that signals miss.

A tracked `save()` opens a transaction and writes only what changed; `update`, `bulk_create` and
`bulk_update` report through `rows_changed`. What is made of a change then stands in `signals`.
"""

from collections.abc import Collection, Iterable
from copy import deepcopy
from functools import cache
from typing import Any, ClassVar, Self, TypeVar

from django.db import models, router, transaction

from triggers.context import quiet
from triggers.event_types import Row
from triggers.signals import Watch, read_rows, rows_changed, values_of, watch_of

M = TypeVar("M", bound=models.Model)


class SilentDoor(TypeError):
    """A bulk call that would change tracked rows without saying which; the message names the way round."""


class TrackedQuerySet(models.QuerySet[M]):
    """A queryset whose bulk writes tell of every row they changed."""

    def update(self, **kwargs: Any) -> int:
        """As Django's, within a transaction; each row whose watched value really changed is reported."""
        watch = watch_of(self.model)
        touched = _touched(watch, kwargs)
        if watch is None or not touched:
            return super().update(**kwargs)
        names = watch.needed(touched)
        with transaction.atomic(using=self.db, savepoint=False):
            before = read_rows(self.select_for_update(of=("self",)), names)
            super(TrackedQuerySet, self.filter(pk__among=before)).update(**kwargs)
            after = self._after(before, touched, kwargs)
            rows = [Row(pk, after[pk], before[pk]) for pk in before if after[pk] != before[pk]]
            rows_changed.send(sender=self.model, created=False, rows=rows)
        return len(before)

    def bulk_create(
        self,
        objs: Iterable[M],
        batch_size: int | None = None,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        update_fields: Collection[str] | None = None,
        unique_fields: Collection[str] | None = None,
    ) -> list[M]:
        """As Django's, each new row reported. Refuses the two forms that cannot say what they did."""
        if ignore_conflicts or update_conflicts:
            raise SilentDoor(
                f"{self.model.__name__}.bulk_create cannot tell which rows it kept; look up what exists "
                "and call bulk_create for the rest, or use get_or_create / update_or_create."
            )
        watch = watch_of(self.model)
        if watch is None or not watch.created:
            return super().bulk_create(objs, batch_size)
        with transaction.atomic(using=self.db, savepoint=False):
            made = super().bulk_create(objs, batch_size)
            rows = [Row(obj.pk, values_of(obj, watch.columns)) for obj in made]
            rows_changed.send(sender=self.model, created=True, rows=rows)
            for obj in made:
                if isinstance(obj, Tracked):
                    obj._remember()
        return made

    def update_untold(self, **kwargs: Any) -> int:
        """As Django's, without an event: for forgetting a person, of whom no event may keep what was there."""
        return super().update(**kwargs)

    def delete_untold(self) -> int:
        """Deletes rows without an event; see `drop`. The database refuses it where others refer to them."""
        return self._raw_delete(self.db)

    def _after(
        self, before: dict[int, dict[str, Any]], touched: set[str], kwargs: dict[str, Any]
    ) -> dict[int, dict[str, Any]]:
        """The rows as they stand now: computed where the new values are plain, read anew otherwise."""
        if any(hasattr(value, "resolve_expression") for value in kwargs.values()):
            names = list(next(iter(before.values()))) if before else []
            return read_rows(self.model._base_manager.using(self.db).filter(pk__among=before), names)
        plain = {name: _plain(self.model, name, kwargs) for name in touched}
        return {pk: {**row, **plain} for pk, row in before.items()}


class TrackedManager(models.Manager.from_queryset(TrackedQuerySet)):  # type: ignore[misc]
    """`objects` of every tracked model."""


class Tracked(models.Model):
    """Base of the models whose changes are events.

    `save()` writes only the columns that differ from what was loaded, so a stale instance does not
    overwrite what another process changed; a save that changes nothing writes and reports nothing.
    """

    # Columns that whoever hears of changes asks for beside those that events tell.
    read_beside: ClassVar[tuple[str, ...]] = ()

    objects = TrackedManager()

    class Meta:
        abstract = True

    def save(
        self,
        *,
        force_insert: Any = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        if update_fields is None and not self._state.adding and not force_insert:
            update_fields = self.unsaved_fields()
            if not update_fields:
                return
        with transaction.atomic(using=using or router.db_for_write(type(self), instance=self), savepoint=False):
            super().save(force_insert=force_insert, force_update=force_update, using=using, update_fields=update_fields)
        self._remember()

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        instance = super().from_db(*args, **kwargs)
        instance._remember()
        return instance

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        self._remember()

    def unsaved_fields(self) -> list[str]:
        """Names of the fields that differ from what was loaded, with the `auto_now` ones; empty if none."""
        loaded = self.__dict__.get("_loaded", {})
        changed = [
            field.name
            for field in self._meta.concrete_fields
            if field.attname in self.__dict__ and self.__dict__[field.attname] != loaded.get(field.attname, _NEVER)
        ]
        stamps = [field.name for field in self._meta.concrete_fields if getattr(field, "auto_now", False)]
        return [*changed, *stamps] if changed else []

    def _remember(self) -> None:
        values = self.__dict__
        values["_loaded"] = {name: _frozen(values[name]) for name in _attributes(type(self)) if name in values}


def drop(rows: models.QuerySet[Any]) -> None:
    """Deletes rows so that no workflow starts for it: what they tell lives on elsewhere, or is to be forgotten.

    Without any event where nothing refers to them; with muted ones where Django has to see to what does.
    """
    referred_to = any(field.auto_created and not field.concrete for field in rows.model._meta.get_fields())
    if isinstance(rows, TrackedQuerySet) and not referred_to:
        rows.delete_untold()
    else:
        with quiet("drop"):
            rows.delete()


_NEVER = object()


@cache
def _attributes(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


def _frozen(value: Any) -> Any:
    kind = type(value)
    if kind is dict or kind is list:
        return deepcopy(value) if value else kind()
    return value


def _touched(watch: Watch | None, kwargs: dict[str, Any]) -> set[str]:
    """The watched names among the columns that an update sets."""
    if watch is None:
        return set()
    written = {name.removesuffix("_id") for name in kwargs}
    return {name for name in watch.columns if name.removesuffix("_id") in written}


def _plain(model: type[models.Model], name: str, kwargs: dict[str, Any]) -> Any:
    """The value that a plain `update(name=value)` leaves in the column."""
    columns = {column.name: column for column in model._meta.concrete_fields}
    column = columns.get(name) or columns[name.removesuffix("_id")]
    value = kwargs.get(column.name, kwargs.get(column.attname))
    if isinstance(value, models.Model):
        return value.pk
    return value if value is None else column.to_python(value)
