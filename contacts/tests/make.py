"""Contacts and what belongs to them, made as simply as a test can say it."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User

from contacts.models import Contact, CustomField, Note, Tag, Tagging, Task
from triggers.models import Event


def user(username: str = "ana", **values: Any) -> User:
    return get_user_model().objects.create(username=username, **values)


def field(key: str, kind: str = "text", **values: Any) -> CustomField:
    """A custom field as staff would define it; choices may be given as words."""
    made = CustomField(**{"key": key, "label": key.replace("_", " ").capitalize(), "kind": kind, **values})
    made.full_clean()
    made.save()
    return made


def contact(**values: Any) -> Contact:
    return Contact.objects.create(**{"first_name": "Mia", "email": "mia@example.org", **values})


def tag(name: str, on: Contact | None = None) -> Tag:
    made = Tag.objects.create(name=name)
    if on is not None:
        Tagging.objects.create(contact=on, tag=made)
    return made


def note(on: Contact, body: str = "Called back", **values: Any) -> Note:
    return Note.objects.create(contact=on, body=body, **values)


def task(about: Contact | None = None, title: str = "Call", **values: Any) -> Task:
    return Task.objects.create(contact=about, title=title, **values)


def events(kind: str) -> list[Event]:
    """The events of a type, oldest first."""
    return list(Event.objects.filter(type=kind).order_by("pk"))


def tags_of(who: Contact) -> set[str]:
    return set(Tagging.objects.filter(contact=who).values_list("tag__name", flat=True))
