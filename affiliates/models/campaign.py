"""Campaigns: what is recommended, and what recommending it earns."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts import money
from contacts.custom.money import decimals, validate_currency
from contacts.money_fields import amount_field
from triggers.addresses import check_destination
from triggers.keyed import Keyed, once

# Where the code of whoever recommended it is put into the address that a link leads to.
CODE = "{code}"


def check_target(address: str) -> None:
    """Raises ValidationError unless it is a whole address, in which `{code}` may stand behind the host."""
    check_destination(address.replace(CODE, "code"))
    scheme, _sep, rest = address.partition("://")
    if CODE in scheme or CODE in rest.partition("/")[0]:
        raise ValidationError(_("The code cannot be part of the host. Put it behind it, such as ?ref={code}."))


class Campaign(Keyed):
    """What links of its affiliates lead to, for how long a click counts, and what a sale earns."""

    class Kind(models.TextChoices):
        PERCENT = "percent", gettext_lazy("A share of each sale, in percent")
        FIXED = "fixed", gettext_lazy("The same amount for each sale")

    class Counts(models.TextChoices):
        FIRST = "first", gettext_lazy("The first click")
        LAST = "last", gettext_lazy("The latest click")

    name = models.CharField(gettext_lazy("name"), max_length=120, unique=True)
    description = models.TextField(
        gettext_lazy("description"), blank=True, max_length=2000, help_text=gettext_lazy("Shown where people sign up.")
    )
    target_url = models.CharField(
        gettext_lazy("links lead to"), max_length=1000, validators=[check_target],
        help_text=gettext_lazy(
            "A whole address. Where {code} stands behind the host, it becomes the affiliate's code, such as ?ref={code}."
        ),
    )  # fmt: skip
    kind = models.CharField(gettext_lazy("commission"), max_length=7, choices=Kind.choices, default=Kind.PERCENT)
    percent = models.DecimalField(
        gettext_lazy("percent"), max_digits=6, decimal_places=3, null=True, blank=True,
        validators=[MinValueValidator(Decimal("0.001")), MaxValueValidator(100)],
    )  # fmt: skip
    amount = amount_field(gettext_lazy("amount for each sale"), blank=True)
    currency = models.CharField(
        gettext_lazy("currency of that amount"), max_length=3, blank=True, validators=[validate_currency]
    )
    recurring_months = models.PositiveSmallIntegerField(
        gettext_lazy("months in which renewals earn"), null=True, blank=True, validators=[MaxValueValidator(1200)],
        help_text=gettext_lazy(
            "Counted from when the subscription began. 0: the first payment alone. Empty: every renewal, without end."
        ),
    )  # fmt: skip
    window_days = models.PositiveSmallIntegerField(
        gettext_lazy("days in which a click counts"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(730)],
    )
    counts = models.CharField(gettext_lazy("which click counts"), max_length=5, choices=Counts.choices, default="last")
    open = models.BooleanField(
        gettext_lazy("open"), default=True,
        help_text=gettext_lazy("Anybody can sign up on its page. Closed, staff enrol whom they choose."),
    )  # fmt: skip
    created_at = models.DateTimeField(gettext_lazy("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(gettext_lazy("changed"), auto_now=True)

    class Meta:
        verbose_name = gettext_lazy("campaign")
        verbose_name_plural = gettext_lazy("campaigns")
        ordering = ["name", "id"]
        constraints = [
            once("affiliate_campaign_key_once"),
            models.CheckConstraint(
                condition=Q(kind="percent", percent__isnull=False, percent__gt=0, percent__lte=100)
                | Q(kind="fixed", amount__gt=0, currency__gt=""),
                name="affiliate_campaign_earns",
            ),
            models.CheckConstraint(condition=Q(window_days__gte=1), name="affiliate_campaign_window"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A share has its percent, an amount its currency and its decimals; what belongs to the other is cleared."""
        if self.kind == self.Kind.PERCENT:
            if self.percent is None:
                raise ValidationError({"percent": _("Enter how many percent of a sale are earned.")})
            self.amount, self.currency = Decimal(0), ""
            return
        self.percent = None
        if not self.amount:
            raise ValidationError({"amount": _("Enter how much a sale earns.")})
        if not self.currency:
            raise ValidationError({"currency": _("Say in which currency it is paid, such as EUR.")})
        if self.amount != money.rounded(self.amount, self.currency):
            words = {"currency": self.currency, "n": decimals(self.currency)}
            raise ValidationError({"amount": _("An amount in %(currency)s has at most %(n)d decimals.") % words})

    @property
    def window(self) -> timedelta:
        return timedelta(days=self.window_days)

    @property
    def signup_url(self) -> str:
        return f"{settings.PUBLIC_URL}/affiliates/{self.key}/"

    def is_within(self, clicked_at: datetime, at: datetime) -> bool:
        """Whether a click counts at this moment: it was before it, and the days are not over."""
        return clicked_at <= at < clicked_at + self.window

    def earned(self, amount: Decimal, currency: str) -> tuple[Decimal, str]:
        """What a sale of this amount earns, in the decimals of its currency. Nothing is earned by nothing."""
        if amount <= 0:
            return Decimal(0), currency
        if self.kind == self.Kind.FIXED:
            return self.amount, self.currency
        assert self.percent is not None
        return money.rounded(amount * self.percent / 100, currency), currency

    def in_words(self) -> str:
        """What a sale earns: 10 %, or € 25."""
        if self.kind == self.Kind.FIXED:
            return money.shown(self.amount, self.currency)
        return _("%(percent)s %%") % {"percent": f"{(self.percent or Decimal(0)).normalize():f}"}
