"""Sales: recorded once, with what they earn; lessened by what is given back; voided where they should not count."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from affiliates import telling
from affiliates.models import Commission, Enrolment, Sale
from contacts import money
from contacts.custom.money import decimals, validate_currency
from contacts.models import Contact
from triggers.problems import Invalid, Problem

Status, Earning = Sale.Status, Commission.Status


class ToldOtherwise(Invalid):
    """This number was told before, of another sale. The API answers 409."""

    status_code = 409


@dataclass(frozen=True)
class Sold:
    """What was sold, to whom, and who told it. `external_id` is the teller's number of it; empty where it has none.

    `series` is what the payments of a subscription have in common, and `began_at` when it began, where that is known.
    """

    enrolment: Enrolment
    amount: Decimal
    currency: str
    buyer: Contact | None = None
    kind: str = Sale.Kind.MANUAL
    source: str = "manual"
    external_id: str = ""
    series: str = ""
    reference: str = ""
    occurred_at: datetime | None = None
    began_at: datetime | None = None


def record(sold: Sold) -> tuple[Sale, bool]:
    """The sale with its commission, and whether it is new. One that was told before is answered as it is.

    Raises ValidationError by field, and ToldOtherwise where the number is known of another amount or affiliate.
    """
    known = _known(sold)
    if known is not None:
        return known, False
    check(sold)
    try:
        # Told twice at once: the unique row decides.
        with transaction.atomic():
            return _record(sold), True
    except IntegrityError:
        known = _known(sold)
        if known is None:
            raise
        return known, False


def check(sold: Sold) -> None:
    """Raises ValidationError by field where the sale cannot be credited."""
    affiliate, errors = sold.enrolment.affiliate, {}
    if not affiliate.is_active:
        words = {"affiliate": affiliate, "status": affiliate.get_status_display()}
        errors["affiliate"] = [_("%(affiliate)s earns nothing at present (%(status)s).") % words]
    elif sold.buyer is not None and affiliate.contact_id == sold.buyer.pk:
        errors["buyer"] = [
            _("%(affiliate)s is the affiliate: nobody earns by their own purchase.") % {"affiliate": affiliate}
        ]
    try:
        validate_currency(sold.currency)
    except ValidationError as error:
        errors["currency"] = error.messages
    if sold.amount <= 0:
        errors["amount"] = [_("Enter an amount above nothing.")]
    elif "currency" not in errors and sold.amount != money.rounded(sold.amount, sold.currency):
        words = {"currency": sold.currency, "n": decimals(sold.currency)}
        errors["amount"] = [_("An amount in %(currency)s has at most %(n)d decimals.") % words]
    if errors:
        raise ValidationError(errors)


def earns(sold: Sold) -> bool:
    """Whether it earns something still: a renewal does so for the months that its campaign says."""
    months = sold.enrolment.campaign.recurring_months
    if sold.kind != Sale.Kind.RECURRING or months is None:
        return True
    first = earlier(sold)
    if months == 0:
        return first is None
    began = sold.began_at or (first.occurred_at if first else None)
    return began is None or (sold.occurred_at or timezone.now()) < began + relativedelta(months=months)


def earlier(sold: Sold) -> Sale | None:
    """The first payment of the same subscription that we know of; of one without a name, the buyer's first renewal."""
    rows = Sale.objects.exclude(status=Status.VOID).order_by("occurred_at", "pk")
    if sold.series:
        return rows.filter(source=sold.source, series=sold.series).first()
    same = rows.filter(enrolment=sold.enrolment, buyer=sold.buyer, kind=Sale.Kind.RECURRING, series="")
    return same.first() if sold.buyer else None


@transaction.atomic
def give_back(sale: Sale, refunded: Decimal, now: datetime | None = None) -> None:
    """So much of the sale is given back by now, in all. Raises Invalid above what it was.

    Its commission follows, unless it is paid out: a share of what is left; nothing once all of it is gone.
    """
    lock(sale)
    if refunded > sale.amount or refunded < 0:
        left = money.shown(sale.amount, sale.currency)
        raise Invalid(
            [Problem(("amount",), _("The sale was %(amount)s; no more can be given back.") % {"amount": left})]
        )
    if refunded != money.rounded(refunded, sale.currency):
        raise Invalid([Problem(("amount",), _("%(currency)s has fewer decimals.") % {"currency": sale.currency})])
    if sale.status == Status.VOID or refunded == sale.refunded:
        return
    sale.refunded = refunded
    sale.status = Status.REFUNDED if refunded == sale.amount else Status.COUNTED
    sale.save()
    _settle(sale)


@transaction.atomic
def void(sale: Sale) -> bool:
    """It should not count after all; whether that is news. Raises Invalid where its commission was paid out."""
    lock(sale)
    if sale.status == Status.VOID:
        return False
    if Commission.objects.filter(sale=sale, status=Earning.PAID).exists():
        raise Invalid([Problem((), _("Its commission was paid out already, and stays."))])
    sale.status = Status.VOID
    sale.save()
    _settle(sale)
    return True


def lock(sale: Sale) -> None:
    sale.refresh_from_db(from_queryset=Sale.objects.select_for_update(of=("self",)))


def _record(sold: Sold) -> Sale:
    at, affiliate = sold.occurred_at or timezone.now(), sold.enrolment.affiliate
    earning = earns(sold)
    sale = Sale.objects.create(
        enrolment=sold.enrolment, buyer=sold.buyer, source=sold.source, external_id=sold.external_id or None,
        series=sold.series, amount=sold.amount, currency=sold.currency, kind=sold.kind, reference=sold.reference[:120],
        occurred_at=at,
    )  # fmt: skip
    amount, currency = sold.enrolment.campaign.earned(sold.amount, sold.currency)
    commission = None
    if earning and amount > 0:
        commission = Commission.objects.create(sale=sale, affiliate=affiliate, amount=amount, currency=currency)
    telling.of_sale(sale, commission)
    return sale


def _settle(sale: Sale) -> None:
    """Brings the commission in step with what is left of the sale; what was paid out stays."""
    commission = Commission.objects.select_for_update(of=("self",)).filter(sale=sale).first()
    if commission is None or commission.status == Earning.PAID:
        return
    amount, _currency = sale.enrolment.campaign.earned(sale.kept, sale.currency)
    if amount <= 0:
        commission.status, commission.payout = Earning.VOID, None
    else:
        commission.amount = amount
        if commission.status == Earning.VOID:
            commission.status = Earning.PENDING
    commission.save()


def _known(sold: Sold) -> Sale | None:
    if not sold.external_id:
        return None
    rows = Sale.objects.select_related("enrolment__affiliate", "enrolment__campaign", "buyer", "commission")
    known = rows.filter(source=sold.source, external_id=sold.external_id).first()
    if known is None:
        return None
    same: dict[str, Any] = {
        "amount": known.amount == sold.amount, "currency": known.currency == sold.currency,
        "affiliate": known.enrolment_id == sold.enrolment.pk,
    }  # fmt: skip
    wrong = [name for name, is_same in same.items() if not is_same]
    if wrong:
        told = _("A sale with this number was told before, and is another one.")
        raise ToldOtherwise([Problem((name,), told) for name in wrong])
    return known
