"""How groups are named in workflow documents: by key in files, by number in this database."""

from typing import Annotated

from django.utils.translation import gettext_lazy as _

from triggers import references
from triggers.references import Reference

GroupNumber = Annotated[int, Reference("communities.group")]


def register() -> None:
    missing = _("There is no community group “%(key)s”. It may have been deleted; choose another.")
    references.keyed_by("communities.group", ("key",), missing)
