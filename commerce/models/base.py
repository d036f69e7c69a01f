"""What the records of commerce share: amounts, how much of a tax, and which record of which provider one mirrors."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Gateway(models.TextChoices):
    """Where a record was made; empty where it is our own."""

    OWN = "", _("Here")
    STRIPE = "stripe", _("Stripe")
    SHOPIFY = "shopify", _("Shopify")
    DOCUSIGN = "docusign", _("DocuSign")
    DROPBOX_SIGN = "dropbox_sign", _("Dropbox Sign")


class Mirrored(models.Model):
    """A record that may be another system's as well.

    `told_at` and `told_rank` say how new what it told last is: whatever is older changes nothing, in whichever order
    it arrives (`commerce.mirroring`).
    """

    gateway = models.CharField(_("made at"), max_length=20, choices=Gateway.choices, blank=True, default="")
    external_id = models.CharField(_("its number there"), max_length=160, null=True, blank=True)
    told_at = models.DateTimeField(null=True, editable=False)
    told_rank = models.SmallIntegerField(default=0, editable=False)

    class Meta:
        abstract = True


class OfCustomer(models.Model):
    """A record whose customer another system knows by a number of its own (`commerce.customers`)."""

    external_customer = models.CharField(max_length=160, blank=True, default="", editable=False)

    class Meta:
        abstract = True


def once_outside(name: str) -> models.UniqueConstraint:
    """That a record of another system is here once."""
    return models.UniqueConstraint(fields=["gateway", "external_id"], name=name)


def tax_field(**more: Any) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(
        _("tax in percent"), max_digits=5, decimal_places=2, default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(100)], **more,
    )  # fmt: skip


class Billed(models.Model):
    """Whose it is, as it was called then: it stays when the contact is renamed."""

    customer_name = models.CharField(_("customer"), max_length=200, blank=True)
    customer_email = models.CharField(_("e-mail"), max_length=254, blank=True)
    customer_company = models.CharField(_("company"), max_length=200, blank=True)
    customer_address = models.TextField(_("address"), max_length=600, blank=True)

    class Meta:
        abstract = True


PERSONAL = ("customer_name", "customer_email", "customer_company", "customer_address")
