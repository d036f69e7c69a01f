"""Records into contacts, some hundred at once: found or made, filled or overwritten, each person once.

The one place behind imports and the API's bulk endpoint. Works in the caller's transaction, and with as
many statements for a thousand records as for ten.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final, NamedTuple, cast

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from contacts import identity, tagging
from contacts.custom import values
from contacts.importing.cells import CLEAR, NOTE, TAGS, Record
from contacts.models import Contact, Note, Tagging
from contacts.privacy import consent
from triggers.context import acting

BATCH: Final = 1000
# Contacts of one e-mail or phone that are looked at.
MOST: Final = 20
DICTS: Final = ("dnd", "custom_fields", "attribution")
LISTS: Final = ("extra_emails", "extra_phones")
Key = tuple[str, str]
BY_US: Final = consent.Asked()


@dataclass(frozen=True)
class Policy:
    """Who counts as the same person, the surest first, and what may be written into a contact that is there."""

    match: tuple[str, ...] = identity.IDENTITIES
    update: str = "fill"
    tags: tuple[str, ...] = ()
    # what is written down with channels that are closed
    asked: consent.Asked = BY_US
    # new contacts need every custom field that is required
    complete: bool = False


class Outcome(NamedTuple):
    """What became of one record: "created", "updated" or "unchanged", and whose contact it is.

    Or "refused", with what is `lacking` by name; its contact is stored nowhere.
    """

    kind: str
    contact: Contact
    lacking: Mapping[str, list[str]] = MappingProxyType({})


def write(records: Sequence[Record], policy: Policy) -> list[Outcome]:
    """Creates and updates contacts; one outcome for each record, in their order."""
    keys = [_keys(record, policy.match) for record in records]
    identity.one_at_a_time(f"{name}:{value}" for each in keys for name, value in each)
    known = _known({key for each in keys for key in each}, lock=policy.update != "never")
    made: list[Contact] = []
    changed: dict[int, tuple[Contact, set[str]]] = {}
    flags: list[tuple[Contact, consent.Flags]] = []
    outcomes: list[Outcome] = []
    for record, own in zip(records, keys, strict=True):
        contact = _same(record, own, known)
        lacking = values.missing(record.get("custom_fields", {})) if policy.complete and contact is None else None
        if lacking:
            outcomes.append(Outcome("refused", Contact(), lacking))
            continue
        if contact is None:
            contact = Contact(**_values(record))
            made.append(contact)
            kind = "created"
            flags.append((contact, {}))
        else:
            if contact.pk:
                flags.append((contact, dict(contact.dnd)))
            names = _fill(contact, record, policy.update)
            kind = "updated" if names else "unchanged"
            if names and contact.pk:
                changed.setdefault(contact.pk, (contact, set()))[1].update(names)
        outcomes.append(Outcome(kind, contact))
        for key in own:
            if contact not in known.setdefault(key, []):
                known[key].append(contact)
    Contact.objects.bulk_create(made, BATCH)
    _update(list(changed.values()))
    consent.log_all([(contact, before) for contact, before in flags if contact.dnd != before], policy.asked)
    _tag(records, outcomes, policy.tags)
    _note(records, outcomes)
    return outcomes


def whose(records: Sequence[Record], match: Sequence[str]) -> list[Contact | None]:
    """The contact that each record would be written into; None where one would be made. Writes nothing."""
    keys = [_keys(record, match) for record in records]
    known = _known({key for each in keys for key in each}, lock=False)
    return [_same(record, own, known) for record, own in zip(records, keys, strict=True)]


def _keys(record: Record, match: Iterable[str]) -> list[Key]:
    """What identifies the person, as it is compared."""
    found = [(name, str(record.get(name) or "")) for name in match]
    return [(name, value.lower() if name == "email" else value) for name, value in found if value]


def _same(record: Record, keys: Iterable[Key], known: dict[Key, list[Contact]]) -> Contact | None:
    """The contact that the record is about: by its surest key, the oldest. Households share phones, so that
    another e-mail or name beside the same number is another person."""
    for key in keys:
        for contact in known.get(key, []):
            if key[0] != "phone" or not _differs(record, contact):
                return contact
    return None


def _differs(record: Record, contact: Contact) -> bool:
    pairs = [(record.get(name) or "", getattr(contact, name)) for name in ("email", "first_name", "last_name")]
    return any(new and old and new.casefold() != old.casefold() for new, old in pairs)


def _known(keys: set[Key], *, lock: bool) -> dict[Key, list[Contact]]:
    """The contacts of each key, the oldest first."""
    found: dict[Key, list[int]] = {}
    people = Contact.objects.alias(email_lower=Lower("email")).order_by("pk")
    for name, column in (("external_id", "external_id"), ("email", "email_lower"), ("phone", "phone")):
        wanted = [value for key, value in keys if key == name]
        if not wanted:
            continue
        rows = people.filter(**{f"{column}__in": wanted})
        if name == "external_id":
            # So that PostgreSQL sees that the partial index holds them all.
            rows = rows.exclude(external_id="")
        for pk, value in rows.values_list("pk", Lower("email") if name == "email" else name):
            if len(found.setdefault((name, value), [])) < MOST:
                found[name, value].append(pk)
    everyone = Contact.objects.filter(pk__in={pk for ids in found.values() for pk in ids}).order_by("pk")
    contacts = {contact.pk: contact for contact in (everyone.select_for_update(of=("self",)) if lock else everyone)}
    return {key: [contacts[pk] for pk in ids if pk in contacts] for key, ids in found.items()}


def _values(record: Record) -> dict[str, Any]:
    """The record as the contact's attributes."""
    values = {name: value for name, value in record.items() if value is not None and name[0] != "+"}
    if isinstance(values.get("birth_date"), str):
        values["birth_date"] = date.fromisoformat(values["birth_date"])
    return values


