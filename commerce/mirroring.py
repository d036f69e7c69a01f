"""Records of other systems, whichever way they arrive: doubled, late, or the newer one first.

What tells a whole record (an invoice, a subscription, an order of a store) is taken where it is newer than what was told
last, by the sender's own clock and then by the rank of its status; what tells one step of something only ever moves it
up. So any order of arrival ends in the same records.
"""

from datetime import datetime
from typing import Any, TypeVar

from django.db import models

from contacts import identity

M = TypeVar("M", bound=models.Model)


def held(model: type[M], gateway: str, external_id: str, **columns: Any) -> M:
    """The record, locked; a new one, not stored yet, with these columns where it is not there."""
    identity.one_at_a_time([f"{model._meta.model_name}:{gateway}:{external_id}"])
    rows: Any = model._default_manager.select_for_update(of=("self",))
    found: M | None = rows.filter(gateway=gateway, external_id=external_id).first()
    return found or model(gateway=gateway, external_id=external_id, **columns)


def is_news(record: Any, at: datetime, rank: int) -> bool:
    """Whether something told at this moment, of a status of this rank, is newer than what the record holds."""
    return record.told_at is None or (at, rank) > (record.told_at, record.told_rank)


def note(record: Any, at: datetime, rank: int) -> None:
    record.told_at, record.told_rank = at, rank


def fill(record: Any, **values: Any) -> None:
    """Sets what is empty; what is there stays."""
    for name, value in values.items():
        if value not in (None, "") and getattr(record, name) in (None, "", [], {}):
            setattr(record, name, value)


def earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((each for each in (one, other) if each is not None), default=None)
