"""When two contacts become one: of the same offer or course of both, the survivor keeps the better of each."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from courses.models import Access, CategoryProgress, Enrolment, LessonProgress, Member
from courses.models.progress import Progress


def join(survivor: int, gone: int, now: datetime) -> None:
    """Gives the survivor's rows what the other's have besides; rows that only the other has move by themselves.

    No event tells of it: nothing was granted or learned just now.
    """
    for mine, other in _pairs(Access, survivor, gone, "offer"):
        if _ends(other, now) > _ends(mine, now):
            Access.objects.filter(pk=mine.pk).update_untold(expires_at=other.expires_at, removed_at=None)
    for mine, other in _pairs(Enrolment, survivor, gone, "product"):
        _take_earlier(mine, other, access_since=mine.access_since or other.access_since)
        for model, part in ((CategoryProgress, "category"), (LessonProgress, "lesson")):
            _join_parts(model, part, mine, other)
    for mine, other in _pairs(Member, survivor, gone):
        moments = [at for at in (mine.last_login_at, other.last_login_at) if at]
        columns = {"logins": mine.logins + other.logins, "last_login_at": max(moments, default=None)}
        Member.objects.filter(pk=mine.pk).update_untold(**columns)


def _join_parts(model: Any, part: str, mine: Enrolment, other: Enrolment) -> None:
    known = {getattr(row, f"{part}_id"): row for row in model.objects.filter(enrolment=mine)}
    for row in model.objects.filter(enrolment=other):
        if getattr(row, f"{part}_id") in known:
            _take_earlier(known[getattr(row, f"{part}_id")], row)
        else:
            model.objects.filter(pk=row.pk).update_untold(enrolment=mine)


def _take_earlier(mine: Progress, other: Progress, **more: Any) -> None:
    columns = {
        name: min((at for at in (getattr(mine, name), getattr(other, name)) if at), default=None)
        for name in ("started_at", "completed_at")
    }
    type(mine).objects.filter(pk=mine.pk).update_untold(**columns, **more)


def _pairs(model: Any, survivor: int, gone: int, *of: str) -> Iterable[tuple[Any, Any]]:
    """The survivor's rows beside the other's, where both have one of the same."""
    mine = {tuple(getattr(row, f"{name}_id") for name in of): row for row in model.objects.filter(contact=survivor)}
    for row in model.objects.filter(contact=gone):
        place = tuple(getattr(row, f"{name}_id") for name in of)
        if place in mine:
            yield mine[place], row


def _ends(access: Access, now: datetime) -> float:
    """When an access ends, as a number: never is later than any day, and one that does not hold is over."""
    if not access.is_active(now):
        return 0.0
    return access.expires_at.timestamp() if access.expires_at else float("inf")
