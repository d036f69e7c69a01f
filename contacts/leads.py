"""The contact of a delivery: found or made, from whatever of the sent values is valid.

A lead is not lost because its phone number is odd: values that a contact cannot take are left out and told.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from contacts import cleaning, identity, services, tagging
from contacts.models import Contact
from triggers.problems import Problem

Values = dict[str, Any]


class Settled(NamedTuple):
    """The contact, None where nothing says who it is; what could not be stored; whether the contact is new."""

    contact: Contact | None
    problems: list[Problem]
    made: bool


def find_or_make(
    values: Values, match_by: Sequence[str], *, first: Mapping[str, Any] = MappingProxyType({})
) -> tuple[Contact | None, list[Problem]]:
    """The contact, updated by the values; None where nothing says who it is. And what could not be stored."""
    settled = settle(values, match_by, first=first)
    return settled.contact, settled.problems


@transaction.atomic
def settle(values: Values, match_by: Sequence[str], *, first: Mapping[str, Any] = MappingProxyType({})) -> Settled:
    """Finds the contact and updates it by the values, or makes it.

    `first` are values that only a contact gets that is made here.

    The fields of `match_by` are asked one after the other. A contact that a later one finds counts only
    where it says nothing else in the earlier ones: a family shares a phone number, not its e-mail addresses.
    """
    fields, problems = _sifted(values, "")
    region = fields.get("country", "")
    own: Values = {name: fields[name] for name in identity.IDENTITIES if name in fields}
    # Several deliveries about one person at once: one makes the contact, the others find it.
    identity.one_at_a_time(f"{name}:{value}" for name, value in identity.identities(own, region).items())
    contact = _found(own, match_by, region)
    was_there = contact is not None
    if contact is not None and contact.country:
        # Now that the country is known, a phone number may be read by it.
        fields, problems = _sifted(values, contact.country)
    tags = fields.pop("tags", [])
    if contact is not None:
        services.update(contact, fields)
    elif any(name in fields for name in services.TELLING):
        contact = services.create({**first, **fields})
    else:
        problems.append(Problem((), _("Nothing that was sent says who it is about: no name, e-mail or phone number.")))
    if contact is not None and tags:
        # In one order, so that no two deliveries wait for new tags of each other.
        services.add_tags(contact, sorted(tags))
    return Settled(contact, problems, contact is not None and not was_there)


def names_in(whole: str) -> dict[str, str]:
    """First and last name out of a whole one: what stands behind the last blank is the last name."""
    first, _blank, last = whole.strip().rpartition(" ")
    found = {"first_name": first.strip() or last, "last_name": last if first else ""}
    return {name: part for name, part in found.items() if part}


def attribute(contact: Contact, came: Mapping[str, str]) -> None:
    """Writes down by which campaign, from where and over which page somebody came: the first time, and the latest."""
    if came:
        first = contact.attribution.get("first") or came
        services.update(contact, {"attribution": {**contact.attribution, "first": dict(first), "latest": dict(came)}})


def _sifted(values: Values, region: str) -> tuple[Values, list[Problem]]:
    """The values that a contact takes, and why it refuses the others. `region` as in `cleaning.clean`."""
    good: Values = {}
    problems: list[Problem] = []
    for name in sorted(values, key=lambda name: name != "country"):
        try:
            _check(name, values[name], good.get("country") or region)
            good[name] = values[name]
        except ValidationError as error:
            problems += [Problem((name,), message) for message in error.messages]
    return good, problems


def _check(name: str, value: Any, region: str) -> None:
    if name == "tags":
        tagging.clean_names(value)
    else:
        cleaning.clean({name: value}, region)


def _found(own: Values, match_by: Sequence[str], region: str) -> Contact | None:
    """The first contact that one of the match fields finds and the fields before it do not speak against."""
    before: list[str] = []
    for name in match_by:
        if name not in own:
            continue
        contact = services.find({name: own[name]}, region=region)
        if contact is not None and not any(getattr(contact, earlier) for earlier in before):
            return contact
        before.append(name)
    return None