def _fill(contact: Contact, record: Record, update: str) -> set[str]:
    """Writes into a contact what the policy allows; the names of the attributes that changed."""
    if update == "never":
        return set()
    given, changed = _values(record), set[str]()
    if update == "fill" and contact.phone:
        # What was typed belongs to the number that stays.
        given.pop("phone_raw", None)
    elif given.get("phone") == contact.phone:
        given.pop("phone_raw", None)
    if contact.birth_date:
        given.pop("yearless_birthday", None)
    elif given.get("birth_date") and contact.yearless_birthday:
        contact.yearless_birthday = ""
        changed.add("yearless_birthday")
    cleared = set(record.get(CLEAR, ())) if update == "overwrite" else set()
    for name, new in (given | dict.fromkeys(cleared)).items():
        old = getattr(contact, name)
        wanted = _nothing(name) if name in cleared else _merged(name, old, new, update)
        if wanted != old:
            setattr(contact, name, wanted)
            changed.add(name)
    return changed


def _nothing(name: str) -> Any:
    """What an attribute holds when it is empty."""
    column = cast("models.Field[Any, Any]", Contact._meta.get_field(name))
    return None if column.null else column.get_default()


def _merged(name: str, old: Any, new: Any, update: str) -> Any:
    if name == "dnd":
        # A channel that somebody closed is never opened by a file, nor left open where the file closes it.
        return {"all": True} if old.get("all") or new.get("all") else {**old, **new}
    if name in DICTS:
        both = {**new, **{key: value for key, value in old.items() if value not in ("", None)}}
        return {
            key: value
            for key, value in ({**old, **new} if update == "overwrite" else both).items()
            if value is not None
        }
    if name in LISTS:
        return list(dict.fromkeys([*old, *new]))[:20]
    if new in ("", None):
        return old
    return new if update == "overwrite" or old in ("", None) else old


def _update(changed: list[tuple[Contact, set[str]]]) -> None:
    if not changed:
        return
    now = timezone.now()
    names = sorted(set().union(*(names for _contact, names in changed)))
    for contact, _names in changed:
        contact.updated_at = now
    Contact.objects.bulk_update([contact for contact, _names in changed], [*names, "updated_at"], BATCH)


def _tag(records: Sequence[Record], outcomes: Sequence[Outcome], everywhere: Sequence[str]) -> None:
    """Puts the record's tags, and those that all get, on the contacts that lack them."""
    wanted: dict[int, dict[str, str]] = {}
    for record, outcome in zip(records, outcomes, strict=True):
        names = [*record.get(TAGS, ()), *everywhere]
        if names and outcome.kind != "refused":
            wanted.setdefault(outcome.contact.pk, {}).update({name.casefold(): name for name in names})
    names = list({key: name for each in wanted.values() for key, name in each.items()}.values())
    if not names:
        return
    tags = {tag.name.casefold(): tag for tag in tagging.ensure(names)}
    worn = set(Tagging.objects.filter(contact__in=wanted).values_list("contact_id", "tag_id"))
    by, origin = _who()
    Tagging.objects.bulk_create(
        [
            Tagging(contact_id=pk, tag=tags[key], added_by=by, origin=origin)
            for pk, each in wanted.items()
            for key in each
            if (pk, tags[key].pk) not in worn
        ],
        BATCH,
    )


def _note(records: Sequence[Record], outcomes: Sequence[Outcome]) -> None:
    """Notes of new contacts; a second import of a file must not write them again."""
    Note.objects.bulk_create(
        [
            Note(contact=outcome.contact, body=record[NOTE])
            for record, outcome in zip(records, outcomes, strict=True)
            if outcome.kind == "created" and record.get(NOTE)
        ],
        BATCH,
    )


def _who() -> tuple[str, str]:
    who = acting()
    return (f"{who.actor}:{who.actor_id}" if who.actor_id else who.actor), who.origin
