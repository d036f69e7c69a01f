"""Misses: why an event that reached a trigger did not start it, kept for the person who asks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count

from triggers import rows
from triggers.conditions.judge import Verdict
from triggers.matching.guards import Start
from triggers.models.run import Miss

# Per workflow; a workflow that misses more in a day is told by the newest of these well enough.
DAILY: Final = 1000


@dataclass(frozen=True)
class Found:
    """A near miss: which start, why in words, and the condition that failed with what it saw."""

    start: Start
    reason: str
    field: str = ""
    expected: str = ""
    actual: str = ""

    @classmethod
    def of(cls, start: Start, verdict: Verdict) -> "Found":
        leaf = verdict.first_failure() or verdict
        field, expected, actual = str(leaf.field or ""), _text(leaf.expected), _text(leaf.actual)
        reason = f"{field} {leaf.op} {expected}: {actual}" if field else leaf.kind
        return cls(start, reason, field, expected, actual)


def note(found: Sequence[Found], now: datetime) -> None:
    """Stores the misses of a batch in one statement, at most `DAILY` a workflow within 24 hours."""
    if not found:
        return
    workflows = {miss.start.entry.workflow_id for miss in found}
    counted = (
        Miss.objects.filter(workflow_id__in=workflows, at__gt=now - timedelta(days=1))
        .values_list("workflow_id")
        .annotate(n=Count("pk"))
    )
    kept: Counter[int] = Counter(dict(counted))
    noted = []
    for miss in found:
        workflow = miss.start.entry.workflow_id
        kept[workflow] += 1
        if kept[workflow] <= DAILY:
            noted.append(_row(miss, now))
    if noted:
        rows.insert(Miss, noted)


def _row(miss: Found, now: datetime) -> dict[str, Any]:
    """The columns of a miss."""
    start = miss.start
    return {
        "workflow_id": start.entry.workflow_id, "event_id": start.event.pk, "trigger_uid": start.entry.uid,
        "field": miss.field[:80], "expected": miss.expected[:160], "actual": miss.actual[:160],
        "reason": miss.reason[:300], "at": now,
    }  # fmt: skip


def _text(value: object) -> str:
    return "" if value is None else str(value)
