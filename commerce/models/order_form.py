"""Order forms: pages that anybody can order on."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commerce.models.invoice import InvoiceSeries
from commerce.models.product import Price
from triggers.keyed import Keyed, once


class OrderForm(Keyed):
    """A page with products to order. Its address is `/order/<key>/`."""

    name = models.CharField(_("name"), max_length=120, help_text=_("What staff call it; visitors do not see it."))
    active = models.BooleanField(_("active"), default=True, help_text=_("Switched off, its page says so."))
    title = models.CharField(_("heading"), max_length=160, blank=True, help_text=_("Left empty, the name is shown."))
    intro = models.TextField(_("text above"), max_length=2000, blank=True)
    button = models.CharField(_("button"), max_length=40, blank=True, help_text=_("Left empty: Order."))
    thank_you = models.TextField(
        _("thank-you text"), max_length=2000, blank=True, help_text=_("Left empty: Thank you for your order.")
    )
    terms = models.TextField(
        _("terms to be agreed to"), max_length=2000, blank=True, help_text=_("Left empty, nothing is to be ticked.")
    )
    two_steps = models.BooleanField(
        _("ask who it is first"), default=False,
        help_text=_("Name and e-mail on a page of their own: whoever stops there can still be written to."),
    )  # fmt: skip
    asks_phone = models.BooleanField(_("ask for the phone number"), default=False)
    asks_address = models.BooleanField(_("ask for the address"), default=False)
    upsell = models.ForeignKey(
        Price, verbose_name=_("offered afterwards"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+", help_text=_("On the thank-you page, to be added with one tap."),
    )  # fmt: skip
    upsell_text = models.CharField(_("words of that offer"), max_length=300, blank=True)
    series = models.ForeignKey(
        InvoiceSeries, verbose_name=_("invoice at once, in the series"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
        help_text=_("Left empty, no invoice is written: the order waits for its payment."),
    )  # fmt: skip
    per_minute = models.PositiveSmallIntegerField(
        _("sendings a minute"), default=10, validators=[MinValueValidator(1), MaxValueValidator(10_000)],
        help_text=_("From one internet address. All of them together may send twenty times as often."),
    )  # fmt: skip
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("order form")
        verbose_name_plural = _("order forms")
        ordering = ["name", "id"]
        constraints = [once("order_form_key_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def heading(self) -> str:
        return self.title or self.name

    @property
    def address(self) -> str:
        """The whole address of its page."""
        return f"{settings.PUBLIC_URL}/order/{self.key}/"


class OrderFormItem(models.Model):
    """A price on an order form: one of those to choose from, or a bump that is added with a tick."""

    class Kind(models.TextChoices):
        PRIMARY = "primary", _("To choose")
        BUMP = "bump", _("To add with a tick")

    form = models.ForeignKey(OrderForm, on_delete=models.CASCADE, related_name="items")
    price = models.ForeignKey(Price, verbose_name=_("price"), on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices, default=Kind.PRIMARY)
    text = models.CharField(_("words beside it"), max_length=300, blank=True)
    most = models.PositiveSmallIntegerField(
        _("at most so many"), default=10, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("product on the form")
        verbose_name_plural = _("products on the form")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["form", "price"], name="order_form_item_once")]

    def __str__(self) -> str:
        return str(self.price)
