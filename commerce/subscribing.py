"""What is done to subscriptions of our own: begun, and cancelled at once or at the end of what is paid."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commerce.models import InvoiceSeries, Order, Price, Subscription
from commerce.models.invoice import UNSETTLED
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
    made = Subscription(
        contact=contact, product=price.product, price=price, quantity=quantity, amount=price.amount * quantity,
        currency=price.currency, interval=price.interval, interval_count=price.interval_count, started_at=now,
        created_at=now, **{"name": str(price), "status": Status.TRIAL if price.trial_days else Status.ACTIVE, **columns},
    )  # fmt: skip
    made.period_end = now + timedelta(days=price.trial_days) if price.trial_days else following(made, now)
    made.save()
    return made


@transaction.atomic
def of_order(
    order: Order, prices: dict[int, Price], now: datetime, series: InvoiceSeries | None = None
) -> list[Subscription]:
    """The subscriptions that an order begins: one for each of its items that is paid again and again.

    With a series they are renewed by invoices of it.
    """
    found = [(prices[each["price_id"]], int(each["quantity"])) for each in order.items]
    return [
        begin(order.contact, price, quantity=quantity, now=now, order=order, series=series, status=Status.INCOMPLETE)
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


def keep_in_step(subscription: Subscription, today: date) -> bool:
    """Overdue while an invoice of it is, active again when none is; whether that was news. The caller's transaction."""
    if subscription.gateway or subscription.status not in (Status.ACTIVE, Status.OVERDUE):
        return False
    is_late = subscription.invoices.filter(UNSETTLED, due_on__lt=today).exists()
    status = Status.OVERDUE if is_late else Status.ACTIVE
    if status == subscription.status:
        return False
    subscription.status = status
    subscription.save()
    return True


def lock(subscription: Subscription) -> None:
    subscription.refresh_from_db(from_queryset=Subscription.objects.select_for_update(of=("self",)))


def following(subscription: Subscription, at: datetime) -> datetime:
    """The end of the period that begins at this moment.

    What began on the 31st is due on the last day of shorter months, and on the 31st again after them.
    """
    spans: dict[str, Any] = {f"{subscription.interval}s": subscription.interval_count}
    found: datetime = at + relativedelta(**spans)
    began, is_last = subscription.started_at, at.day == monthrange(at.year, at.month)[1]
    if began is not None and is_last and subscription.interval in ("month", "year") and began.day > found.day:
        found = found.replace(day=min(began.day, monthrange(found.year, found.month)[1]))
    return found
