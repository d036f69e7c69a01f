"""How affiliates stand: what they sold and earned, by currency; for many at once."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Sum

from affiliates.models import Commission, Sale
from contacts import money

Sums = dict[str, Decimal]


@dataclass
class Standing:
    """Counted sales, what they came to after what was given back, and what they earned; amounts by currency."""

    sales: int = 0
    revenue: Sums = field(default_factory=dict)
    earned: Sums = field(default_factory=dict)

    @property
    def in_words(self) -> dict[str, str]:
        return {"revenue": money.totals(self.revenue), "commission": money.totals(self.earned)}


def of_affiliates(numbers: Collection[int]) -> Mapping[int, Standing]:
    """By affiliate; two queries."""
    return _standings("enrolment__affiliate", "affiliate", numbers)


def of_enrolments(numbers: Collection[int]) -> Mapping[int, Standing]:
    """By enrolment; two queries."""
    return _standings("enrolment", "sale__enrolment", numbers)


def single(sums: Sums) -> Decimal | None:
    """The sum, where all of it is in one currency."""
    return next(iter(sums.values())) if len(sums) == 1 else None


def _standings(of_sale: str, of_commission: str, numbers: Collection[int]) -> Mapping[int, Standing]:
    found: dict[int, Standing] = defaultdict(Standing)
    counted: Any = Sale.objects.filter(**{f"{of_sale}__in": numbers}, status=Sale.Status.COUNTED).order_by()
    rows = counted.values_list(of_sale, "currency").annotate(n=Count("pk"), kept=Sum(F("amount") - F("refunded")))
    for number, currency, n, kept in rows:
        found[number].sales += n
        found[number].revenue[currency] = kept
    earning: Any = Commission.objects.filter(**{f"{of_commission}__in": numbers}).exclude(status=Commission.Status.VOID)
    for number, currency, amount in (
        earning.order_by().values_list(of_commission, "currency").annotate(sum=Sum("amount"))
    ):
        found[number].earned[currency] = amount
    return found
