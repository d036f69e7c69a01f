"""What is done to subscriptions of our own: begun, and cancelled at once or at the end of what is paid."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commerce.models import Order, Price, Subscription
from contacts.models import Contact
from triggers.problems import Invalid, Problem

Status = Subscription.Status


@transaction.atomic
def begin(
    contact: Contact | None, price: Price, *, quantity: int = 1, now: datetime | None = None, **columns: Any
) -> Subscription:
    """A subscription of our own, in its free days where the price has some. Raises Invalid for a price paid once."""
    if not price.is_recurring:
        raise Invalid([Problem(("price",), _("This price is paid once. Choose one that is paid again and again."))])
    now = now or timezone.now()
    days = timedelta(days=price.trial_days)
    until = now + days if price.trial_days else _next(price, now)
    made: Subscription = Subscription.objects.create(
        contact=contact, product=price.product, price=price, quantity=quantity, amount=price.amount * quantity,
        currency=price.currency, interval=price.interval, interval_count=price.interval_count, started_at=now,
        period_end=until, created_at=now,
        **{"name": str(price), "status": Status.TRIAL if price.trial_days else Status.ACTIVE, **columns},
    )  # fmt: skip
    return made


@transaction.atomic
def of_order(order: Order, prices: dict[int, Price], now: datetime) -> list[Subscription]:
    """The subscriptions that an order begins: one for each of its items that is paid again and again."""
    found = [(prices[each["price_id"]], int(each["quantity"])) for each in order.items]
    return [
        begin(order.contact, price, quantity=quantity, now=now, order=order, status=Status.INCOMPLETE)
        for price, quantity in found
        if price.is_recurring
    ]


def activate(order: Order) -> None:
    """Begins what waited for the order to be paid; the caller's transaction."""
    waiting = Subscription.objects.select_for_update(of=("self",)).filter(order=order, status=Status.INCOMPLETE)
    for subscription in waiting:
        price = subscription.price
        subscription.status = Status.TRIAL if price and price.trial_days else Status.ACTIVE
        subscription.save()


@transaction.atomic
def cancel(subscription: Subscription, *, at_period_end: bool = False, now: datetime | None = None) -> bool:
    """Cancels it now, or lets it run out; whether that was news. Raises Invalid where another system bills it."""
    now = now or timezone.now()
    lock(subscription)
    if subscription.has_ended:
        return False
    if subscription.gateway:
        words = {"gateway": subscription.get_gateway_display()}
        raise Invalid([Problem((), _("%(gateway)s bills it. Cancel it there; it then ends here by itself.") % words)])
    if at_period_end and subscription.period_end and subscription.period_end > now:
        subscription.cancel_at = subscription.period_end
    else:
        subscription.status, subscription.cancel_at = Status.CANCELED, now
    subscription.canceled_at = now
    subscription.save()
    return True


def lock(subscription: Subscription) -> None:
    subscription.refresh_from_db(from_queryset=Subscription.objects.select_for_update(of=("self",)))


def _next(price: Price, now: datetime) -> datetime:
    day = price.after(now.date())
    return datetime.combine(day, time(now.hour, now.minute, tzinfo=now.tzinfo))
