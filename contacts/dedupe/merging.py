"""Merging: of two contacts one survives, with whatever the other had.

Rows that belong to the other move over, events and runs too (`triggers.moving`); its number lives on as an
alias. No event tells of a contact made or deleted: only what really changed of the survivor does.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts import services
from contacts.dates import following
from contacts.dedupe import aliases, merge_values
from contacts.dedupe.merge_values import INTO, Side
from contacts.models import (
    Contact,
    ContactAlias,
    ContactKey,
    DatedValue,
    Duplicate,
    Forgetting,
    FurtherAddress,
    ZoneChange,
)
from triggers import moving
from triggers.context import act_as
from triggers.problems import Invalid, Problem
from triggers.tracking import Tracked, drop

# Made anew from the contacts themselves, or of that one alone: what speaks of the one that goes is dropped.
DERIVED: Final = (ContactKey, DatedValue, Duplicate, FurtherAddress, ZoneChange)


class NotMergeable(Invalid):
    """These two cannot be merged, now or ever; the message says why. The API answers 409."""

    status_code = 409

    def __init__(self, message: str) -> None:
        super().__init__([Problem((), message)])


# What other apps do before the rows move, by name: each is given the survivor, the one that goes, and the moment.
joiners: dict[str, Callable[[int, int, datetime], None]] = {}


@dataclass(frozen=True)
class Merged:
    """The survivor as it is now, the rows that moved by model, and the runs that were stopped."""

    contact: Contact
    moved: dict[str, int]
    stopped: int


@dataclass(frozen=True)
class Preview:
    """What a merge would move, in words and numbers, and how many active runs it would stop."""

    moving: list[tuple[str, int]]
    stopping: int


@transaction.atomic
def merge(into: int, other: int, fields: Mapping[str, Side] | None = None, *, now: datetime | None = None) -> Merged:
    """Merges contact `other` into contact `into`; both may be given by a former number.

    `fields` says of which of the two a field's value survives; of those not named it is the survivor's, unless
    that is empty. Raises NotMergeable, and ValidationError by field. It cannot be undone.
    """
    now = now or timezone.now()
    survivor, gone = _locked(into, other)
    values = merge_values.merged(survivor, gone, fields or {})
    for join in joiners.values():
        join(survivor.pk, gone.pk, now)
    moved = _move_rows(survivor, gone)
    following.follow(gone.pk, survivor.pk, now)
    engine = moving.move_contact(gone.pk, survivor.pk, now)
    moved |= {"triggers.event": engine.events, "triggers.run": engine.runs}
    told = {label: count for label, count in moved.items() if count}
    ContactAlias.objects.create(old_id=gone.pk, contact=survivor, merged_at=now, moved=told)
    closed = [channel for channel, shut in gone.dnd.items() if shut]
    Contact.objects.filter(pk=gone.pk).delete_untold()
    with act_as(origin=f"merge of contact {gone.pk}"):
        for name, value in values.items():
            setattr(survivor, name, value)
        # Also where no value is new: an import that made it no longer takes it back.
        survivor.updated_at = now
        survivor.save()
        if closed:
            services.set_dnd(survivor, closed, True)
    return Merged(survivor, told, engine.stopped)


def pair(into: int, other: int) -> tuple[Contact, Contact]:
    """The two as they are, former numbers followed. Raises NotMergeable where they could not be merged."""
    numbers = [aliases.survivor_of(number) or number for number in (into, other)]
    return _checked(Contact.objects.in_bulk(numbers), *numbers)


def preview(survivor: Contact, gone: Contact) -> Preview:
    """What `merge` would do; writes nothing."""
    counted: list[tuple[str, int]] = []
    for model, name in references():
        if model not in DERIVED:
            rows = model._base_manager.filter(**{name: gone.pk}).count()
            counted.append((str(model._meta.verbose_name_plural), rows))
    for model in plain_columns():
        counted.append((str(model._meta.verbose_name_plural), model._base_manager.filter(contact_id=gone.pk).count()))
    return Preview([each for each in counted if each[1]], moving.clashes(gone.pk, survivor.pk))


def references() -> Iterator[tuple[type[models.Model], str]]:
    """Every model with a foreign key to contacts, and the key's name; tables between included."""
    for relation in Contact._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            yield relation.related_model, relation.field.name  # type: ignore[union-attr, misc]


