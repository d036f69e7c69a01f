"""Affiliates, and the campaigns they are enrolled in."""

from typing import Final

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from affiliates.models.campaign import CODE, Campaign
from contacts.models import Contact
from triggers.context import by_whom
from triggers.tracking import Tracked

# It begins with a letter, so that no code is taken for a number; none is mistaken for another when read aloud.
LETTERS: Final = "abcdefghjkmnpqrstuvwxyz"
SIGNS: Final = f"{LETTERS}23456789"


def new_code() -> str:
    """Eight signs that say nothing of whose they are."""
    return get_random_string(1, LETTERS) + get_random_string(7, SIGNS)


class Affiliate(Tracked):
    """A contact who recommends us. `contact` is empty once the contact is deleted: what was earned stays.

    Merged into another, its links go on working for that one.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting for approval")
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")
        REJECTED = "rejected", _("Rejected")

    class PayoutMethod(models.TextChoices):
        NONE = "none", _("Not given yet")
        GIVEN = "given", _("Given")
        VERIFIED = "verified", _("Verified")

    class TaxForm(models.TextChoices):
        MISSING = "missing", _("Missing")
        RECEIVED = "received", _("Received")
        APPROVED = "approved", _("Approved")

    contact = models.OneToOneField(
        Contact, verbose_name=_("contact"), null=True, on_delete=models.SET_NULL, related_name="affiliate"
    )
    code = models.CharField(
        _("code"), max_length=40, unique=True, default=new_code,
        validators=[RegexValidator(r"^[a-z][a-z0-9-]{2,39}\Z", _("Use 3 to 40 small letters, digits and -, a letter first."))],
        help_text=_("What stands in the links, such as anna-kitchens."),
    )  # fmt: skip
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.ACTIVE)
    payout_method = models.CharField(
        _("payout method"), max_length=8, choices=PayoutMethod.choices, default=PayoutMethod.NONE
    )
    tax_form = models.CharField(_("tax form"), max_length=8, choices=TaxForm.choices, default=TaxForm.MISSING)
    merged_into = models.ForeignKey(
        "self", verbose_name=_("merged into"), null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("affiliate")
        verbose_name_plural = _("affiliates")
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.contact) if self.contact else self.code

    @property
    def is_active(self) -> bool:
        return self.status == self.Status.ACTIVE


class Enrolment(Tracked):
    """An affiliate recommends a campaign, by a link of their own."""

    affiliate = models.ForeignKey(
        Affiliate, verbose_name=_("affiliate"), on_delete=models.PROTECT, related_name="enrolments", db_index=False
    )
    campaign = models.ForeignKey(
        Campaign, verbose_name=_("campaign"), on_delete=models.PROTECT, related_name="enrolments"
    )
    enrolled_by = models.CharField(_("by"), max_length=80, default=by_whom, editable=False)
    enrolled_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["affiliate", "campaign"], name="affiliate_enrolled_once")]

    def __str__(self) -> str:
        return f"{self.affiliate}: {self.campaign}"

    @property
    def referral_link(self) -> str:
        """The whole address that visitors follow."""
        return link_of(self.affiliate.code, self.campaign.key)

    @property
    def destination(self) -> str:
        """Where it leads: what staff entered with the campaign, and nothing that a visitor sends."""
        return self.campaign.target_url.replace(CODE, self.affiliate.code)


def link_of(code: str, campaign: str) -> str:
    return f"{settings.PUBLIC_URL}/r/{code}/{campaign}/"
