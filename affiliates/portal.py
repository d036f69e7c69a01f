"""What an affiliate sees of how they stand: links, clicks, sales, commissions and payouts. Nothing of the buyers."""

from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Sum
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from affiliates import links, standing
from affiliates.models import Affiliate, Click, Commission, Enrolment, Payout, Sale
from contacts import letters, money
from contacts.mail_addresses import tidied
from triggers import languages
from triggers.api.rates import wait_for_turn

# So many letters an hour go to one affiliate, whoever asks for them.
LETTERS: Final = 3
# As many of the latest as a person looks through.
MOST: Final = 50


def send_link(email: str, now: datetime) -> bool:
    """Mails the affiliate with this address a link to their page; False where there is none, or it was asked too often."""
    known = Affiliate.objects.select_related("contact").alias(address=Lower("contact__email"))
    affiliate = known.filter(address=tidied(email).lower()).order_by("pk").first()
    contact = affiliate.contact if affiliate else None
    if contact is None or affiliate is None:
        return False
    if wait_for_turn(f"affiliate-letter:{affiliate.pk}", LETTERS, 3600, now.timestamp()):
        return False
    with languages.of_mail_to(contact.language):
        text = _("Good day,\n\nhere is the page that tells how your recommendations stand. The link is good for "
                 "fourteen days.\n\n%(link)s\n\nIf you did not ask for it, there is nothing to do.")  # fmt: skip
        return letters.send(contact, _("Your recommendations"), text % {"link": links.magic(affiliate.pk, now)}, now)


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
    commission: Any = getattr(sale, "commission", None)
    counts = commission is not None and commission.status != Commission.Status.VOID
    return {
        "sale": sale, "amount": money.shown(sale.amount, sale.currency), "campaign": sale.enrolment.campaign.name,
        "earned": money.shown(commission.amount, commission.currency) if counts else "",
        "state": commission.get_status_display() if commission else sale.get_status_display(),
    }  # fmt: skip


def _payouts(affiliate: Affiliate) -> list[tuple[Payout, str]]:
    rows: Any = Payout.objects.filter(affiliate=affiliate).annotate(total=Sum("commissions__amount")).order_by("-pk")
    return [(each, money.shown(each.total, each.currency)) for each in rows[:MOST]]
