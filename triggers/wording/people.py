"""Names for numbers: what contacts, staff and other actors are called, for many rows at once.

Rows keep plain numbers, so that history outlives whom it is about; the names come through the facts.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from triggers import registry
from triggers.models.event import Event
from triggers.models.workflow import Workflow

CALLED_BY = ("name", "email", "phone", "company")


def contact_names(ids: Iterable[int | None]) -> dict[int, str]:
    """What each contact is called; one that is gone by its number."""
    wanted = {key for key in ids if key is not None}
    source = registry.facts.get("contact")
    loaded = source.load(wanted) if source and wanted else {}
    return {key: _called(key, loaded.get(key, {})) for key in wanted}


def contact_name(contact_id: int | None) -> str:
    return contact_names([contact_id]).get(contact_id or 0, "")


def contact_url(contact_id: int | None) -> str:
    """The contact's page in the admin; empty where there is none."""
    return admin_url("contacts.contact", contact_id)


def admin_url(label: str, pk: Any) -> str:
    """The page of a record in the admin, by its model's label; empty where it has none."""
    if pk is None or not label:
        return ""
    try:
        return reverse(f"admin:{label.lower().replace('.', '_')}_change", args=[pk])
    except NoReverseMatch:
        return ""


def matching_contacts(words: str, limit: int = 8) -> list[int]:
    """Contacts whose name, e-mail or company holds the words, or whose number they are; oldest first."""
    source = registry.facts["contact"]
    if words.isdigit() and len(words) < 19:
        return sorted(source.existing([int(words)]))
    columns = {name: field.column for name, field in source.fields().items() if field.column}
    asked = [columns[name] for name in ("first_name", "last_name", "email", "company") if name in columns]
    rough = Q()
    for word in words.split()[:5]:
        one = Q()
        for column in asked:
            one |= Q(**{f"{column}__icontains": word})
        rough &= one
    return source.ids(rough, 0, limit) if rough else []


def actor_names(events: Iterable[Event]) -> dict[int, str]:
    """Who or what did it, by event id: Clara Vogt, the workflow “Welcome”, Import."""
    events = list(events)
    return {event.pk: name for event, name in zip(events, _actors(events), strict=True)}


def by_names(marks: Iterable[str]) -> dict[str, str]:
    """The same for what `context.by_whom` said: `user:7` is Clara Vogt."""
    wanted = sorted(set(marks))
    parts = [mark.partition(":") for mark in wanted]
    return dict(
        zip(wanted, _actors([Event(actor=kind, actor_id=number) for kind, _colon, number in parts]), strict=True)
    )


def staff_names(ids: Iterable[int]) -> dict[int, str]:
    wanted = set(ids)
    users: Iterable[Any] = get_user_model()._default_manager.filter(pk__in=wanted) if wanted else ()
    return {user.pk: user.get_full_name() or user.get_username() for user in users}


def _called(key: int, values: dict[str, Any]) -> str:
    found = next((values[name] for name in CALLED_BY if values.get(name)), None)
    return str(found) if found else _("Contact %(id)s") % {"id": key}


def _actors(events: list[Event]) -> list[str]:
    staff = staff_names(_numbers(events, Event.Actor.USER))
    workflows = _numbers(events, Event.Actor.WORKFLOW)
    named = dict(Workflow.objects.filter(pk__in=workflows).values_list("pk", "name")) if workflows else {}
    return [_actor(event, staff, named) for event in events]


def _numbers(events: Iterable[Event], actor: str) -> set[int]:
    return {int(event.actor_id) for event in events if event.actor == actor and event.actor_id.isdigit()}


def _actor(event: Event, staff: dict[int, str], workflows: dict[int, str]) -> str:
    number = int(event.actor_id) if event.actor_id.isdigit() else 0
    if event.actor == Event.Actor.USER and number in staff:
        return staff[number]
    if event.actor == Event.Actor.WORKFLOW and number in workflows:
        return _("the workflow “%(name)s”") % {"name": workflows[number]}
    if event.actor == Event.Actor.PROVIDER and event.origin:
        return event.origin
    return str(event.get_actor_display())
