"""What is sold: products, and their prices, once or again and again."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commerce.models.base import Mirrored, once_outside, tax_field
from contacts.custom.money import decimals
from contacts.money_fields import amount_field, currency_field
from triggers.keyed import Keyed, once


class Product(Keyed, Mirrored):
    """Something that is sold."""

    name = models.CharField(_("name"), max_length=160)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    active = models.BooleanField(_("active"), default=True, help_text=_("Switched off, no order form offers it."))
    tax_rate = tax_field(help_text=_("What is added to its prices, or stands in them: the invoice series says which."))
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["name", "id"]
        constraints = [once("product_key_once"), once_outside("product_outside_once")]

    def __str__(self) -> str:
        return self.name


class Price(Keyed, Mirrored):
    """What a product costs, in one currency: once, or each so many days, weeks, months or years."""

    key_within = "product"

    class Interval(models.TextChoices):
        ONCE = "once", _("Once")
        DAY = "day", _("Day")
        WEEK = "week", _("Week")
        MONTH = "month", _("Month")
        YEAR = "year", _("Year")

    product = models.ForeignKey(Product, verbose_name=_("product"), on_delete=models.CASCADE, related_name="prices")
    name = models.CharField(_("name"), max_length=120, blank=True, help_text=_("Such as large, or for a year."))
    amount = amount_field(_("amount"))
    currency = currency_field(default="EUR")
    interval = models.CharField(_("each"), max_length=5, choices=Interval.choices, default=Interval.ONCE)
    interval_count = models.PositiveSmallIntegerField(
        _("each so many"), default=1, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    trial_days = models.PositiveSmallIntegerField(_("free days first"), default=0, validators=[MaxValueValidator(730)])
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ["product__name", "amount", "id"]
        constraints = [once("price_key_once", "product"), once_outside("price_outside_once")]

    def __str__(self) -> str:
        return f"{self.product.name}: {self.name}" if self.name else self.product.name

    def clean(self) -> None:
        check_places(self.amount, self.currency, "amount")
        if self.trial_days and self.interval == self.Interval.ONCE:
            raise ValidationError({"trial_days": _("Only what is paid again and again can begin free of charge.")})

    @property
    def is_recurring(self) -> bool:
        return self.interval != self.Interval.ONCE


def check_places(value: Any, code: str, field: str) -> None:
    """Raises ValidationError at the field where an amount has more decimals than its currency."""
    if value is not None and value != round(value, decimals(code)):
        raise ValidationError(
            {
                field: _("An amount in %(currency)s has at most %(n)d decimals.")
                % {"currency": code, "n": decimals(code)}
            }
        )
