"""Hears of every change of a contact that a journey follows, by whatever door it came, in the change's transaction.

Only of those who have ever stood in a map (`Contact.is_followed`): the others cost nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from contacts.events.contact_changed import WATCHED
from contacts.models import Contact, Task
from pipelines.maps import mirrors, timers, verbs
from pipelines.maps.act import running
from pipelines.maps.moment import present
from pipelines.models import Journey
from triggers.event_types import Row
from triggers.models import Event, Run
from triggers.signals import rows_told

ESSENTIAL = ("first_name", "last_name", *timers.ESSENTIAL)
REPLIES = ("message.customer_replied",)


def connect() -> None:
    """Called once, when all apps are ready."""
    rows_told.connect(_after_change, sender=Contact, dispatch_uid="journeys")


def _after_change(created: bool, rows: list[Row], **_: Any) -> None:
    heard = {}
    for row in rows if not created else ():
        if not (row.before or {}).get("is_followed") and not running(row.pk):
            continue
        changes = row.changes(WATCHED)
        custom = changes.get("custom_fields", {})
        names = mirrors.names_changed(changes, custom.get("old"), custom.get("new"))
        names |= {"lead_status"} & changes.keys()
        owner = changes.get("owner", {}).get("old")
        if names or owner:
            heard[row.pk] = (names, owner, {name for name in names if name in changes and not changes[name]["old"]})
    if heard:
        _hear(heard)


def _hear(heard: Mapping[int, tuple[set[str], int | None, set[str]]]) -> None:
    """What of it concerns journeys: one query tells whose."""
    journeys = Journey.objects.filter(contact__in=list(heard), is_current=True)
    there = set(journeys.values_list("contact", flat=True))
    for contact_id in sorted(there | {each for each in heard if running(each)}):
        names, owner, filled = heard[contact_id]
        if owner is not None:
            _hand_over(contact_id, owner)
        if filled & set(ESSENTIAL) and timers.is_complete(Contact.objects.get(pk=contact_id)):
            timers.release(contact_id, present())
        if names:
            verbs.heard(contact_id, names)


def _hand_over(contact_id: int, owner: int) -> None:
    """Open tasks that workflows made for the lead's agent go to the new one."""
    new = Contact.objects.values_list("owner", flat=True).get(pk=contact_id)
    made = Event.objects.filter(contact_id=contact_id, type="task.added", actor=Event.Actor.WORKFLOW)
    ids = list(made.values_list("subject_id", flat=True))
    if new is not None and ids:
        for task in Task.objects.filter(pk__in=ids, contact=contact_id, assignee=owner, completed_at=None):
            task.assignee_id = new
            task.save()


def sent(run: Run, now: datetime) -> None:
    """We wrote to a lead. A reminder that a timer sent does not count, or it would put off the next one."""
    if run.contact_id is not None and run.event.type != timers.TYPE:
        timers.in_touch({run.contact_id}, now)


def follow(events: Sequence[Event], now: datetime) -> None:
    """A follower of all events: people who wrote to us have been in touch."""
    wrote = {event.contact_id for event in events if event.type in REPLIES and event.contact_id is not None}
    if wrote:
        timers.in_touch(wrote, now)
