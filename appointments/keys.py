"""How calendars and their groups are named in workflow documents: by key in files, by number in this database."""

from typing import Annotated, Final

from django.utils.translation import gettext_lazy as _

from triggers import references
from triggers.references import Reference

CalendarNumber = Annotated[int, Reference("appointments.calendar")]
GroupNumber = Annotated[int, Reference("appointments.calendargroup")]

MISSING: Final = {
    "appointments.calendar": _("There is no calendar “%(key)s”. It may have been deleted; choose another."),
    "appointments.calendargroup": _("There is no calendar group “%(key)s”. It may have been deleted; choose another."),
}


def register() -> None:
    for label, missing in MISSING.items():
        references.keyed_by(label, ("key",), missing)
