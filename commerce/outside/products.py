"""Products and prices as other systems number them; one that is only mentioned is here under what is known of it."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from commerce import mirroring
from commerce.models import Price, Product


class PriceTold(NamedTuple):
    """A price, and the number of its product there."""

    number: str
    product: str
    amount: Decimal
    currency: str
    interval: str = "once"
    interval_count: int = 1
    name: str = ""
    active: bool = True


def product(gateway: str, number: str, name: str = "", at: datetime | None = None, active: bool = True) -> Product:
    """The product of this number, made where it is not there; told at a moment, it is named anew."""
    row = mirroring.held(Product, gateway, number, name=(name or number)[:160])
    if at is not None and mirroring.is_news(row, at, 0):
        row.name, row.active = (name or number)[:160], active
        mirroring.note(row, at, 0)
    row.save()
    return row


def price(gateway: str, told: PriceTold, at: datetime | None = None) -> Price:
    """The price of this number, made where it is not there; told at a moment, it is as told."""
    row = mirroring.held(Price, gateway, told.number)
    is_news = at is not None and mirroring.is_news(row, at, 0)
    if row.pk is None or is_news:
        row.product = product(gateway, told.product)
        row.amount, row.currency, row.name = told.amount, told.currency, told.name[:120]
        row.interval, row.interval_count = told.interval, told.interval_count
        row.active = told.active
    if at is not None and is_news:
        mirroring.note(row, at, 0)
    row.save()
    return row
