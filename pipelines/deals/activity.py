"""When something last happened around a deal: what was done to it, and what happened with its contact.

The first is written with the change (`keeping`). The second is heard as events: each is noted in the transaction that
matches it, and the open deals of its contact are marked a moment later, so that a scan asks one indexed column. What a
workflow or the clock did is no activity: a reminder about a deal that stands still would end the stillness.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from pipelines.models import ActivityDue, Opportunity
from triggers.models import Event
from triggers.models.event import Lane

BATCH: Final = 500
# Events of these families say that somebody dealt with the contact, or the contact with us.
FAMILIES: Final = ("note.", "task.", "message.", "call.", "appointment.", "form.", "survey.")
NOT_PEOPLE: Final = (Event.Actor.WORKFLOW, Event.Actor.CLOCK)


def note(events: Sequence[Event], now: datetime) -> None:
    """Queues the events that are activity of a contact with open deals."""
    heard = [event for event in events if _is_activity(event)]
    if not heard:
        return
    contacts = {event.contact_id for event in heard}
    with_deals = set(
        Opportunity.objects.filter(contact__pk__among=contacts, status=Opportunity.Status.OPEN).values_list(
            "contact_id", flat=True
        )
    )
    due = [ActivityDue(event_id=event.pk, lane=event.lane) for event in heard if event.contact_id in with_deals]
    ActivityDue.objects.bulk_create(due, ignore_conflicts=True)


def due_lanes(now: datetime) -> set[Lane]:
    return {Lane(lane) for lane in ActivityDue.objects.order_by().values_list("lane", flat=True).distinct()}


@transaction.atomic
def work(lane: Lane, now: datetime) -> int:
    """Marks the deals of the oldest noted events in this lane; how many events were taken."""
    rows = ActivityDue.objects.filter(lane=lane).select_for_update(skip_locked=True).order_by("id")
    due = dict(rows.values_list("pk", "event_id")[:BATCH])
    if not due:
        return 0
    # Asked now: a contact may have been merged into another meanwhile, and its events with it.
    happened = (
        Event.objects.filter(pk__in=due.values()).order_by("occurred_at").values_list("contact_id", "occurred_at")
    )
    latest = {contact: at for contact, at in happened if contact is not None}
    _mark(latest)
    ActivityDue.objects.filter(pk__in=due).delete()
    return len(due)


def _mark(latest: dict[int, datetime]) -> None:
    """Moves the deals' last activity forwards, in the order of their numbers, so that two workers never cross."""
    deals = Opportunity.objects.select_for_update(of=("self",)).filter(
        contact__in=latest, status=Opportunity.Status.OPEN
    )
    behind = []
    for deal in deals.only("pk", "contact_id", "last_activity_at").order_by("pk"):
        at = latest[deal.contact_id]
        if deal.last_activity_at < at:
            deal.last_activity_at = at
            behind.append(deal)
    Opportunity.objects.mark_active(behind)


def _is_activity(event: Event) -> bool:
    return event.contact_id is not None and event.actor not in NOT_PEOPLE and event.type.startswith(FAMILIES)
