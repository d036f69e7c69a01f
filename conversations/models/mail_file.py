"""Files that staff keep to be sent along with mails: a price list, terms, a brochure."""

from typing import Any
from uuid import uuid4

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from triggers.keyed import Keyed, once


def _place(_file: Any, _name: str) -> str:
    """A name nobody can guess or choose, outside of what is served."""
    return f"mail-files/{uuid4().hex}"


class MailFile(Keyed):
    """A file for mails, under a name of its own. Workflows know it by its key; another file may take its place."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    file = models.FileField(_("file"), upload_to=_place, max_length=120)
    # what the reader sees it called
    filename = models.CharField(_("called"), max_length=120, editable=False)
    content_type = models.CharField(_("type"), max_length=100, editable=False)
    size = models.PositiveIntegerField(_("size in bytes"), default=0, editable=False)
    updated_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("file for mails")
        verbose_name_plural = _("files for mails")
        ordering = ["name", "id"]
        constraints = [once("mail_file_key_once")]

    def __str__(self) -> str:
        return self.name
