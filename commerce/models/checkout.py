"""Checkouts of a store: carts on their way to the till. Those that fall silent count as abandoned."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commerce.models.base import Mirrored, once_outside
from contacts.models import Contact
from contacts.money_fields import amount_field, currency_field


class Checkout(Mirrored):
    """A cart at the till. `active_at` is when somebody last did something with it; an order ends it."""

    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), null=True, blank=True, on_delete=models.SET_NULL, related_name="checkouts"
    )
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    cart = models.CharField(_("cart"), max_length=160, blank=True)
    items = models.JSONField(_("items"), default=list, encoder=DjangoJSONEncoder)
    currency = currency_field(blank=True)
    total = amount_field(_("total"))
    url = models.CharField(_("way back to it"), max_length=1000, blank=True)
    active_at = models.DateTimeField(_("last active"), default=timezone.now)
    completed_at = models.DateTimeField(_("ordered"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("checkout")
        verbose_name_plural = _("checkouts")
        ordering = ["-id"]
        constraints = [once_outside("checkout_outside_once")]
        indexes = [
            # checkouts.silent: which open ones fell silent within a span of time
            models.Index(fields=["active_at"], condition=Q(completed_at=None), name="checkout_silent"),
            # checkouts.close: those of a cart that was ordered
            models.Index(fields=["cart"], condition=~Q(cart=""), name="checkout_cart"),
        ]

    def __str__(self) -> str:
        return self.email or self.phone or str(_("Checkout %(id)s") % {"id": self.pk})
