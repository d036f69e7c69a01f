"""Subscriptions that we bill ourselves: each period an invoice, overdue while one is, and over when they end.

What falls due is worked by the sweep. Moving a subscription to its next period and writing that period's invoice is one
transaction under the subscription's lock: a period is billed once, however many workers there are.
"""

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from commerce import invoicing, subscribing
from commerce.models import Invoice, Subscription
from commerce.models.invoice import UNSETTLED
from commerce.models.subscription import OURS
from triggers.models.event import Lane
from triggers.models.organisation import Organisation

BATCH: Final = 50
Status = Subscription.Status


def due_lanes(now: datetime) -> set[Lane]:
    return {Lane.BULK} if any(rows.exists() for rows in (_ending(now), _renewing(now), _late(now))) else set()


def work(lane: Lane, now: datetime) -> int:
    """Ends, renews and marks what is due; how many subscriptions changed."""
    if lane != Lane.BULK:
        return 0
    found = [*_ending(now)[:BATCH].values_list("pk", flat=True), *_renewing(now)[:BATCH].values_list("pk", flat=True)]
    late = list(_late(now)[:BATCH].values_list("pk", flat=True))
    return sum(_go_on(pk, now) for pk in found) + sum(_follow(pk, now) for pk in late)


def _ending(now: datetime) -> QuerySet[Subscription]:
    found: QuerySet[Subscription] = Subscription.objects.filter(OURS, cancel_at__lte=now).order_by("cancel_at", "pk")
    return found


def _renewing(now: datetime) -> QuerySet[Subscription]:
    rows = Subscription.objects.filter(OURS, series__isnull=False, cancel_at=None, period_end__lte=now)
    found: QuerySet[Subscription] = rows.order_by("period_end", "pk")
    return found


def _late(now: datetime) -> QuerySet[Subscription]:
    """What still counts as paid though an invoice of it is over its day."""
    overdue = Invoice.objects.filter(UNSETTLED, subscription=OuterRef("pk"), due_on__lt=_today(now))
    rows = Subscription.objects.filter(Exists(overdue), gateway="", status=Status.ACTIVE)
    found: QuerySet[Subscription] = rows.order_by("pk")
    return found


@transaction.atomic
def _go_on(pk: int, now: datetime) -> int:
    """Ends the subscription, or bills its next period; 0 where somebody else has, or is about to."""
    due = Subscription.objects.filter(Q(cancel_at__lte=now) | Q(cancel_at=None, period_end__lte=now), OURS, pk=pk)
    subscription = due.select_for_update(skip_locked=True, of=("self",)).first()
    if subscription is None:
        return 0
    if subscription.cancel_at is not None:
        subscription.status = Status.CANCELED
        subscription.save()
        return 1
    began = subscription.period_end
    assert began is not None
    subscription.period_end = subscribing.following(subscription, began)
    if subscription.status == Status.TRIAL:
        subscription.status = Status.ACTIVE
    subscription.save()
    _bill(subscription, began, now)
    return 1


def _bill(subscription: Subscription, began: datetime, now: datetime) -> None:
    zone = Organisation.get().zone
    first, end = began.astimezone(zone).date(), (subscription.period_end or began).astimezone(zone).date()
    last = end - timedelta(days=1)
    words = {"name": subscription, "first": formats.date_format(first), "last": formats.date_format(last)}
    line = {
        "name": _("%(name)s, %(first)s to %(last)s") % words, "unit_amount": subscription.amount,
        "product_id": subscription.product_id, "tax_rate": subscription.product.tax_rate if subscription.product else 0,
    }  # fmt: skip
    invoice = invoicing.draft(
        subscription.contact, [line], series=subscription.series, subscription=subscription,
        title=str(subscription)[:160], currency=subscription.currency,
    )  # fmt: skip
    invoicing.send(invoice, now)


@transaction.atomic
def _follow(pk: int, now: datetime) -> int:
    subscription = Subscription.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
    return int(subscription is not None and subscribing.keep_in_step(subscription, _today(now)))


def _today(now: datetime) -> date:
    return timezone.localtime(now, Organisation.get().zone).date()
