"""Checkouts of a store: noted as they go on, ended by an order, and found again once they fall silent."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db.models import Q
from django.utils import timezone

from commerce import customers, mirroring
from commerce.customers import Told
from commerce.models import Checkout

# A checkout that is older is no cart that somebody still thinks of, and is deleted.
KEEP: Final = timedelta(days=90)
READ: Final = ("pk", "contact_id", "email", "phone", "items", "currency", "total", "url", "active_at")


class Silent(NamedTuple):
    """A checkout that nobody has touched since so long, at the moment when that is so."""

    row: dict[str, Any]
    moment: datetime

    @property
    def key(self) -> str:
        """One for a checkout, however often it goes on and falls silent again."""
        return str(self.row["pk"])


def note(gateway: str, token: str, told: Told, at: datetime, **columns: Any) -> Checkout:
    """What a store tells of a checkout: the newest counts, and that it was ordered stays."""
    checkout = mirroring.held(Checkout, gateway, token)
    ordered = mirroring.earlier(checkout.completed_at, columns.pop("completed_at", None))
    if mirroring.is_news(checkout, at, 0):
        for name, value in columns.items():
            setattr(checkout, name, value)
        checkout.email, checkout.phone, checkout.active_at = told.email[:254], told.phone[:40], at
        checkout.contact = customers.contact_of(gateway, told) or checkout.contact
        mirroring.note(checkout, at, 0)
    checkout.completed_at = ordered
    checkout.save()
    return checkout


def close(gateway: str, token: str, cart: str, at: datetime) -> None:
    """Ends the checkout that became an order; one that was not told of yet is noted as ended."""
    if token:
        checkout = mirroring.held(Checkout, gateway, token, active_at=at)
        checkout.completed_at = mirroring.earlier(checkout.completed_at, at)
        checkout.cart = checkout.cart or cart
        checkout.save()
    if cart:
        same = Checkout.objects.filter(gateway=gateway, cart=cart, completed_at=None)
        same.update(completed_at=at)


def silent(minutes: int, since: datetime, until: datetime) -> Iterator[Silent]:
    """Every open checkout with `since` < moment <= `until`, where the moment is so many minutes of silence later."""
    wait = timedelta(minutes=minutes)
    open_ones = Checkout.objects.filter(completed_at=None, active_at__gt=since - wait, active_at__lte=until - wait)
    for row in open_ones.order_by().values(*READ):
        yield Silent(row, row["active_at"] + wait)


def purge(now: datetime | None = None) -> int:
    """Deletes checkouts past their keeping; how many."""
    old = Checkout.objects.filter(Q(active_at__lt=(now or timezone.now()) - KEEP))
    count, _by_model = old.delete()
    return count
