"""How forms, links and sites are named in workflow documents: by key in files, by number in this database."""

from typing import Annotated, Final

from django.utils.translation import gettext_lazy as _

from triggers import references
from triggers.references import Reference

FormNumber = Annotated[int, Reference("capture.form")]
LinkNumber = Annotated[int, Reference("capture.triggerlink")]
SiteNumber = Annotated[int, Reference("capture.site")]

MISSING: Final = {
    "capture.form": _("There is no form or survey “%(key)s”. It may have been deleted; choose another."),
    "capture.site": _("There is no website “%(key)s”. It may have been deleted; choose another."),
    "capture.triggerlink": _("There is no trigger link “%(key)s”. It may have been deleted; choose another."),
}


def register() -> None:
    for label, missing in MISSING.items():
        references.keyed_by(label, ("key",), missing)
