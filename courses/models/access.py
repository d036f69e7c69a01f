"""Who may learn what: the offers people hold, and their comings to the member area."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from courses.models.content import Offer
from triggers.context import by_whom
from triggers.tracking import Tracked


class Access(Tracked):
    """A contact holds an offer, or held it. Given again, it is the same row: `grants` and `removals` count."""

    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), on_delete=models.CASCADE, related_name="course_accesses"
    )
    offer = models.ForeignKey(Offer, verbose_name=_("offer"), on_delete=models.PROTECT, related_name="accesses")
    granted_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    granted_by = models.CharField(_("by"), max_length=80, default=by_whom, editable=False)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True, editable=False)
    grants = models.PositiveIntegerField(_("times given"), default=1, editable=False)
    removals = models.PositiveIntegerField(_("times removed"), default=0, editable=False)

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("accesses")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["contact", "offer"], name="course_access_once")]
        indexes = [
            # granting.expire: whose time is over
            models.Index(fields=["expires_at"], condition=Q(removed_at=None), name="course_access_ending")
        ]

    def __str__(self) -> str:
        return f"{self.contact}: {self.offer}"

    def is_active(self, now: datetime) -> bool:
        return self.removed_at is None and (self.expires_at is None or self.expires_at > now)


def active(now: datetime) -> Q:
    """Accesses that hold at this moment, whether or not the sweep has come by since."""
    return Q(removed_at=None) & (Q(expires_at=None) | Q(expires_at__gt=now))


class Member(Tracked):
    """A contact who has been to the member area, or to a learning system outside.

    The numbers end links and sessions: those before are void.
    """

    contact = models.OneToOneField(
        Contact, verbose_name=_("contact"), on_delete=models.CASCADE, related_name="course_member"
    )
    logins = models.PositiveIntegerField(_("sign-ins"), default=0, editable=False)
    last_login_at = models.DateTimeField(_("last sign-in"), null=True, editable=False)
    link_number = models.PositiveIntegerField(default=0, editable=False)
    session_number = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.contact)


class LoginOutside(models.Model):
    """A learning system outside told of this sign-in: told again under the same number, it is none."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.CharField(_("its number outside"), max_length=160)
    at = models.DateTimeField(_("signed in"))

    class Meta:
        verbose_name = _("sign-in outside")
        verbose_name_plural = _("sign-ins outside")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["contact", "number"], name="course_login_once")]
        indexes = [
            # reporting.purge
            models.Index(fields=["at"], name="course_login_age")
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.at:%Y-%m-%d %H:%M}"
