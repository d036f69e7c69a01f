"""Forgetting a person: what they were and what was said goes; that there was somebody, and when, stays.

At once, in one transaction: active runs are stopped, everything is closed, and the person's addresses are
suppressed for good. Then table after table is blanked, some hundred rows at a time, each portion with its
place in one transaction: after a crash it goes on where it was. Doing it twice changes nothing.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from contacts.dedupe import aliases
from contacts.models import Contact, Forgetting
from contacts.privacy import consent, ledger
from contacts.privacy.consent import Asked
from triggers import holdings, moving, privacy
from triggers.context import quiet
from triggers.models.event import Lane
from triggers.privacy import Holding, Keep, Person

CHUNK: Final = 500
# How many portions are done while whoever asked waits; the sweep does what is left.
AT_ONCE: Final = 100
# A shorter text is no phone number to look for: too much would hold it.
SHORTEST: Final = 7


def forget(contact: Contact, now: datetime | None = None) -> Forgetting:
    """Forgets the person; `finished_at` is set once everything is blanked. It cannot be undone."""
    now = now or timezone.now()
    row = _begin(contact, now)
    for _n in range(AT_ONCE):
        if not _portion(row.pk, now):
            break
    row.refresh_from_db()
    contact.refresh_from_db()
    return row


def is_due(now: datetime) -> bool:
    return Forgetting.objects.filter(due_at__lte=now).exists()


def due_lanes(now: datetime) -> set[Lane]:
    """The lane of forgetting, where somebody is still to be forgotten."""
    return {Lane.BULK} if is_due(now) else set()


def work(_lane: Lane, now: datetime) -> int:
    return go_on(now)


def go_on(now: datetime | None = None, portions: int = AT_ONCE) -> int:
    """Blanks what is left of people who are being forgotten; how many portions were done."""
    now = now or timezone.now()
    done = 0
    for pk in list(Forgetting.objects.filter(due_at__lte=now).order_by("due_at").values_list("pk", flat=True)[:50]):
        while done < portions and _portion(pk, now):
            done += 1
    return done


def person_of(contact: Contact) -> Person:
    """Whose data it is: all numbers and addresses of the contact, as they stand now."""
    emails = {text.casefold() for text in (contact.email, *contact.extra_emails) if text}
    phones = {text for text in (contact.phone, *contact.extra_phones, contact.phone_raw) if len(text) >= SHORTEST}
    return Person(aliases.all_numbers(contact.pk), frozenset(emails), frozenset(phones))


@transaction.atomic
def _begin(contact: Contact, now: datetime) -> Forgetting:
    moving.lock(aliases.all_numbers(contact.pk))
    locked = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    who = person_of(locked)
    row, _made = Forgetting.objects.get_or_create(contact=locked, defaults={"asked_at": now})
    # Asked again, everything is gone through again: something may have come in since.
    row.step, row.position, row.due_at = "", 0, now
    row.again_at = (
        now + timedelta(seconds=2 * settings.CONCOURS_LEASE_SECONDS) if holdings.calls_under_way(who) else None
    )
    row.save()
    ledger.note(row, who)
    for close in privacy.closers.values():
        close(who, now)
    before, locked.dnd = locked.dnd, {"all": True}
    Contact.objects.filter(pk=contact.pk).update_untold(dnd=locked.dnd)
    with quiet("forget"):
        consent.log(locked, before, Asked("inbound"))
    return row


@transaction.atomic
def _portion(pk: int, now: datetime) -> bool:
    """Does the next portion; False when nothing is left, or another worker is at it."""
    rows = Forgetting.objects.select_for_update(skip_locked=True, of=("self",)).select_related("contact")
    row = rows.filter(pk=pk, due_at__lte=now).first()
    if row is None:
        return False
    steps = privacy.in_turn()
    names = [holding.name for holding in steps]
    at = names.index(row.step) if row.step in names else 0
    looked, blanked = _blank(steps[at], person_of(row.contact), row.position)
    row.counts = {**row.counts, steps[at].name: row.counts.get(steps[at].name, 0) + len(blanked)}
    if len(looked) == CHUNK:
        row.step, row.position = steps[at].name, looked[-1]
    elif at + 1 < len(steps):
        row.step, row.position = steps[at + 1].name, 0
    else:
        _end(row, now)
        # Once more: a process may have died between the first line and its commit.
        ledger.note(row, person_of(row.contact))
    row.save()
    return row.due_at is not None and row.due_at <= now


def _blank(holding: Holding, who: Person, after: int) -> tuple[list[Any], list[Any]]:
    """Forgets the next rows of a table: the primary keys looked at, and those of them that were blanked."""
    rows = holding.rows(who).filter(pk__gt=after).order_by("pk")
    if isinstance(holding.forget, Keep):
        return [], []
    if holding.picks is None:
        keys = list(rows.values_list("pk", flat=True)[:CHUNK])
        picked = keys
    else:
        found = list(rows[:CHUNK])
        keys, picked = [row.pk for row in found], [row.pk for row in found if holding.picks(row, who)]
    if picked:
        holding.blank(picked)
    return keys, picked


def _end(row: Forgetting, now: datetime) -> None:
    """Done; or, where a call was under way, once more when its record must have come."""
    row.step, row.position = "", 0
    row.due_at, row.again_at, row.finished_at = row.again_at, None, now
