"""Invoices: drafts that get their number when they are sent, in a series without gaps or doubles."""

from datetime import date
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commerce.models.base import Billed, Mirrored, OfCustomer, once_outside, tax_field
from commerce.models.order import Order
from commerce.models.subscription import Subscription
from contacts.models import Contact
from contacts.money_fields import amount_field, currency_field
from triggers.indexing import one_of
from triggers.keyed import Keyed, once
from triggers.tracking import Tracked

# Sent and not settled yet: what is looked for when it falls due.
UNSETTLED = one_of("status", "sent", "viewed", "partly_paid")


class InvoiceSeries(Keyed):
    """How invoices are numbered, and what stands on each: the next number is taken under the row's lock."""

    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(_("before the number"), max_length=20, blank=True, help_text=_("Such as R-2026-."))
    digits = models.PositiveSmallIntegerField(
        _("digits"), default=5, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    next_number = models.PositiveIntegerField(_("next number"), default=1, validators=[MinValueValidator(1)])
    days_to_pay = models.PositiveSmallIntegerField(_("days to pay"), default=14, validators=[MaxValueValidator(365)])
    tax_included = models.BooleanField(
        _("prices hold the tax"), default=True, help_text=_("Switched off, the tax is added to the prices.")
    )
    notes = models.TextField(
        _("text below the lines"), max_length=2000, blank=True, help_text=_("Such as bank account and tax number.")
    )
    pay_link = models.URLField(
        _("payment page"), blank=True, max_length=300,
        help_text=_("The address of a payment link of Stripe. The invoice's number and e-mail are added to it."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("invoice series")
        verbose_name_plural = _("invoice series")
        ordering = ["name", "id"]
        constraints = [once("invoice_series_key_once")]

    def __str__(self) -> str:
        return self.name

    def written(self, number: int) -> str:
        return f"{self.prefix}{number:0{self.digits}d}"


class Invoice(Billed, OfCustomer, Mirrored, Tracked):
    """What a customer owes, and how much of it was paid. Its lines and sums are fixed once it has a number."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Sent")
        VIEWED = "viewed", _("Viewed")
        PARTLY_PAID = "partly_paid", _("Partly paid")
        PAID = "paid", _("Paid")
        VOID = "void", _("Void")

    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), null=True, blank=True, on_delete=models.SET_NULL, related_name="invoices"
    )
    order = models.ForeignKey(
        Order, verbose_name=_("order"), null=True, blank=True, on_delete=models.SET_NULL, related_name="invoices"
    )
    subscription = models.ForeignKey(
        Subscription, verbose_name=_("subscription"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="invoices",
    )  # fmt: skip
    series = models.ForeignKey(
        InvoiceSeries, verbose_name=_("series"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="invoices",
    )  # fmt: skip
    sequence = models.PositiveIntegerField(null=True, editable=False)
    number = models.CharField(_("number"), max_length=60, blank=True, editable=False)
    intent = models.CharField(max_length=160, blank=True, default="", editable=False)
    title = models.CharField(_("title"), max_length=160, blank=True)
    status = models.CharField(_("status"), max_length=11, choices=Status.choices, default=Status.DRAFT)
    currency = currency_field(default="EUR")
    tax_included = models.BooleanField(_("prices hold the tax"), default=True)
    subtotal = amount_field(_("subtotal"), editable=False)
    discount = amount_field(_("discount"))
    tax = amount_field(_("tax"), editable=False)
    total = amount_field(_("total"), editable=False)
    paid = amount_field(_("paid"), editable=False)
    issued_on = models.DateField(_("issued"), null=True, blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    notes = models.TextField(_("text below the lines"), max_length=2000, blank=True)
    pay_url = models.CharField(_("payment page"), max_length=500, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)
    viewed_at = models.DateTimeField(_("viewed at"), null=True, editable=False)
    paid_at = models.DateTimeField(_("paid at"), null=True, editable=False)
    voided_at = models.DateTimeField(_("voided at"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ["-id"]
        constraints = [
            once_outside("invoice_outside_once"),
            models.UniqueConstraint(fields=["series", "sequence"], name="invoice_number_once"),
            models.CheckConstraint(
                condition=Q(series=None) | Q(status="draft") | Q(sequence__isnull=False), name="invoice_sent_numbered"
            ),
        ]
        indexes = [
            # dues.due: what falls due within a span of days
            models.Index(fields=["due_on"], condition=UNSETTLED, name="invoice_due"),
            # outside.payments: what an intent pays for
            models.Index(fields=["intent"], condition=~Q(intent=""), name="invoice_intent"),
            # the search of the house, and what a payment names
            models.Index(fields=["number"], name="invoice_number"),
        ]

    def __str__(self) -> str:
        return self.number or self.title or str(_("Draft %(id)s") % {"id": self.pk})

    @property
    def owed(self) -> Decimal:
        left: Decimal = self.total - self.paid
        return max(left, Decimal(0))

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_unsettled(self) -> bool:
        return self.status in (self.Status.SENT, self.Status.VIEWED, self.Status.PARTLY_PAID)

    def is_overdue(self, today: date) -> bool:
        return bool(self.is_unsettled and self.due_on and self.due_on < today)


class InvoiceLine(models.Model):
    """One line: so many of something at so much each, with its tax."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    name = models.CharField(_("what"), max_length=200)
    product = models.ForeignKey(
        "commerce.Product", verbose_name=_("product"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip
    quantity = models.DecimalField(
        _("quantity"), max_digits=12, decimal_places=3, default=Decimal(1), validators=[MinValueValidator(0)]
    )
    unit_amount = amount_field(_("each"))
    tax_rate = tax_field()
    total = amount_field(_("amount"), editable=False)

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


def not_above(column: str, most: str, name: str) -> models.CheckConstraint:
    """That one amount never exceeds another."""
    return models.CheckConstraint(condition=Q(**{f"{column}__lte": F(most)}), name=name)
