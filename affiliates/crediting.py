"""Crediting purchases by themselves: whoever knows of purchases notes which are news, and is asked for them as they are.

Nothing is taken from what the news says: each purchase is looked at as it stands, paid and given back. So news may come
doubled, late or in any order.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db import models, transaction
from django.db.models import F, Q

from affiliates import selling, visits
from affiliates.models import Campaign, Enrolment, PurchaseDue, Referral, Sale
from contacts.models import Contact
from triggers.context import act_as
from triggers.models.event import Lane

log = logging.getLogger(__name__)
BATCH: Final = 100
LONGEST_BACKOFF: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Purchase:
    """A payment that was received. `ordered_at` decides whether a click still counted; of the payments of a subscription,
    which have `series` in common, it is when that began.
    """

    external_id: str
    buyer: Contact | None
    amount: Decimal
    refunded: Decimal
    currency: str
    ordered_at: datetime
    paid_at: datetime
    series: str = ""
    reference: str = ""


# By the source's name: purchases by their numbers there; those that are gone or not paid are left out.
sources: Final[dict[str, Callable[[Collection[str]], Mapping[str, Purchase]]]] = {}


def note(source: str, numbers: Collection[str]) -> None:
    """These purchases are to be looked at; the caller's transaction.

    One that is being looked at just now is waited for, and is to be looked at again: it was read before this news.
    """
    rows = [PurchaseDue(source=source, external_id=number) for number in sorted(set(numbers))]
    PurchaseDue.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["source", "external_id"], update_fields=["after"]
    )


def due_lanes(now: datetime) -> set[Lane]:
    return {Lane.FAST} if _waiting(now).exists() else set()


def work(lane: Lane, now: datetime) -> int:
    """Looks at the purchases that have waited longest; how many."""
    return _look(now) if lane == Lane.FAST else 0


@transaction.atomic
def _look(now: datetime) -> int:
    due = list(_waiting(now).select_for_update(skip_locked=True).order_by("id")[:BATCH])
    by_source: dict[str, list[PurchaseDue]] = {}
    for each in due:
        by_source.setdefault(each.source, []).append(each)
    for source, rows in by_source.items():
        load = sources.get(source)
        found = load([each.external_id for each in rows]) if load else {}
        for each in rows:
            _settle(each, found.get(each.external_id), now)
    return len(due)


def _settle(due: PurchaseDue, purchase: Purchase | None, now: datetime) -> None:
    try:
        with transaction.atomic(), act_as(actor="system", actor_id="", origin="affiliates"):
            if purchase is not None:
                follow(due.source, purchase)
            due.delete()
    except Exception:
        log.exception("purchase %s of %s cannot be credited", due.external_id, due.source)
        wait = min(timedelta(minutes=2 ** min(due.attempts, 10)), LONGEST_BACKOFF)
        PurchaseDue.objects.filter(pk=due.pk).update(attempts=F("attempts") + 1, after=now + wait)


def follow(source: str, purchase: Purchase) -> Sale | None:
    """Brings the sale of a purchase in step with it; a new one where it is to be credited. None where it is not."""
    sale = Sale.objects.filter(source=source, external_id=purchase.external_id).first()
    if sale is None and purchase.amount > purchase.refunded:
        sold = _sold(source, purchase)
        sale = selling.record(sold)[0] if sold is not None else None
    if sale is not None:
        selling.give_back(sale, purchase.refunded)
    return sale


def referred(buyer: Contact, at: datetime, campaign: int | None = None) -> Enrolment | None:
    """The enrolment whose click counts for what the contact bought then: of several campaigns the latest click's."""
    rows = Referral.objects.filter(contact=buyer, clicked_at__lte=at).order_by("-clicked_at", "-pk")
    rows = rows.filter(campaign=campaign) if campaign else rows
    for referral in rows.select_related("campaign", "enrolment__affiliate__contact", "enrolment__campaign"):
        if referral.campaign.is_within(referral.clicked_at, at) and _earns(referral.enrolment, buyer):
            return referral.enrolment
    return None


def following(source: str, series: str) -> Enrolment | None:
    """The enrolment that earlier payments of the same subscription were credited to."""
    rows = Sale.objects.filter(source=source, series=series).exclude(status=Sale.Status.VOID)
    rows = rows.select_related("enrolment__affiliate__contact", "enrolment__campaign")
    first = rows.order_by("occurred_at", "pk").first() if series else None
    return first.enrolment if first else None


def named(code: str, campaign: int | None = None) -> Enrolment | None:
    """The enrolment of the affiliate with this code: in this campaign, else the first one."""
    key = Campaign.objects.filter(pk=campaign).values_list("key", flat=True).first() if campaign else ""
    return visits.enrolment_of(code, key) if key is not None else None


def _sold(source: str, purchase: Purchase) -> selling.Sold | None:
    """The sale to be recorded; None where nobody recommended it, or its renewals earn no longer."""
    if purchase.buyer is None:
        return None
    enrolment = following(source, purchase.series) or referred(purchase.buyer, purchase.ordered_at)
    if enrolment is None or not _earns(enrolment, purchase.buyer):
        return None
    sold = selling.Sold(
        enrolment=enrolment, amount=purchase.amount, currency=purchase.currency, buyer=purchase.buyer,
        kind=Sale.Kind.RECURRING if purchase.series else Sale.Kind.ONE_OFF, source=source,
        external_id=purchase.external_id, series=purchase.series, reference=purchase.reference,
        occurred_at=purchase.paid_at, began_at=purchase.ordered_at if purchase.series else None,
    )  # fmt: skip
    return sold if selling.earns(sold) else None


def _earns(enrolment: Enrolment, buyer: Contact) -> bool:
    return enrolment.affiliate.is_active and enrolment.affiliate.contact_id != buyer.pk


def _waiting(now: datetime) -> "models.QuerySet[PurchaseDue]":
    return PurchaseDue.objects.filter(Q(after=None) | Q(after__lte=now))
