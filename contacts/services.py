"""What is done to contacts, their tags and tasks: the same for API, admin, inbound webhooks and workflows.

Each of these writes only what is not so already, and what it does not write fires nothing. A contact
handed in is locked and read anew; changes of it that were not saved are dropped.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts import cleaning, identity, tagging
from contacts.custom import definitions
from contacts.custom.days import Birthday
from contacts.identity import find, find_further
from contacts.models import Contact, ScorePolicy, Tag, Tagging
from contacts.privacy import consent
from contacts.privacy.consent import Asked
from contacts.privacy.forgetting import forget
from contacts.scores import scoring
from contacts.todo import completing
from triggers.context import act_as, acting

if TYPE_CHECKING:
    from django.contrib.auth.models import User

__all__ = [
    "Asked", "add_tags", "adjust_score", "assign", "complete_task", "create", "find", "find_further", "find_or_create",
    "forget", "remove_tags", "reopen_task", "set_dnd", "update",
]  # fmt: skip

complete_task = completing.complete
reopen_task = completing.reopen

Values = Mapping[str, Any]
# By field: {"old": …, "new": …}, as JSON has them; an owner is their username, a custom field `custom_fields.<key>`.
Changes = dict[str, dict[str, Any]]

# One of these tells whom a contact is.
TELLING = ("first_name", "last_name", "email", "phone", "company", "external_id")
BY_US = Asked()


@transaction.atomic
def create(values: Values, asked: Asked = BY_US) -> Contact:
    """A new contact. Raises ValidationError by field, or for the whole where nothing says who it is.

    `asked` says who wanted the channels closed that the values close.
    """
    cleaned = cleaning.clean(values)
    scoring.require_within(cleaned)
    contact = Contact()
    _put(contact, cleaned)
    if contact.score > 0:
        contact.score_active_at = timezone.now()
    if not any(getattr(contact, name) for name in TELLING):
        raise ValidationError(_("Give a name, a company, an e-mail, a phone number or an external id."))
    contact.save()
    _explain(contact, {}, 0, asked)
    return contact


@transaction.atomic
def find_or_create(match: Values, values: Values, *, further: bool = False) -> tuple[Contact, bool]:
    """The contact that `find(match)` finds, else a new one of `match` and `values`; and whether it is new.

    With `further` also who `find_further(match)` finds. A contact that is found is left as it is. Of several calls
    at once for one e-mail, phone or external id, one creates and the others find. Raises ValidationError by field.
    """
    whole = {**values, **{name: value for name, value in match.items() if value not in (None, "")}}
    region = cleaning.clean({"country": values.get("country")})["country"]
    own: Values = {name: whole[name] for name in identity.IDENTITIES if name in whole}
    identity.one_at_a_time(f"{name}:{value}" for name, value in identity.identities(own, region).items())
    found = find(match, region=region) or (find_further(match, region=region) if further else None)
    return (found, False) if found else (create(whole), True)


@transaction.atomic
def update(contact: Contact, values: Values, asked: Asked = BY_US) -> Changes:
    """Sets the given fields, clears those given as None; what changed. Raises ValidationError by field.

    Custom fields are merged: names not given stay, None removes one. `asked` is written down with the channels
    that are closed or opened.
    """
    _lock(contact)
    return _write(contact, values, asked)


def follow(contact: Contact) -> None:
    """From now on each change of the contact is looked at within its transaction, by whoever asks (`rows_told`)."""
    if not contact.is_followed:
        Contact.objects.filter(pk=contact.pk).update_untold(is_followed=True)
        contact.is_followed = True


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
    removed = list(Tagging.objects.filter(contact=contact, tag__in=tags).order_by("pk"))
    for each in removed:
        # One by one, so that each event tells the tags that were left after it.
        each.delete()
    return [tags[each.tag_id].name for each in removed]


def assign(contact: Contact, owner: "User | None") -> bool:
    """Gives the contact to a user, or to nobody; whether that was news."""
    return bool(update(contact, {"owner": owner}))


@transaction.atomic
def set_dnd(contact: Contact, channels: Iterable[str], on: bool, asked: Asked = BY_US) -> list[str]:
    """Closes (`on`) or opens channels, "all" for every one; the names of those really closed or opened.

    `asked` is written down with each: whether the contact wanted it or we did, and why. Opening one channel of a
    contact that is closed altogether leaves the others closed, each by itself.
    """
    chosen = set(cleaning.clean({"dnd": dict.fromkeys(channels, True)})["dnd"])
    _lock(contact)
    single = [channel for channel in cleaning.EVERY_CHANNEL if channel != "all"]
    wanted = single if "all" in chosen else [channel for channel in single if channel in chosen]
    moved = [channel for channel in wanted if contact.is_closed(channel) != on]
    if "all" in chosen:
        _write(contact, {"dnd": {"all": on}}, asked)
    elif moved:
        _write(contact, {"dnd": {c: on if c in moved else contact.is_closed(c) for c in single}}, asked)
    return moved


@transaction.atomic
def adjust_score(contact: Contact, points: int, reason: str = "") -> int:
    """Adds points to the engagement score, or takes them off; the new score, which stays within its limits.

    The reason is kept with the change, and as the origin of the event this causes.
    """
    _lock(contact)
    with act_as(origin=reason[:120] or acting().origin):
        _write(contact, {"score": scoring.moved_by(contact.score, points, ScorePolicy.get())})
    return contact.score


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


def _write(contact: Contact, values: Values, asked: Asked = BY_US) -> Changes:
    """Writes values into a locked contact, with the log of closed channels and of the score; what changed."""
    cleaned = cleaning.clean(values, contact.country)
    scoring.require_within(cleaned, contact.score)
    before = {name: shown(contact, name) for name in cleaned}
    flags, score = contact.dnd, contact.score
    _put(contact, cleaned)
    if contact.score > score:
        contact.score_active_at = timezone.now()
    contact.save()
    _explain(contact, flags, score, asked)
    changes = {name: {"old": old, "new": new} for name, old in before.items() if (new := shown(contact, name)) != old}
    whole = changes.pop(cleaning.CUSTOM, None)
    return changes | definitions.changed(whole["old"], whole["new"]) if whole else changes


def _explain(contact: Contact, flags: consent.Flags, score: int, asked: Asked) -> None:
    """Writes down who closed or opened channels and who moved the score, in the transaction of the change."""
    if contact.dnd != flags:
        consent.log(contact, flags, asked)
    if contact.score != score:
        scoring.log(contact, score)


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
