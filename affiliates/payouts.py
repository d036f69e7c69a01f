"""Commissions on their way to whoever earned them: approved, put into a payout, paid. Each is paid once."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from affiliates.models import Affiliate, Commission, Payout
from triggers.problems import Invalid, Problem

Status = Commission.Status


@transaction.atomic
def approve(commissions: QuerySet[Commission]) -> int:
    """Approves those that are pending; how many."""
    locked = commissions.order_by().select_for_update(of=("self",)).filter(status=Status.PENDING)
    numbers = list(locked.values_list("pk", flat=True))
    return Commission.objects.filter(pk__in=numbers).update(status=Status.APPROVED, updated_at=timezone.now())


@transaction.atomic
def put_together(affiliate: Affiliate, currency: str, until: date | None = None) -> Payout:
    """A payout of everything approved in this currency, of sales up to a day (the account's); today where none is given.

    Raises Invalid by field: nothing is approved, another payout is open, or nobody knows how to pay the affiliate.
    """
    Affiliate.objects.select_for_update(of=("self",)).get(pk=affiliate.pk)
    until = until or timezone.localdate()
    if affiliate.payout_method == Affiliate.PayoutMethod.NONE:
        raise Invalid([Problem(("affiliate",), _("%(name)s has given no payout method yet.") % {"name": affiliate})])
    if Payout.objects.filter(affiliate=affiliate, currency=currency, status=Payout.Status.OPEN).exists():
        raise Invalid(
            [Problem((), _("A payout in %(currency)s is open. Pay it or take it back first.") % {"currency": currency})]
        )
    rows = due(affiliate, currency).filter(sale__occurred_at__date__lte=until)
    first = rows.aggregate(at=Min("sale__occurred_at"))["at"]
    if first is None:
        raise Invalid([Problem((), _("Nothing in %(currency)s is approved up to that day.") % {"currency": currency})])
    since = timezone.localdate(first)
    made = Payout.objects.create(affiliate=affiliate, currency=currency, since=since, until=until)
    numbers = list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    Commission.objects.filter(pk__in=numbers).update(payout=made, updated_at=timezone.now())
    return made


def due(affiliate: Affiliate, currency: str) -> QuerySet[Commission]:
    """What is approved and in no payout yet."""
    return Commission.objects.filter(affiliate=affiliate, currency=currency, status=Status.APPROVED, payout=None)


@transaction.atomic
def pay(payout: Payout, reference: str = "", now: datetime | None = None) -> None:
    """Notes that it was paid. Raises Invalid where it was already, or nothing is left in it."""
    _lock(payout)
    rows = Commission.objects.select_for_update(of=("self",)).filter(payout=payout, status=Status.APPROVED)
    numbers = list(rows.order_by("pk").values_list("pk", flat=True))
    if not numbers:
        raise Invalid([Problem((), _("Nothing is left in this payout: its sales were given back. Take it back."))])
    payout.status, payout.paid_at = Payout.Status.PAID, now or timezone.now()
    payout.reference = reference[:120] or payout.reference
    payout.save()
    Commission.objects.filter(pk__in=numbers).update(status=Status.PAID, updated_at=timezone.now())


@transaction.atomic
def take_back(payout: Payout) -> None:
    """Undoes a payout that is not paid: its commissions wait for the next one. Raises Invalid where it was paid."""
    _lock(payout)
    Commission.objects.filter(payout=payout).update(payout=None, updated_at=timezone.now())
    payout.delete()


def _lock(payout: Payout) -> None:
    payout.refresh_from_db(from_queryset=Payout.objects.select_for_update(of=("self",)))
    if payout.status == Payout.Status.PAID:
        raise Invalid([Problem((), _("This payout is paid already."))])
