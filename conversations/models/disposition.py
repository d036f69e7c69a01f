"""What may come of a call, in the words of those who make it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from triggers.keyed import Keyed, once


class Disposition(Keyed):
    """One outcome of calls, such as “wants an offer”. Staff say it of a call; workflows know it by its key."""

    name = models.CharField(_("name"), max_length=80, unique=True)

    class Meta:
        verbose_name = _("call outcome")
        verbose_name_plural = _("call outcomes")
        ordering = ["name", "id"]
        constraints = [once("disposition_key_once")]

    def __str__(self) -> str:
        return self.name
