"""Whose date lies on certain days: what the clock asks, as one indexed query."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from contacts.custom import kinds
from contacts.custom.dating import YEARLESS
from contacts.custom.definitions import definitions
from contacts.custom.values import PREFIX
from contacts.models import DatedValue

__all__ = ["YEARLESS", "dated", "sources"]


def dated(source: str, days: Iterable[date], yearly: bool = False, monthly: bool = False) -> QuerySet[DatedValue, Any]:
    """(contact_id, on) of the contacts whose date lies on one of these days, in no particular order.

    `source` is "birth_date" or "custom_fields.<key>". With `yearly` the days count by month and day, with
    `monthly` by day of the month alone: to ask for 29 February, name it in any leap year. `on` of a birthday
    whose year is not known lies in the year `YEARLESS`; without `yearly` or `monthly` none is found. Moments
    count by their day in UTC: ask for the days around, too, and look at the moment itself.

    Raises ValueError for a source that is no date.
    """
    wanted = set(days)
    rows = DatedValue.objects.filter(field=_field(source))
    if monthly:
        # Naming the months lets the index (field, month, day) be used to its end.
        found = Q(month__in=range(1, 13), day__in={day.day for day in wanted})
    elif yearly:
        by_month: dict[int, set[int]] = defaultdict(set)
        for day in wanted:
            by_month[day.month].add(day.day)
        found = Q(pk__in=[])
        for month, of_month in by_month.items():
            found |= Q(month=month, day__in=of_month)
    else:
        found = Q(on__in=wanted)
    return rows.filter(found).values_list("contact_id", "on")


def sources() -> dict[str, str]:
    """What `dated` can be asked for, with its label; archived fields are left out."""
    from contacts.models import Contact

    dates = [field for field in definitions().values() if field.kind in kinds.DATED and not field.archived]
    birth = str(Contact._meta.get_field("birth_date").verbose_name)
    return {"birth_date": birth, **{f"{PREFIX}.{field.key}": field.label for field in dates}}


def _field(source: str) -> int | None:
    if source == "birth_date":
        return None
    field = definitions().get(source.removeprefix(f"{PREFIX}.")) if source.startswith(f"{PREFIX}.") else None
    if field is None or field.kind not in kinds.DATED:
        raise ValueError(f"“{source}” is no date of a contact.")
    return field.pk
