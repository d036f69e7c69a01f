"""What affiliates sold, what it earns them, and what was paid out."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from affiliates.models.affiliate import Affiliate, Enrolment
from contacts.models import Contact
from contacts.money_fields import amount_field, currency_field
from triggers.context import by_whom


class Sale(models.Model):
    """A purchase that is credited to an enrolment. Of one source each number counts once, however often it is told."""

    class Kind(models.TextChoices):
        ONE_OFF = "one_off", _("Once")
        RECURRING = "recurring", _("Renewal")
        MANUAL = "manual", _("By hand")

    class Source(models.TextChoices):
        """The names that are ours; other systems tell their sales under names of their own."""

        MANUAL = "manual", _("By hand")
        WORKFLOW = "workflow", _("A workflow")
        PAYMENTS = "payments", _("Payments")
        API = "api", _("API")

    class Status(models.TextChoices):
        COUNTED = "counted", _("Counted")
        REFUNDED = "refunded", _("Given back")
        VOID = "void", _("Void")

    enrolment = models.ForeignKey(
        Enrolment, verbose_name=_("enrolment"), on_delete=models.PROTECT, related_name="sales"
    )
    buyer = models.ForeignKey(
        Contact,
        verbose_name=_("buyer"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="affiliate_sales",
    )
    source = models.CharField(_("told by"), max_length=60, default="manual", editable=False)
    external_id = models.CharField(_("its number there"), max_length=160, null=True, blank=True)
    series = models.CharField(
        _("subscription"), max_length=160, blank=True, help_text=_("What its renewals have in common.")
    )
    amount = amount_field(_("amount"))
    refunded = amount_field(_("given back"), editable=False)
    currency = currency_field()
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices, default=Kind.MANUAL)
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.COUNTED, editable=False)
    reference = models.CharField(_("order"), max_length=120, blank=True, help_text=_("What staff know it by."))
    occurred_at = models.DateTimeField(_("bought"), default=timezone.now)
    created_by = models.CharField(_("by"), max_length=80, default=by_whom, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("sale")
        verbose_name_plural = _("sales")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="affiliate_sale_told_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="affiliate_sale_of_something"),
            models.CheckConstraint(condition=Q(refunded__lte=F("amount")), name="affiliate_sale_refunded_not_above_it"),
        ]
        indexes = [
            # selling.earlier: the first payment of a subscription
            models.Index(
                fields=["source", "series", "occurred_at"], condition=~Q(series=""), name="affiliate_sale_series"
            ),
        ]

    def __str__(self) -> str:
        return self.reference or str(_("Sale %(id)s") % {"id": self.pk})

    @classmethod
    def told_by(cls, source: str) -> str:
        """Who tells sales under this name."""
        return str(cls.Source(source).label) if source in cls.Source else source

    @property
    def kept(self) -> Decimal:
        """What is left of it after what was given back."""
        return self.amount - self.refunded if self.status == self.Status.COUNTED else Decimal(0)


class Payout(models.Model):
    """What an affiliate is paid at once: approved commissions of one currency, up to a day."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        PAID = "paid", _("Paid")

    affiliate = models.ForeignKey(
        Affiliate, verbose_name=_("affiliate"), on_delete=models.PROTECT, related_name="payouts"
    )
    currency = currency_field()
    since = models.DateField(_("from"))
    until = models.DateField(_("until"))
    status = models.CharField(_("status"), max_length=4, choices=Status.choices, default=Status.OPEN, editable=False)
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    paid_at = models.DateTimeField(_("paid"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(since__lte=F("until")), name="affiliate_payout_period"),
            models.CheckConstraint(
                condition=Q(status="open", paid_at=None) | Q(status="paid", paid_at__isnull=False),
                name="affiliate_payout_paid_at_a_moment",
            ),
            # one that is put together at a time for each affiliate and currency
            models.UniqueConstraint(
                fields=["affiliate", "currency"], condition=Q(status="open"), name="affiliate_payout_open_once"
            ),
        ]

    def __str__(self) -> str:
        return str(_("Payout %(id)s") % {"id": self.pk})


class Commission(models.Model):
    """What a sale earns its affiliate. It is in one payout at most: the row can name no second."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Not approved yet")
        APPROVED = "approved", _("Approved")
        PAID = "paid", _("Paid")
        VOID = "void", _("Void")

    sale = models.OneToOneField(Sale, verbose_name=_("sale"), on_delete=models.CASCADE, related_name="commission")
    affiliate = models.ForeignKey(
        Affiliate, verbose_name=_("affiliate"), on_delete=models.PROTECT, related_name="commissions", db_index=False
    )
    amount = models.DecimalField(
        _("amount"), max_digits=15, decimal_places=3, validators=[MinValueValidator(Decimal("0.001"))]
    )
    currency = currency_field()
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.PENDING)
    payout = models.ForeignKey(
        Payout, verbose_name=_("payout"), null=True, blank=True, on_delete=models.PROTECT, related_name="commissions"
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("commission")
        verbose_name_plural = _("commissions")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="affiliate_commission_of_something"),
            models.CheckConstraint(
                condition=Q(payout=None, status__in=["pending", "approved", "void"])
                | Q(payout__isnull=False, status__in=["approved", "paid"]),
                name="affiliate_commission_paid_by_a_payout",
            ),
        ]
        indexes = [
            # facts and pages: what an affiliate earned; payouts.due: what is approved and not paid out
            models.Index(fields=["affiliate", "status"], name="affiliate_commission_of"),
        ]

    def __str__(self) -> str:
        return str(_("Commission %(id)s") % {"id": self.pk})


class PurchaseDue(models.Model):
    """A purchase that is to be looked at: paid, or given back, since it was looked at last."""

    source = models.CharField(max_length=60)
    external_id = models.CharField(max_length=160)
    attempts = models.PositiveSmallIntegerField(default=0)
    after = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="affiliate_purchase_due_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"
