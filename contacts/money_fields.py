"""Columns of money: an amount, and the currency it is in."""

from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.custom.money import validate_currency


def amount_field(label: Any, **more: Any) -> "models.DecimalField[Any, Any]":
    """An amount of money: never negative, three decimals for the currencies that have them."""
    return models.DecimalField(
        label, max_digits=15, decimal_places=3, default=Decimal(0), validators=[MinValueValidator(0)], **more
    )


def currency_field(**more: Any) -> "models.CharField[Any, Any]":
    return models.CharField(_("currency"), max_length=3, validators=[validate_currency], **more)
