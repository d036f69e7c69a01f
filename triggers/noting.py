"""Keeps who did what by hand, in the history that the admin shows."""

from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Model


def note(by: Any, obj: Model, what: Any) -> None:
    """`by` did this to the record, in a sentence without names of contacts; nothing is kept where nobody did."""
    if by is not None and by.pk is not None:
        rows = type(obj)._default_manager.filter(pk=obj.pk)
        LogEntry.objects.log_actions(by.pk, rows, CHANGE, str(what), single_object=True)
