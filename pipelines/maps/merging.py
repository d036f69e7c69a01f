"""Two leads become one: the survivor stands where it stood, and the other's journeys stay as history."""

from datetime import datetime

from pipelines.models import Journey


def join(survivor: int, gone: int, now: datetime) -> None:
    """Takes the one that goes out of its map where the survivor stands in one: a lead is in one map at a time."""
    if not Journey.objects.filter(contact=survivor, is_current=True).exists():
        return
    current = Journey.objects.select_for_update().filter(contact=gone, is_current=True)
    for journey in current:
        if journey.status == Journey.Status.OPEN:
            journey.status = Journey.Status.LEFT
        journey.is_current, journey.left_at = False, now
        journey.save(update_fields=["status", "is_current", "left_at"])
