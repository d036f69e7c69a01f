"""Payments: every attempt to charge somebody, and what was given back. A refund never exceeds its payment."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commerce.models.base import Mirrored, OfCustomer, once_outside
from commerce.models.invoice import Invoice, not_above
from commerce.models.order import Order
from commerce.models.subscription import Subscription
from contacts.models import Contact
from contacts.money_fields import amount_field, currency_field
from triggers.tracking import Tracked


class Payment(OfCustomer, Mirrored, Tracked):
    """One attempt to charge somebody. `refunded` is the sum of the refunds that worked or are under way."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        FAILED = "failed", _("Failed")
        SUCCEEDED = "succeeded", _("Received")

    class Source(models.TextChoices):
        INVOICE = "invoice", _("Invoice")
        FUNNEL = "funnel", _("Funnel")
        WEBSITE = "website", _("Website")
        CALENDAR = "calendar", _("Calendar")
        FORM = "form", _("Order form")
        MEMBERSHIP = "membership", _("Membership")
        COMMUNITY = "community", _("Community")
        PAYMENT_LINK = "payment_link", _("Payment link")
        SUBSCRIPTION = "subscription", _("Subscription")
        STORE = "store", _("Store")
        EXTERNAL = "external", _("From outside")
        MANUAL = "manual", _("By hand")

    class Kind(models.TextChoices):
        PRESENT = "customer_present", _("Customer was there")
        ABSENT = "customer_not_present", _("Customer was not there")
        SUBSCRIPTION = "subscription", _("Subscription")

    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), null=True, blank=True, on_delete=models.SET_NULL, related_name="payments"
    )
    order = models.ForeignKey(
        Order, verbose_name=_("order"), null=True, blank=True, on_delete=models.SET_NULL, related_name="payments"
    )
    invoice = models.ForeignKey(
        Invoice, verbose_name=_("invoice"), null=True, blank=True, on_delete=models.SET_NULL, related_name="payments"
    )
    subscription = models.ForeignKey(
        Subscription, verbose_name=_("subscription"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="payments",
    )  # fmt: skip
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.PENDING)
    amount = amount_field(_("amount"))
    currency = currency_field(default="EUR")
    refunded = amount_field(_("refunded"), editable=False)
    source = models.CharField(_("source"), max_length=12, choices=Source.choices, default=Source.MANUAL)
    sub_source = models.CharField(_("source in detail"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.PRESENT)
    method = models.CharField(_("paid by"), max_length=40, blank=True, help_text=_("Such as card, cash or transfer."))
    card_brand = models.CharField(_("card"), max_length=40, blank=True)
    card_last4 = models.CharField(_("last digits"), max_length=4, blank=True)
    intent = models.CharField(_("intent"), max_length=160, blank=True, editable=False)
    failure_code = models.CharField(_("why, as a code"), max_length=80, blank=True)
    failure_message = models.CharField(_("why"), max_length=300, blank=True)
    paid_at = models.DateTimeField(_("paid"), default=timezone.now)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-id"]
        constraints = [
            once_outside("payment_outside_once"),
            not_above("refunded", "amount", "payment_refunded_not_above_it"),
            models.CheckConstraint(
                condition=Q(refunded=0) | Q(status="succeeded"), name="payment_refunded_was_received"
            ),
        ]
        indexes = [
            # mirroring: what belongs to an intent
            models.Index(fields=["intent"], condition=~Q(intent=""), name="payment_intent"),
        ]

    def __str__(self) -> str:
        return str(_("Payment %(id)s") % {"id": self.pk})

    @property
    def refundable(self) -> Decimal:
        return self.amount - self.refunded if self.status == self.Status.SUCCEEDED else Decimal(0)


class Refund(Mirrored, Tracked):
    """What was given back of a payment, or was to be."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        SUCCEEDED = "succeeded", _("Given back")
        FAILED = "failed", _("Failed")

    payment = models.ForeignKey(
        Payment, verbose_name=_("payment"), on_delete=models.PROTECT, related_name="refunds"
    )  # fmt: skip
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.PENDING)
    amount = amount_field(_("amount"))
    currency = currency_field(default="EUR")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    refunded_at = models.DateTimeField(_("given back"), default=timezone.now)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["-id"]
        constraints = [
            once_outside("refund_outside_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_of_something"),
        ]

    def __str__(self) -> str:
        return str(_("Refund %(id)s") % {"id": self.pk})
