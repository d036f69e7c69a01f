"""Keeps who did what by hand, in the history that the admin shows."""

from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Model

from triggers import languages


def note(by: Any, obj: Model, what: str, **values: Any) -> None:
    """`by` did this to the record, in a sentence without names of contacts; nothing is kept where nobody did.

    `what` is English, marked with `gettext_noop`, with places for the values: all who read the history read
    the organisation's language there.
    """
    if by is not None and by.pk is not None:
        rows = type(obj)._default_manager.filter(pk=obj.pk)
        LogEntry.objects.log_actions(by.pk, rows, CHANGE, languages.stored(what, **values), single_object=True)
