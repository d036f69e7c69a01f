"""What conditions and messages may ask about contacts, notes and tasks."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts import countries
from contacts.custom.definitions import definitions
from contacts.custom.values import PREFIX, users_in
from contacts.custom.values import facts as custom_facts
from contacts.dedupe import aliases
from contacts.models import CHANNELS, Contact, Note, Tag, Tagging, Task
from triggers.conditions.fields import Field, Kind
from triggers.facts import Facts, facts
from triggers.wording.people import staff_names

# name → kind of the columns that are facts just as they are stored
PLAIN: Mapping[str, Kind] = {
    "first_name": Kind.TEXT, "last_name": Kind.TEXT, "email": Kind.TEXT, "phone": Kind.TEXT,
    "company": Kind.TEXT, "job_title": Kind.TEXT, "website": Kind.TEXT, "street": Kind.TEXT,
    "city": Kind.TEXT, "state": Kind.TEXT, "postal_code": Kind.TEXT, "country": Kind.TEXT,
    "time_zone": Kind.TEXT, "language": Kind.TEXT, "birth_date": Kind.DATE, "source": Kind.TEXT,
    "external_id": Kind.TEXT, "owner": Kind.REF, "lead_status": Kind.CHOICE, "channel": Kind.CHOICE,
    "score": Kind.NUMBER, "created_at": Kind.DATETIME,
}  # fmt: skip


@facts("contact", label=_("Contact"))
class ContactFacts(Facts):
    """A contact's own columns, its tags, its custom fields, and whether a channel is closed.

    Custom fields are `contact.custom_fields.<key>`, each of the kind staff defined; archived ones too.
    """

    def fields(self) -> Mapping[str, Field]:
        declared = {name: _column(Contact, name, kind) for name, kind in PLAIN.items()}
        declared["country"] = replace(declared["country"], source="country", called=countries.name)
        declared["id"] = Field(Kind.REF, _("contact"), column="pk")
        declared["name"] = Field(Kind.TEXT, _("full name"))
        declared["tags"] = Field(Kind.SET, _("tags"), source="tag")
        declared["owner_name"] = Field(Kind.TEXT, _("owner's name"))
        declared["owner_email"] = Field(Kind.TEXT, _("owner's e-mail"))
        declared["birthday"] = Field(Kind.TEXT, _("birthday (month and day)"))
        declared["birth_month"] = Field(Kind.NUMBER, _("month of birth"))
        declared["birth_day"] = Field(Kind.NUMBER, _("day of birth within the month"))
        for channel, label in (("all", _("every channel")), *CHANNELS):
            declared[f"dnd_{channel}"] = Field(Kind.YESNO, label)
        return declared

    def own_fields(self) -> Mapping[str, Field]:
        return {f"{PREFIX}.{name}": field for each in definitions().values() for name, field in each.fields()}

    def load(self, ids: Collection[int]) -> dict[int, dict[str, Any]]:
        found = {}
        contacts = list(Contact.objects.filter(pk__among=ids).select_related("owner"))
        tags, known = _tags_of(ids), definitions()
        users = staff_names({user for each in contacts for user in users_in(each.custom_fields, known)})
        for contact in contacts:
            values = {name: _value(contact, name) for name in PLAIN}
            owner, birthday = contact.owner, contact.birthday
            values |= {
                "birthday": birthday or None,
                "birth_month": int(birthday[:2]) if birthday else None,
                "birth_day": int(birthday[3:]) if birthday else None,
                "id": contact.pk,
                "name": contact.name,
                "tags": tags[contact.pk],
                **custom_facts(contact.custom_fields, known, users),
                "owner_name": owner.get_full_name() or owner.get_username() if owner else None,
                "owner_email": owner.email if owner else None,
                "dnd_all": bool(contact.dnd.get("all")),
                **{f"dnd_{channel}": contact.is_closed(channel) for channel, _label in CHANNELS},
            }
            found[contact.pk] = values
        return found

    def existing(self, ids: Collection[int]) -> set[int]:
        return set(Contact.objects.filter(pk__among=ids).values_list("pk", flat=True))

    def current(self, key: int) -> int | None:
        return super().current(key) or aliases.survivor_of(key)

    def ids(self, rough: Q, after: int, limit: int) -> list[int]:
        return list(Contact.objects.filter(rough, pk__gt=after).order_by("pk").values_list("pk", flat=True)[:limit])

    def count(self, rough: Q) -> int:
        found: int = Contact.objects.filter(rough).count()
        return found

    def holding(self, name: str, values: Collection[str]) -> Q | None:
        """By tag; tags are few, and Python compares their names as the judge does."""
        if name != "tags":
            return None
        wanted = {value.casefold() for value in values}
        tags = [pk for pk, called in Tag.objects.values_list("pk", "name") if called.casefold() in wanted]
        return Q(pk__in=Tagging.objects.filter(tag__in=tags).values("contact"))

    def id_of(self, data: Mapping[str, Any], contact_id: int | None) -> int | None:
        return contact_id


@facts("note", label=_("Note"))
class NoteFacts(Facts):
    """A note's text and author."""

    def fields(self) -> Mapping[str, Field]:
        return {
            "body": _column(Note, "body", Kind.TEXT),
            "author": _column(Note, "author", Kind.REF),
            "created_at": _column(Note, "created_at", Kind.DATETIME),
        }

    def load(self, ids: Collection[int]) -> dict[int, dict[str, Any]]:
        return _load(Note.objects.filter(pk__in=ids), ("body", "author", "created_at"))


@facts("task", label=_("Task"))
class TaskFacts(Facts):
    """A task as it stands now."""

    def fields(self) -> Mapping[str, Field]:
        return {
            "title": _column(Task, "title", Kind.TEXT),
            "description": _column(Task, "description", Kind.TEXT),
            "assignee": _column(Task, "assignee", Kind.REF),
            "due_at": _column(Task, "due_at", Kind.DATETIME),
            "priority": _column(Task, "priority", Kind.NUMBER),
            "completed_at": _column(Task, "completed_at", Kind.DATETIME),
        }

    def load(self, ids: Collection[int]) -> dict[int, dict[str, Any]]:
        return _load(Task.objects.filter(pk__in=ids), tuple(self.fields()))


def _column(model: Any, name: str, kind: Kind) -> Field:
    column = model._meta.get_field(name)
    choices = tuple((str(value), str(label)) for value, label in column.flatchoices) if kind is Kind.CHOICE else ()
    refers_to = column.related_model._meta.label_lower if column.related_model is not None else ""
    return Field(kind, column.verbose_name, choices=choices, column=name, refers_to=refers_to)


def _value(contact: Contact, name: str) -> Any:
    """The column's value; an empty text counts as not known."""
    value = contact.owner_id if name == "owner" else getattr(contact, name)
    return None if value == "" else value


def _tags_of(ids: Collection[int]) -> dict[int, set[str]]:
    tags: dict[int, set[str]] = defaultdict(set)
    for contact_id, name in Tagging.objects.filter(contact__pk__among=ids).values_list("contact_id", "tag__name"):
        tags[contact_id].add(name)
    return tags


def _load(rows: Any, names: Iterable[str]) -> dict[int, dict[str, Any]]:
    names = list(names)
    return {pk: dict(zip(names, values, strict=True)) for pk, *values in rows.values_list("pk", *names)}
