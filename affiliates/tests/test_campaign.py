"""What a campaign earns, for how long its clicks count, and what it refuses."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from affiliates.models import Campaign
from affiliates.tests import make

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("percent", "amount", "currency", "earned"),
    [
        ("10", "49.90", "EUR", "4.99"), ("10", "0.04", "EUR", "0.00"), ("10", "0.05", "EUR", "0.01"),
        ("10", "1980", "JPY", "198"), ("10", "1985", "JPY", "199"), ("12.5", "0.100", "KWD", "0.013"),
        ("33.333", "10.000", "BHD", "3.333"), ("100", "5", "EUR", "5.00"), ("10", "0", "EUR", "0"),
    ],
)  # fmt: skip
def test_a_share_has_the_decimals_of_the_currency(percent: str, amount: str, currency: str, earned: str) -> None:
    shop = Campaign(kind="percent", percent=Decimal(percent))

    found = shop.earned(Decimal(amount), currency)

    assert (str(found[0]), found[1]) == (earned, currency)


def test_the_same_amount_is_earned_in_the_campaigns_own_currency() -> None:
    shop = Campaign(kind="fixed", amount=Decimal(25), currency="EUR")

    assert shop.earned(Decimal(9000), "JPY") == (Decimal(25), "EUR")
    assert shop.earned(Decimal(0), "JPY") == (Decimal(0), "JPY")


def test_a_click_counts_from_its_moment_to_the_end_of_the_window() -> None:
    shop, end = Campaign(window_days=30), make.NOON + timedelta(days=30)

    assert shop.is_within(make.NOON, make.NOON)
    assert shop.is_within(make.NOON, end - MINUTE)
    assert not shop.is_within(make.NOON, end)
    assert not shop.is_within(make.NOON, make.NOON - MINUTE)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"percent": None}, "percent"), ({"percent": 0}, "percent"), ({"percent": 101}, "percent"),
        ({"kind": "fixed"}, "amount"), ({"kind": "fixed", "amount": 5}, "currency"),
        ({"kind": "fixed", "amount": 5, "currency": "EURO"}, "currency"),
        ({"kind": "fixed", "amount": 5, "currency": "XXX"}, "currency"),
        ({"kind": "fixed", "amount": Decimal("5.5"), "currency": "JPY"}, "amount"),
        ({"kind": "fixed", "amount": Decimal("5.555"), "currency": "EUR"}, "amount"),
        ({"window_days": 0}, "window_days"), ({"recurring_months": 2000}, "recurring_months"),
        ({"target_url": "javascript:alert(1)"}, "target_url"), ({"target_url": "/offer"}, "target_url"),
        ({"target_url": "https://{code}.example.com/"}, "target_url"),
        ({"target_url": "https://shop.example.com@evil.example/"}, "target_url"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_at_its_field(values: dict[str, Any], field: str) -> None:
    shop = Campaign(**{"name": "Shop", "target_url": make.SHOP, "percent": 10, **values})

    with pytest.raises(ValidationError) as refused:
        shop.full_clean()

    assert list(refused.value.message_dict) == [field]


@pytest.mark.django_db
def test_three_decimals_are_taken_where_the_currency_has_them() -> None:
    shop = Campaign(name="Shop", target_url=make.SHOP, kind="fixed", amount=Decimal("1.125"), currency="KWD", percent=5)

    shop.full_clean()

    assert shop.percent is None
    assert shop.in_words().endswith("1.125")


@pytest.mark.django_db
def test_the_database_takes_none_that_earns_nothing() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make.campaign(percent=None)
