"""Orders: what somebody asked for, whether it was paid, and whether it was delivered."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commerce.models.base import Billed, Mirrored, OfCustomer, once_outside
from contacts.models import Contact
from contacts.money_fields import amount_field, currency_field
from triggers.tracking import Tracked


class Order(Billed, OfCustomer, Mirrored, Tracked):
    """An order with its items as they were sold.

    `items` is a list of `{"product_id", "price_id", "name", "quantity", "unit_amount", "tax_rate", "amount", "kind"}`,
    amounts as text in the decimals of the currency. It is *submitted* once it has a transaction: the first payment that
    worked, or nothing to pay at all.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("Not paid")
        FAILED = "failed", _("Payment failed")
        CANCELLED = "cancelled", _("Cancelled")
        PAID = "paid", _("Paid")
        REFUNDED = "refunded", _("Refunded")

    class Fulfilment(models.TextChoices):
        NONE = "none", _("Not delivered")
        PARTIAL = "partial", _("Partly delivered")
        FULFILLED = "fulfilled", _("Delivered")

    class Source(models.TextChoices):
        FORM = "form", _("Order form")
        STORE = "store", _("Store")
        PAYMENT_LINK = "payment_link", _("Payment link")
        INVOICE = "invoice", _("Invoice")
        SUBSCRIPTION = "subscription", _("Subscription")
        WORKFLOW = "workflow", _("Workflow")
        MANUAL = "manual", _("By hand")
        API = "api", _("API")

    class Submission(models.TextChoices):
        PRIMARY = "primary", _("First sale")
        BUMP = "bump", _("With an addition")
        UPSELL = "upsell", _("Bought afterwards")

    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), null=True, blank=True, on_delete=models.SET_NULL, related_name="orders"
    )
    number = models.CharField(_("number"), max_length=60, blank=True)
    intent = models.CharField(max_length=160, blank=True, default="", editable=False)
    uid = models.UUIDField(null=True, unique=True, editable=False)
    form = models.ForeignKey(
        "commerce.OrderForm", verbose_name=_("order form"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="orders",
    )  # fmt: skip
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.PENDING)
    fulfilment = models.CharField(
        _("delivery"), max_length=9, choices=Fulfilment.choices, default=Fulfilment.NONE
    )  # fmt: skip
    source = models.CharField(_("source"), max_length=12, choices=Source.choices, default=Source.MANUAL)
    sub_source = models.CharField(_("source in detail"), max_length=60, blank=True)
    submission = models.CharField(_("kind of sale"), max_length=7, choices=Submission.choices, default="primary")
    items = models.JSONField(_("items"), default=list, encoder=DjangoJSONEncoder)
    currency = currency_field(default="EUR")
    subtotal = amount_field(_("cart"))
    discount = amount_field(_("discount"))
    coupon = models.CharField(_("coupon"), max_length=80, blank=True)
    shipping = amount_field(_("shipping"))
    tax = amount_field(_("tax"))
    total = amount_field(_("total"))
    customer_phone = models.CharField(_("phone"), max_length=40, blank=True)
    failed_attempts = models.PositiveSmallIntegerField(_("failed payments"), default=0, editable=False)
    failure_code = models.CharField(_("why, as a code"), max_length=80, blank=True, editable=False)
    failure_message = models.CharField(_("why"), max_length=300, blank=True, editable=False)
    tracking = models.JSONField(_("tracking"), default=dict, editable=False)
    fulfilled_items = models.JSONField(_("delivered items"), default=list, editable=False)
    page_url = models.CharField(_("page"), max_length=500, blank=True)
    utm = models.JSONField(_("campaign"), default=dict, editable=False)
    placed_at = models.DateTimeField(_("placed"), default=timezone.now)
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    fulfilled_at = models.DateTimeField(_("delivered"), null=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-id"]
        constraints = [once_outside("order_outside_once")]
        indexes = [
            # the list, newest first; the search by number
            models.Index(fields=["-placed_at"], name="order_placed"),
            # outside.payments: what an intent pays for
            models.Index(fields=["intent"], condition=~Q(intent=""), name="order_intent"),
            models.Index(fields=["number"], condition=~Q(number=""), name="order_number"),
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"
