"""Groups of a community, and who belongs to them."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from triggers.context import by_whom
from triggers.keyed import Keyed, once
from triggers.tracking import Tracked


class Group(Keyed):
    """Something people belong to: a members' area, a circle, a cohort."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    description = models.TextField(_("description"), blank=True, max_length=2000)
    open = models.BooleanField(
        _("open"), default=True, help_text=_("Closed, it takes nobody in; whoever belongs to it stays.")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("community group")
        verbose_name_plural = _("community groups")
        ordering = ["name", "id"]
        constraints = [once("community_group_key_once")]

    def __str__(self) -> str:
        return self.name


class Membership(Tracked):
    """A contact belongs to a group, for as long as the row is there."""

    group = models.ForeignKey(
        Group, verbose_name=_("group"), on_delete=models.CASCADE, related_name="memberships", db_index=False
    )
    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), on_delete=models.CASCADE, related_name="community_memberships"
    )
    reason = models.CharField(_("why"), max_length=300, blank=True)
    granted_by = models.CharField(_("by"), max_length=80, default=by_whom, editable=False)
    granted_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["group", "contact"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.contact}: {self.group}"
