"""The forecast: months from this one on, each currency for itself, weighted by the stage's probability."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pipelines.deals.forecast import forecast, without_date
from pipelines.models import Opportunity
from pipelines.tests import deal_make as make

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)


def test_values_are_summed_by_month_and_weighted(django_assert_num_queries: Any) -> None:
    make.pipeline()
    make.deal(at="Enquiry", value=1000, expected_close=date(2026, 11, 1))
    make.deal(at="Offer", value=500, expected_close=date(2026, 11, 30))
    make.deal(at="Offer", value=200, expected_close=date(2027, 1, 15))
    make.deal(at="Planning", value=70, currency="CHF", expected_close=date(2026, 12, 1))
    # none of these counts
    make.deal(value=9, expected_close=date(2026, 10, 31))
    make.deal(value=9, expected_close=date(2027, 11, 1))
    make.deal(value=9, status="won", expected_close=date(2026, 12, 1))
    make.deal(value=None, expected_close=date(2026, 12, 1))
    make.deal(value=9)

    with django_assert_num_queries(1):
        chf, eur = forecast(Opportunity.objects.all(), TODAY)

    told = [(month.first, month.count, month.value, month.weighted) for month in eur.months if month.count]
    assert told == [
        (date(2026, 11, 1), 2, Decimal(1500), Decimal(250)), (date(2027, 1, 1), 1, Decimal(200), Decimal(60)),
    ]  # fmt: skip
    assert (chf.currency, chf.total, chf.weighted) == ("CHF", "CHF\xa070", "CHF\xa014")
    assert without_date(Opportunity.objects.all(), TODAY) == (1, 2)


def test_the_highest_month_fills_the_chart() -> None:
    make.pipeline()
    make.deal(at="Offer", value=100, expected_close=date(2026, 11, 1))
    make.deal(at="Offer", value=50, expected_close=date(2026, 12, 1))

    [eur] = forecast(Opportunity.objects.all(), TODAY)

    assert [(bar.height, bar.weighted_height, bar.y) for bar in eur.bars][:3] == [
        (120, 36, 0),
        (60, 18, 60),
        (0, 0, 120),
    ]
    assert len(eur.bars) == 6


def test_without_deals_there_is_none() -> None:
    assert forecast(Opportunity.objects.all(), TODAY) == []
