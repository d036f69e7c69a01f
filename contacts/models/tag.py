"""Tags, and the rows that say who put one on a contact, when and from where."""

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models.contact import Contact
from triggers.context import acting
from triggers.context import by_whom as _by
from triggers.tracking import Tracked


class Tag(models.Model):
    """A label; workflows and lists go by it."""

    name = models.CharField(_("name"), max_length=80)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="tag_name_once")]

    def __str__(self) -> str:
        return self.name


def _origin() -> str:
    return acting().origin


class Tagging(Tracked):
    """A tag on a contact: who put it there, when, and from where."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="taggings")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="taggings")
    added_by = models.CharField(_("by"), max_length=80, default=_by, editable=False)
    origin = models.CharField(_("from"), max_length=120, blank=True, default=_origin, editable=False)
    added_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("tag on a contact")
        verbose_name_plural = _("tags on contacts")
        constraints = [models.UniqueConstraint(fields=["contact", "tag"], name="tagging_once")]

    def __str__(self) -> str:
        return f"{self.contact}: {self.tag}"
