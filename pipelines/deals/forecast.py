"""The forecast: what open deals are expected to bring, by month and currency, weighted by their stage's probability."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.db.models import Count, DecimalField, ExpressionWrapper, F, QuerySet, Sum
from django.db.models.functions import TruncMonth

from contacts import money
from pipelines.models import Opportunity

if TYPE_CHECKING:
    from collections.abc import Sequence

MONTHS: Final = 12
HEIGHT: Final = 120
STEP: Final = 72
WIDTH: Final = 40


@dataclass(frozen=True)
class Month:
    """One month of one currency: how many deals, their sum, and the sum weighted by probability."""

    first: date
    count: int
    value: Decimal
    weighted: Decimal
    currency: str = ""

    @property
    def value_words(self) -> str:
        return money.shown(self.value, self.currency)

    @property
    def weighted_words(self) -> str:
        return money.shown(self.weighted.quantize(Decimal(1)), self.currency)


@dataclass(frozen=True)
class Bar:
    """A month's place in the chart: the sum as a frame, the weighted part within it."""

    month: Month
    x: int
    height: int
    weighted_height: int

    @property
    def y(self) -> int:
        return HEIGHT - self.height

    @property
    def weighted_y(self) -> int:
        return HEIGHT - self.weighted_height

    @property
    def middle(self) -> int:
        return self.x + WIDTH // 2


@dataclass(frozen=True)
class Forecast:
    """One currency's months, from the present one on."""

    currency: str
    months: list[Month]

    @property
    def bars(self) -> list[Bar]:
        most = max((month.value for month in self.months), default=Decimal(0)) or Decimal(1)
        return [
            Bar(month, 16 + n * STEP, _high(month.value, most), _high(month.weighted, most))
            for n, month in enumerate(self.months)
        ]

    @property
    def width(self) -> int:
        return 32 + len(self.months) * STEP

    @property
    def total(self) -> str:
        return money.shown(sum((month.value for month in self.months), Decimal(0)), self.currency)

    @property
    def weighted(self) -> str:
        whole = sum((month.weighted for month in self.months), Decimal(0))
        return money.shown(whole.quantize(Decimal(1)), self.currency)


def forecast(deals: "QuerySet[Opportunity]", today: date) -> list[Forecast]:
    """What is expected from this month on, for a year, by currency; in one query."""
    first = today.replace(day=1)
    months = list(_months(first))
    share = ExpressionWrapper(
        F("value") * F("stage__probability") / Decimal(100), output_field=DecimalField(max_digits=20, decimal_places=3)
    )
    rows = (
        deals.filter(status=Opportunity.Status.OPEN, expected_close__gte=first, value__isnull=False)
        .filter(expected_close__lt=_after(months[-1]))
        .annotate(month=TruncMonth("expected_close"))
        .order_by()
        .values_list("currency", "month")
        .annotate(n=Count("pk"), sum=Sum("value"), likely=Sum(share))
    )
    found: dict[str, dict[date, tuple[int, Decimal, Decimal]]] = {}
    for currency, month, count, value, likely in rows:
        found.setdefault(currency, {})[month] = (count, value, likely)
    return [_of(currency, known, months) for currency, known in sorted(found.items())]


def without_date(deals: "QuerySet[Opportunity]", today: date) -> tuple[int, int]:
    """How many open deals say no day of closing, and how many one that is over."""
    opened = deals.filter(status=Opportunity.Status.OPEN)
    return opened.filter(expected_close=None).count(), opened.filter(expected_close__lt=today).count()


def _of(currency: str, known: dict[date, tuple[int, Decimal, Decimal]], months: "Sequence[date]") -> Forecast:
    nothing = (0, Decimal(0), Decimal(0))
    rows = [Month(month, *known.get(month, nothing), currency) for month in months]
    last = max(n for n, row in enumerate(rows) if row.count) + 1
    return Forecast(currency, rows[: max(last, 6)])


def _months(first: date) -> Iterator[date]:
    month = first
    for _n in range(MONTHS):
        yield month
        month = _after(month)


def _after(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _high(value: Decimal, most: Decimal) -> int:
    return round(HEIGHT * value / most)
