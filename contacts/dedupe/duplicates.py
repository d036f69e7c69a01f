"""Finding contacts that are probably one person: the whole table, some hundred rows at a time, by indexed keys.

A contact's keys are digests of what it may share with another: e-mails and phones, the further ones too,
an external id, its name with its company or birth date. Whoever shares a key with an older contact is
suggested as its duplicate. Once a day, and whenever somebody asks.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from contacts.models import Contact, ContactKey, Duplicate, DuplicateSearch, Forgetting
from triggers.models.event import Lane

BATCH: Final = 500
EVERY: Final = timedelta(days=1)
# What more contacts share than this, such as the phone of a head office, says nothing about any two of them.
CROWD: Final = 20
Kind = ContactKey.Kind
STRENGTH: Final[Mapping[str, int]] = {
    Kind.EXTERNAL: 100, Kind.EMAIL: 90, Kind.BIRTH: 80, Kind.PHONE: 60, Kind.COMPANY: 50,
}  # fmt: skip
READ: Final = (
    "first_name", "last_name", "email", "extra_emails", "phone", "extra_phones", "external_id", "company", "birth_date",
)  # fmt: skip
# By pair, the older first: the kinds of keys they share.
Pairs = dict[tuple[int, int], set[str]]


def keys_of(contact: Contact) -> set[tuple[str, str]]:
    """What the contact may be known by: kind and digest."""
    name = _plain(f"{contact.first_name} {contact.last_name}") if contact.first_name and contact.last_name else ""
    company, born = _plain(contact.company), contact.birth_date
    texts = [
        *((Kind.EMAIL, _plain(text)) for text in (contact.email, *contact.extra_emails)),
        *((Kind.PHONE, text) for text in (contact.phone, *contact.extra_phones)),
        (Kind.EXTERNAL, contact.external_id),
        (Kind.COMPANY, f"{name}\n{company}" if name and company else ""),
        (Kind.BIRTH, f"{name}\n{born}" if name and born else ""),
    ]
    return {(str(kind), _digest(text)) for kind, text in texts if text}


def ask(now: datetime | None = None) -> None:
    """Has the search begin now; one that is under way goes on."""
    now = now or timezone.now()
    row, _made = DuplicateSearch.objects.get_or_create(pk=1)
    if row.due_at is None or row.position == 0 or row.due_at > now:
        DuplicateSearch.objects.filter(pk=1).update(due_at=now, position=0)


def go_on(now: datetime | None = None, batches: int = 20) -> int:
    """Looks at the next contacts, if a search is due; how many were looked at."""
    now = now or timezone.now()
    looked = 0
    for _n in range(batches):
        found = _batch(now)
        looked += found
        if found < BATCH:
            break
    return looked


def due_lanes(now: datetime) -> set[Lane]:
    """The lane of the search, where it is due; also before the first."""
    return {Lane.BULK} if DuplicateSearch.due(now) else set()


def work(_lane: Lane, now: datetime) -> int:
    return go_on(now)


def dismiss(rows: Iterable[Duplicate], now: datetime | None = None) -> int:
    """Somebody says that these are not the same person; they are not suggested again."""
    keys = [row.pk for row in rows]
    return Duplicate.objects.filter(pk__in=keys, dismissed_at=None).update(dismissed_at=now or timezone.now())


@transaction.atomic
def _batch(now: datetime) -> int:
    due = DuplicateSearch.objects.select_for_update(skip_locked=True).filter(pk=1, due_at__lte=now)
    search = due.first()
    if search is None:
        return 0
    contacts = list(Contact.objects.filter(pk__gt=search.position).order_by("pk").only(*READ)[:BATCH])
    look_at(contacts, now)
    if len(contacts) < BATCH:
        search.position, search.due_at, search.finished_at = 0, now + EVERY, now
    else:
        search.position = contacts[-1].pk
    search.save()
    return len(contacts)


def look_at(contacts: Collection[Contact], now: datetime) -> None:
    """Renews the keys of these contacts, and the suggestions that follow from them."""
    forgotten = set(Forgetting.objects.filter(contact__in=contacts).values_list("contact_id", flat=True))
    wanted = {contact.pk: keys_of(contact) for contact in contacts if contact.pk not in forgotten}
    _renew_keys([contact.pk for contact in contacts], wanted)
    _renew_suggestions(wanted.keys(), _shared(wanted), now)


def _renew_keys(contact_ids: Collection[int], wanted: Mapping[int, set[tuple[str, str]]]) -> None:
    there: dict[int, set[tuple[str, str]]] = defaultdict(set)
    gone = []
    for pk, contact_id, kind, value in ContactKey.objects.filter(contact__in=contact_ids).values_list(
        "pk", "contact_id", "kind", "value"
    ):
        there[contact_id].add((kind, value))
        if (kind, value) not in wanted.get(contact_id, ()):
            gone.append(pk)
    ContactKey.objects.filter(pk__in=gone).delete()
    new = [
        ContactKey(contact_id=contact_id, kind=kind, value=value)
        for contact_id, keys in wanted.items()
        for kind, value in sorted(keys - there[contact_id])
    ]
    # One that is deleted at this very moment makes the batch fail; the next sweep takes it up again.
    ContactKey.objects.bulk_create(new, ignore_conflicts=True)


def _shared(wanted: Mapping[int, set[tuple[str, str]]]) -> Pairs:
    """Which pairs share a key: each contact with the oldest that has the key too, where one of both is among these.

    Of those pairs every shared key is known here; of others that meet in one of these keys perhaps not.
    """
    values = {value for keys in wanted.values() for _kind, value in keys}
    counted = ContactKey.objects.filter(value__in=values).values("value", "kind").annotate(n=Count("pk"))
    few = counted.filter(n__gt=1, n__lte=CROWD).values_list("value", flat=True)
    holders: dict[tuple[str, str], list[int]] = defaultdict(list)
    rows = ContactKey.objects.filter(value__in=list(few)).values_list("kind", "value", "contact_id")
    for kind, value, contact_id in rows:
        holders[(kind, value)].append(contact_id)
    pairs: Pairs = defaultdict(set)
    for (kind, _value), who in holders.items():
        oldest = min(who)
        for contact_id in who:
            if contact_id != oldest and len(who) <= CROWD and not wanted.keys().isdisjoint((oldest, contact_id)):
                pairs[(oldest, contact_id)].add(kind)
    return pairs


def _renew_suggestions(contact_ids: Collection[int], pairs: Pairs, now: datetime) -> None:
    """Stores new pairs, and takes back those of these contacts that share nothing any more."""
    seconds = {second for _first, second in pairs} | set(contact_ids)
    known = {(row.first_id, row.second_id): row for row in Duplicate.objects.filter(second__in=seconds)}
    over = [
        row.pk for pair, row in known.items()
        if pair not in pairs and row.second_id in contact_ids and row.dismissed_at is None
    ]  # fmt: skip
    Duplicate.objects.filter(pk__in=over).delete()
    new = []
    for (first, second), kinds in pairs.items():
        reasons = sorted(kinds, key=lambda kind: -STRENGTH[kind])
        row = known.get((first, second))
        if row is None:
            new.append(
                Duplicate(
                    first_id=first, second_id=second, reasons=reasons, strength=_strength(reasons), found_at=now
                )
            )  # fmt: skip
        elif row.reasons != reasons:
            Duplicate.objects.filter(pk=row.pk).update(reasons=reasons, strength=_strength(reasons))
    Duplicate.objects.bulk_create(new, ignore_conflicts=True)


def _strength(reasons: Iterable[str]) -> int:
    """The surest reason, and a little for each further one."""
    first, *others = sorted((STRENGTH[kind] for kind in reasons), reverse=True)
    return first + 5 * len(others)


def _plain(text: str) -> str:
    """A text in one case and one spelling of its letters, each run of blanks as one space."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()
