"""What an affiliate sees of how they stand: links, clicks, sales, commissions and payouts. Nothing of the buyers."""

from typing import Any, Final

from django.db.models import Count, Sum

from affiliates import standing
from affiliates.models import Affiliate, Click, Commission, Enrolment, Payout, Sale
from contacts import money

# As many of the latest as a person looks through.
MOST: Final = 50


def shown(affiliate: Affiliate) -> dict[str, Any]:
    """The context of the page, in a constant number of queries."""
    enrolments = list(
        Enrolment.objects.filter(affiliate=affiliate).select_related("campaign", "affiliate").order_by("pk")
    )
    numbers = [each.pk for each in enrolments]
    clicked: Any = (
        Click.objects.filter(enrolment__in=numbers).order_by().values_list("enrolment").annotate(n=Count("pk"))
    )
    clicks, by_enrolment = dict(clicked), standing.of_enrolments(numbers)
    own = standing.of_affiliates([affiliate.pk]).get(affiliate.pk, standing.Standing())
    return {
        "affiliate": affiliate, "standing": own.in_words, "counted": own.sales, "states": _states(affiliate),
        "campaigns": [
            {
                "enrolment": each, "clicks": clicks.get(each.pk, 0), "earns": each.campaign.in_words(),
                "sales": by_enrolment.get(each.pk, standing.Standing()).sales,
            }
            for each in enrolments
        ],
        "sales": [_sale(each) for each in _latest(affiliate)],
        "payouts": _payouts(affiliate),
    }  # fmt: skip


def _states(affiliate: Affiliate) -> list[tuple[str, str]]:
    """What is earned by status: pending, approved, paid; in words."""
    rows: Any = Commission.objects.filter(affiliate=affiliate).order_by()
    sums: dict[str, dict[str, Any]] = {}
    for status, currency, total in rows.values_list("status", "currency").annotate(sum=Sum("amount")):
        sums.setdefault(status, {})[currency] = total
    wanted = (Commission.Status.PENDING, Commission.Status.APPROVED, Commission.Status.PAID)
    return [(str(status.label), money.totals(sums[status])) for status in wanted if status in sums]


def _latest(affiliate: Affiliate) -> list[Sale]:
    rows = Sale.objects.filter(enrolment__affiliate=affiliate).select_related("enrolment__campaign", "commission")
    return list(rows.order_by("-occurred_at", "-pk")[:MOST])


def _sale(sale: Sale) -> dict[str, Any]:
    commission = getattr(sale, "commission", None)
    return {
        "sale": sale, "amount": money.shown(sale.amount, sale.currency), "campaign": sale.enrolment.campaign.name,
        "earned": money.shown(commission.amount, commission.currency) if commission else "",
        "state": commission.get_status_display() if commission else sale.get_status_display(),
    }  # fmt: skip


def _payouts(affiliate: Affiliate) -> list[tuple[Payout, str]]:
    rows: Any = Payout.objects.filter(affiliate=affiliate).annotate(total=Sum("commissions__amount")).order_by("-pk")
    return [(each, money.shown(each.total, each.currency)) for each in rows[:MOST]]
