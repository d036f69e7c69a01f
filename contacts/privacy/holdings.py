"""What contacts keep about people: themselves, their tags, notes and tasks, and what they were compared by."""

import json
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from contacts.importing.packing import unpack
from contacts.models import (
    Contact,
    ContactAlias,
    ContactKey,
    DatedValue,
    DndChange,
    Duplicate,
    Forgetting,
    FurtherAddress,
    Import,
    ImportPortion,
    Note,
    ScoreChange,
    Tagging,
    Task,
    ZoneChange,
)
from contacts.todo import reminding
from triggers import holdings, privacy
from triggers.models import Notice
from triggers.privacy import Blank, Delete, Holding, Keep, Person

# Of a forgotten contact these stay: how many there were, since when, and how they stood.
STAYS = ("id", "created_at", "updated_at", "lead_status", "channel", "dnd")


def register() -> None:
    privacy.register(
        Holding(
            "history", "admin.LogEntry", _log, Blank({"object_repr": "", "change_message": ""}), turn=privacy.BEFORE
        ),
        Holding(
            "contact", "contacts.Contact", lambda who: Contact.objects.filter(pk__in=who.ids), Blank(_nobody()),
            told=tuple(column.name for column in Contact._meta.concrete_fields), turn=privacy.THE_CONTACT,
        ),
        Holding(
            "tags", "contacts.Tagging", lambda who: Tagging.objects.filter(contact__in=who.ids), Delete(),
            told=("tag", "added_by", "origin", "added_at"), label=_("tags"),
        ),
        Holding(
            "notes", "contacts.Note", _notes, Delete(), told=("created_at", "updated_at", "author", "body"),
        ),
        Holding(
            "tasks", "contacts.Task", _tasks, Delete(),
            told=("created_at", "due_at", "completed_at", "assignee", "title", "description"),
        ),
        Holding("reminders", "triggers.Notice", _reminders, Delete(), told=("created_at", "text"), turn=privacy.BEFORE),
        Holding(
            "do not disturb", "contacts.DndChange", lambda who: DndChange.objects.filter(contact__in=who.ids),
            Blank({"reason": "", "origin": ""}),
            told=("at", "channel", "enabled", "direction", "reason", "actor", "origin"),
        ),
        Holding(
            "scores", "contacts.ScoreChange", lambda who: ScoreChange.objects.filter(contact__in=who.ids),
            Blank({"reason": "", "origin": ""}), told=("at", "delta", "after", "rule", "reason", "actor", "origin"),
        ),
        Holding(
            "dates", "contacts.DatedValue", lambda who: DatedValue.objects.filter(contact__in=who.ids), Delete(),
        ),
        Holding(
            "further addresses", "contacts.FurtherAddress",
            lambda who: FurtherAddress.objects.filter(contact__in=who.ids), Delete(),
        ),
        Holding(
            "zone changes", "contacts.ZoneChange", lambda who: ZoneChange.objects.filter(contact__in=who.ids), Delete(),
        ),
        Holding(
            "imports", "contacts.ImportPortion", _portions, Blank({"cells": b"", "records": None, "problems": []}),
            turn=privacy.BEFORE, picks=_portion_names, then=_blank_imports, label=_("rows of imported files"),
        ),
        Holding(
            "keys", "contacts.ContactKey", lambda who: ContactKey.objects.filter(contact__in=who.ids), Delete(),
        ),
        Holding("duplicates", "contacts.Duplicate", _duplicates, Delete()),
        Holding(
            "aliases", "contacts.ContactAlias", lambda who: ContactAlias.objects.filter(contact__in=who.ids), Keep(),
            told=("old_id", "merged_at"),
        ),
        Holding(
            "forgetting", "contacts.Forgetting", lambda who: Forgetting.objects.filter(contact__in=who.ids), Keep()
        ),
    )  # fmt: skip


def _nobody() -> dict[str, Any]:
    """Every column of a contact as it is when nothing is known; whatever is added to contacts is among them."""
    return {
        column.name: None if column.null else column.get_default()
        for column in Contact._meta.concrete_fields
        if column.name not in STAYS and not (isinstance(column, models.DateTimeField) and not column.null)
    }


def _portions(_who: Person) -> QuerySet[ImportPortion]:
    """What is kept of imported files; of those that are still at work, only once they have ended."""
    return ImportPortion.objects.filter(data_import__due_at=None).exclude(cells=b"", records=None)


def _portion_names(portion: ImportPortion, who: Person) -> bool:
    if not {*portion.created, *portion.updated}.isdisjoint(who.ids):
        return True
    rows = [*unpack(portion.cells), *unpack(portion.records), *portion.problems]
    return who.is_named_in(json.dumps(rows, ensure_ascii=False))


def _blank_imports(keys: list[Any]) -> None:
    """The file itself, and the sample shown of it."""
    for job in Import.objects.filter(portions__in=keys).distinct():
        if job.file:
            job.file.delete(save=False)
        Import.objects.filter(pk=job.pk).update(file="", sample=[])


def _notes(who: Person) -> "QuerySet[Note]":
    notes: QuerySet[Note] = Note.objects.filter(contact__in=who.ids)
    return notes


def _tasks(who: Person) -> "QuerySet[Task]":
    tasks: QuerySet[Task] = Task.objects.filter(contact__in=who.ids)
    return tasks


def _reminders(who: Person) -> "QuerySet[Notice]":
    """Notices of their tasks, which lead to the task."""
    return Notice.objects.filter(link__in=[reminding.link_to(pk) for pk in _tasks(who).values_list("pk", flat=True)])


def _duplicates(who: Person) -> QuerySet[Duplicate]:
    return Duplicate.objects.filter(Q(first__in=who.ids) | Q(second__in=who.ids))


def _log(who: Person) -> "QuerySet[Any]":
    notes = holdings.log_of(Note, _notes(who).values_list("pk", flat=True))
    tasks = holdings.log_of(Task, _tasks(who).values_list("pk", flat=True))
    return holdings.log_of(Contact, who.ids) | notes | tasks
