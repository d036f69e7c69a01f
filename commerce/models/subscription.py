"""Subscriptions: what is paid again and again, and how that stands."""

from typing import Final

from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commerce.models.base import Mirrored, OfCustomer, once_outside
from commerce.models.order import Order
from commerce.models.product import Price, Product
from contacts.models import Contact
from contacts.money_fields import amount_field, currency_field
from triggers.indexing import one_of
from triggers.tracking import Tracked

# What goes on, and is billed by us.
OURS: Final = models.Q(gateway="") & one_of("status", "trial", "active", "overdue", "unpaid")


class Subscription(OfCustomer, Mirrored, Tracked):
    """A contact pays for a product again and again."""

    class Status(models.TextChoices):
        INCOMPLETE = "incomplete", _("Incomplete")
        INCOMPLETE_EXPIRED = "incomplete_expired", _("Incomplete and expired")
        SCHEDULED = "scheduled", _("Scheduled")
        TRIAL = "trial", _("Trial")
        ACTIVE = "active", _("Active")
        OVERDUE = "overdue", _("Overdue")
        UNPAID = "unpaid", _("Unpaid")
        CANCELED = "canceled", _("Cancelled")
        EXPIRED = "expired", _("Expired")

    ENDED = (Status.CANCELED, Status.EXPIRED, Status.INCOMPLETE_EXPIRED)

    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="subscriptions",
    )  # fmt: skip
    order = models.ForeignKey(
        Order, verbose_name=_("order"), null=True, blank=True, on_delete=models.SET_NULL, related_name="subscriptions"
    )
    product = models.ForeignKey(
        Product, verbose_name=_("product"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    price = models.ForeignKey(
        Price, verbose_name=_("price"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    series = models.ForeignKey(
        "commerce.InvoiceSeries", verbose_name=_("renewed by an invoice of"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=200, blank=True)
    status = models.CharField(_("status"), max_length=18, choices=Status.choices, default=Status.INCOMPLETE)
    quantity = models.PositiveIntegerField(_("quantity"), default=1, validators=[MinValueValidator(1)])
    amount = amount_field(_("amount each time"))
    currency = currency_field(default="EUR")
    interval = models.CharField(_("each"), max_length=5, choices=Price.Interval.choices, default="month")
    interval_count = models.PositiveSmallIntegerField(_("each so many"), default=1)
    started_at = models.DateTimeField(_("began"), null=True, blank=True)
    period_end = models.DateTimeField(_("paid until"), null=True, blank=True)
    cancel_at = models.DateTimeField(_("ends"), null=True, blank=True)
    canceled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["-id"]
        constraints = [once_outside("subscription_outside_once")]
        indexes = [
            # renewing: what ends, and what is billed next
            models.Index(fields=["cancel_at"], condition=OURS, name="subscription_ends"),
            models.Index(fields=["period_end"], condition=OURS, name="subscription_renews"),
        ]

    def __str__(self) -> str:
        called = self.name or (self.product.name if self.product else "")
        return called or str(_("Subscription %(id)s") % {"id": self.pk})

    @property
    def has_ended(self) -> bool:
        return self.status in self.ENDED
