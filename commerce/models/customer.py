"""Customers of other systems: which contact goes by which number there."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from commerce.models.base import Gateway
from contacts.models import Contact


class Customer(models.Model):
    """A contact as another system numbers it."""

    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    gateway = models.CharField(max_length=20, choices=Gateway.choices)
    external_id = models.CharField(max_length=160)

    class Meta:
        verbose_name = _("customer number")
        verbose_name_plural = _("customer numbers")
        constraints = [models.UniqueConstraint(fields=["gateway", "external_id"], name="customer_outside_once")]

    def __str__(self) -> str:
        return self.external_id