def plain_columns() -> Iterator[type[models.Model]]:
    """Every model that names a contact by number alone, in `contact_id`."""
    for model in apps.get_models():
        if any(field.name == "contact_id" for field in model._meta.concrete_fields):
            yield model


def _locked(into: int, other: int) -> tuple[Contact, Contact]:
    numbers = [aliases.survivor_of(number) or number for number in (into, other)]
    moving.lock(numbers)
    rows = Contact.objects.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk")
    return _checked({contact.pk: contact for contact in rows}, *numbers)


def _checked(found: Mapping[int, Contact], into: int, other: int) -> tuple[Contact, Contact]:
    if into == other:
        raise NotMergeable(_("These two are one and the same contact."))
    for number in (into, other):
        if number not in found:
            if aliases.survivor_of(number) is not None:
                raise NotMergeable(_("Contact %(id)s has just been merged by somebody else.") % {"id": number})
            raise NotMergeable(_("There is no contact %(id)s, or not any more.") % {"id": number})
    if Forgetting.objects.filter(contact__in=found).exists():
        raise NotMergeable(_("A person who was forgotten cannot be merged."))
    return found[into], found[other]


def _move_rows(survivor: Contact, gone: Contact) -> dict[str, int]:
    """Gives the survivor every row that refers to the other; those it has already are dropped."""
    moved: dict[str, int] = {}
    for model, name in references():
        rows = _rows(model).filter(**{name: gone.pk})
        if model in DERIVED:
            rows.delete()
            continue
        # The survivor has them already; that a tag was taken off would not be true.
        drop(_rows(model).filter(pk__in=_had_already(model, name, survivor.pk, gone.pk)))
        label = model._meta.label_lower
        moved[label] = moved.get(label, 0) + rows.update(**{name: survivor.pk})
    for model in plain_columns():
        if model._meta.app_label != "triggers":
            rows = _rows(model).filter(contact_id=gone.pk)
            moved[model._meta.label_lower] = rows.update(contact_id=survivor.pk)
    # What staff did by hand, as the admin's history tells it.
    log = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Contact), object_id=str(gone.pk))
    log.update(object_id=str(survivor.pk))
    return moved


def _rows(model: type[models.Model]) -> "models.QuerySet[Any]":
    return model._default_manager.all() if issubclass(model, Tracked) else model._base_manager.all()


def _had_already(model: type[models.Model], name: str, survivor: int, gone: int) -> list[Any]:
    """Primary keys of the other's rows that a unique constraint allows the survivor only once."""
    found: list[Any] = []
    for others, condition in _unique_with(model, name):
        rows = model._base_manager.filter(condition)
        mine = set(rows.filter(**{name: survivor}).values_list(*others)) if others else set()
        has_one = not others and rows.filter(**{name: survivor}).exists()
        for pk, *values in rows.filter(**{name: gone}).values_list("pk", *others):
            if has_one or (others and None not in values and tuple(values) in mine):
                found.append(pk)
    return found


def _unique_with(model: type[models.Model], name: str) -> Iterator[tuple[tuple[str, ...], models.Q]]:
    """The other columns of each unique constraint that the foreign key is part of, and where it holds."""
    field = model._meta.get_field(name)
    if getattr(field, "unique", False):
        yield (), models.Q()
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and name in constraint.fields:
            yield tuple(n for n in constraint.fields if n != name), constraint.condition or models.Q()
    for columns in model._meta.unique_together:
        if name in columns:
            yield tuple(n for n in columns if n != name), models.Q()


__all__ = ["INTO", "Merged", "NotMergeable", "Preview", "merge", "pair", "plain_columns", "preview", "references"]
