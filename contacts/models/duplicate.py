"""Contacts that are probably one person, and how far the search for them has come."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models.contact import Contact
from contacts.models.contact_key import ContactKey


class Duplicate(models.Model):
    """Two contacts that are probably one person, the older first, until somebody says that they are not."""

    first = models.ForeignKey(Contact, verbose_name=_("contact"), on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Contact, verbose_name=_("other contact"), on_delete=models.CASCADE, related_name="+")
    # kinds of `ContactKey`, the surest first
    reasons = models.JSONField(_("why"), default=list)
    strength = models.PositiveSmallIntegerField(_("how sure"), default=0)
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    dismissed_at = models.DateTimeField(_("not the same"), null=True, blank=True)

    class Meta:
        verbose_name = _("probable duplicate")
        verbose_name_plural = _("probable duplicates")
        ordering = ["-strength", "-id"]
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicate_older_first"),
        ]
        indexes = [
            # the page of probable duplicates
            models.Index(fields=["-strength", "-id"], condition=Q(dismissed_at=None), name="duplicate_open"),
        ]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"

    def why(self) -> str:
        """The reasons as people read them."""
        labels = dict(ContactKey.Kind.choices)
        return ", ".join(str(labels[kind]) for kind in self.reasons if kind in labels)


class DuplicateSearch(models.Model):
    """One row: contacts up to number `position` have been looked at; the search goes on, or begins again, at `due_at`."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    position = models.BigIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="duplicate_search_is_one")]

    def __str__(self) -> str:
        return str(self.position)

    @classmethod
    def due(cls, now: datetime) -> bool:
        """Whether there is something to look at; also before the first search."""
        row = cls.objects.first()
        return row is None or (row.due_at is not None and row.due_at <= now)
