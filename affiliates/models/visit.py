"""Who followed an affiliate's link: clicks that say nothing of the person, and contacts that came by one."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from affiliates.models.affiliate import Enrolment
from affiliates.models.campaign import Campaign
from contacts.models import Contact


class Click(models.Model):
    """Somebody followed a link. `who` is the mark of a day, from which nobody can tell an address; kept 90 days.

    Once for `who` within `bucket`, ten seconds of time.
    """

    enrolment = models.ForeignKey(
        Enrolment, verbose_name=_("enrolment"), on_delete=models.CASCADE, related_name="clicks", db_index=False
    )
    who = models.CharField(max_length=40, editable=False)
    bucket = models.BigIntegerField(editable=False)
    landing = models.CharField(_("led to"), max_length=1100)
    referrer = models.CharField(_("came from"), max_length=500, blank=True)
    at = models.DateTimeField(_("followed"), default=timezone.now)

    class Meta:
        verbose_name = _("click on an affiliate's link")
        verbose_name_plural = _("clicks on affiliates' links")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["enrolment", "who", "bucket"], name="affiliate_click_once")]
        indexes = [
            # the purge, over all
            models.Index(fields=["at"], name="affiliate_click_age"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.at:%Y-%m-%d %H:%M}"


class Referral(models.Model):
    """A contact came by an affiliate's link: which click counts for a campaign. A purchase is credited by it."""

    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), on_delete=models.CASCADE, related_name="referrals", db_index=False
    )
    campaign = models.ForeignKey(
        Campaign, verbose_name=_("campaign"), on_delete=models.CASCADE, related_name="referrals"
    )
    enrolment = models.ForeignKey(
        Enrolment, verbose_name=_("enrolment"), on_delete=models.CASCADE, related_name="referrals"
    )
    clicked_at = models.DateTimeField(_("followed"))
    noted_at = models.DateTimeField(_("noted"), default=timezone.now)

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["contact", "campaign"], name="affiliate_referral_once")]

    def __str__(self) -> str:
        return f"{self.contact}: {self.enrolment}"
