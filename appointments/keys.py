"""How calendars and their groups are named in workflow documents: by key in files, by number in this database."""

from collections.abc import Collection
from functools import partial
from typing import Annotated, Final

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from triggers import references
from triggers.references import Keys, Reference

CalendarNumber = Annotated[int, Reference("appointments.calendar")]
GroupNumber = Annotated[int, Reference("appointments.calendargroup")]

MISSING: Final = {
    "appointments.calendar": _("There is no calendar “%(key)s”. It may have been deleted; choose another."),
    "appointments.calendargroup": _("There is no calendar group “%(key)s”. It may have been deleted; choose another."),
}


def register() -> None:
    for label, missing in MISSING.items():
        references.sources[label] = Keys(partial(_keys, label), partial(_numbers, label), missing)


def _keys(label: str, numbers: Collection[int]) -> dict[int, str]:
    return dict(apps.get_model(label)._base_manager.filter(pk__in=numbers).values_list("pk", "key"))


def _numbers(label: str, keys: Collection[str]) -> dict[str, int]:
    return dict(apps.get_model(label)._base_manager.filter(key__in=keys).values_list("key", "pk"))
