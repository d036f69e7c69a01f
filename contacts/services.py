"""What is done to contacts, their tags and tasks: the same for API, admin, inbound webhooks and workflows.

Each of these writes only what is not so already, and what it does not write fires nothing. A contact
handed in is locked and read anew; changes of it that were not saved are dropped.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts import cleaning, identity, tagging
from contacts.custom import definitions
from contacts.custom.days import Birthday
from contacts.identity import find
from contacts.models import Contact, Tag, Tagging, Task
from triggers.context import act_as, acting

if TYPE_CHECKING:
    from django.contrib.auth.models import User

__all__ = [
    "add_tags", "adjust_score", "assign", "complete_task", "create", "find", "find_or_create", "remove_tags",
    "set_dnd", "update",
]  # fmt: skip

Values = Mapping[str, Any]
# By field: {"old": …, "new": …}, as JSON has them; an owner is their username, a custom field `custom_fields.<key>`.
Changes = dict[str, dict[str, Any]]

# One of these tells whom a contact is.
TELLING = ("first_name", "last_name", "email", "phone", "company", "external_id")


def create(values: Values) -> Contact:
    """A new contact. Raises ValidationError by field, or for the whole where nothing says who it is."""
    cleaned = cleaning.clean(values)
    contact = Contact()
    _put(contact, cleaned)
    if not any(getattr(contact, name) for name in TELLING):
        raise ValidationError(_("Give a name, a company, an e-mail, a phone number or an external id."))
    contact.save()
    return contact


@transaction.atomic
def find_or_create(match: Values, values: Values) -> tuple[Contact, bool]:
    """The contact that `find(match)` finds, else a new one of `match` and `values`; and whether it is new.

    A contact that is found is left as it is. Of several calls at once for one e-mail, phone or external id,
    one creates and the others find. Raises ValidationError by field.
    """
    whole = {**values, **{name: value for name, value in match.items() if value not in (None, "")}}
    region = cleaning.clean({"country": values.get("country")})["country"]
    own: Values = {name: whole[name] for name in identity.IDENTITIES if name in whole}
    identity.one_at_a_time(f"{name}:{value}" for name, value in identity.identities(own, region).items())
    found = find(match, region=region)
    return (found, False) if found else (create(whole), True)


@transaction.atomic
def update(contact: Contact, values: Values) -> Changes:
    """Sets the given fields, clears those given as None; what changed. Raises ValidationError by field.

    Custom fields are merged: names not given stay, None removes one.
    """
    _lock(contact)
    return _write(contact, values)


@transaction.atomic
def add_tags(contact: Contact, names: Iterable[str]) -> list[str]:
    """Puts the tags on the contact, making those that do not exist; the names really added."""
    wanted = tagging.clean_names(names)
    _lock(contact)
    on = set(Tagging.objects.filter(contact=contact).values_list("tag_id", flat=True))
    added = [tag for tag in tagging.ensure(wanted) if tag.pk not in on]
    Tagging.objects.bulk_create(Tagging(contact=contact, tag=tag) for tag in added)
    return [tag.name for tag in added]


@transaction.atomic
def remove_tags(contact: Contact, names: Iterable[str]) -> list[str]:
    """Takes the tags off the contact; the names really removed."""
    wanted = tagging.clean_names(names)
    _lock(contact)
    tags = Tag.objects.in_bulk([tag.pk for tag in tagging.existing(wanted)])
    removed = Tagging.objects.filter(contact=contact, tag__in=tags).order_by("pk")
    gone = [tags[tagging.tag_id].name for tagging in removed]
    removed.delete()
    return gone


def assign(contact: Contact, owner: "User | None") -> bool:
    """Gives the contact to a user, or to nobody; whether that was news."""
    return bool(update(contact, {"owner": owner}))


@transaction.atomic
def set_dnd(contact: Contact, channels: Iterable[str], on: bool) -> list[str]:
    """Closes (`on`) or opens channels, "all" for every one; the names of those really closed or opened.

    Opening one channel of a contact that is closed altogether leaves the others closed, each by itself.
    """
    chosen = set(cleaning.clean({"dnd": dict.fromkeys(channels, True)})["dnd"])
    _lock(contact)
    single = [channel for channel in cleaning.EVERY_CHANNEL if channel != "all"]
    asked = single if "all" in chosen else [channel for channel in single if channel in chosen]
    moved = [channel for channel in asked if contact.is_closed(channel) != on]
    if "all" in chosen:
        _write(contact, {"dnd": {"all": on}})
    elif moved:
        _write(contact, {"dnd": {c: on if c in moved else contact.is_closed(c) for c in single}})
    return moved


@transaction.atomic
def adjust_score(contact: Contact, points: int, reason: str = "") -> int:
    """Adds points to the engagement score, or takes them off; the new score.

    The reason is kept as the origin of the event this causes.
    """
    _lock(contact)
    with act_as(origin=reason[:120] or acting().origin):
        _write(contact, {"score": contact.score + points})
    return contact.score


@transaction.atomic
def complete_task(task: Task, by: "User | None", now: datetime | None = None) -> bool:
    """Marks the task as done by somebody, or by no person; False when it was done already."""
    task.refresh_from_db(from_queryset=Task.objects.select_for_update())
    if task.completed_at is not None:
        return False
    task.completed_at, task.completed_by = now or timezone.now(), by
    task.save()
    return True


def shown(contact: Contact, name: str) -> Any:
    """A field's value as JSON has it; an owner is their username, a birthday without a year --05-17."""
    if name == "birth_date":
        return str(Birthday(contact.birth_date, contact.yearless_birthday)) or None
    value = getattr(contact, name)
    if name == "owner":
        return value.get_username() if value else None
    return value


def _lock(contact: Contact) -> None:
    contact.refresh_from_db(from_queryset=Contact.objects.select_for_update())


def _write(contact: Contact, values: Values) -> Changes:
    """Writes values into a locked contact; what changed."""
    cleaned = cleaning.clean(values, contact.country)
    before = {name: shown(contact, name) for name in cleaned}
    _put(contact, cleaned)
    contact.save()
    changes = {name: {"old": old, "new": new} for name, old in before.items() if (new := shown(contact, name)) != old}
    whole = changes.pop(cleaning.CUSTOM, None)
    return changes | definitions.changed(whole["old"], whole["new"]) if whole else changes


def _put(contact: Contact, cleaned: Values) -> None:
    """Sets cleaned values. The text of a phone number is taken over only with another number."""
    for name, value in cleaned.items():
        if isinstance(value, cleaning.Phone):
            if value.number != contact.phone:
                contact.phone, contact.phone_raw = value
        elif isinstance(value, Birthday):
            contact.birth_date, contact.yearless_birthday = value
        elif name == cleaning.CUSTOM:
            merged = {} if value is None else {**contact.custom_fields, **value}
            contact.custom_fields = {key: item for key, item in merged.items() if item is not None}
        else:
            setattr(contact, name, value)
