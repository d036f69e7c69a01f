"""A member signed in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import Field

from triggers.event_types import Changed, Created, Options, Row, event


class LoginOptions(Options):
    """Which sign-ins start it."""

    which: Literal["every", "first", "after_days"] = Field(
        default="every", title=gettext_noop("Which sign-in"),
        json_schema_extra={"labels": {
            "every": gettext_noop("Every one"), "first": gettext_noop("The first"),
            "after_days": gettext_noop("The first after days away"),
        }},
    )  # fmt: skip
    days_away: int = Field(default=30, ge=1, le=3650, title=gettext_noop("Away for at least so many days"))


@event("course.user_login", label=_("Member signed in"), section="Course Triggers")
class CourseUserLogin(Created, Changed, model="courses.Member", watch=("logins",)):
    """A member signed in, to the member area or to a learning system outside.

    `days_away` is how many days lie between this time and the one before; empty for the first, and for one that is told late.
    """

    Options = LoginOptions

    member_id: int
    contact_id: int
    logins: int
    is_first: bool
    days_away: int | None = None
    last_login_at: datetime
    last_login_at_before: datetime | None = None

    @classmethod
    def fires(cls, row: Row, changes: dict[str, dict[str, Any]]) -> bool:
        return bool(row.after["logins"] > (row.before or {}).get("logins", 0))

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        return {row.pk: {"is_first": row.after["logins"] == 1, "days_away": _away(row)} for row in rows}

    @classmethod
    def narrow(cls, options: LoginOptions) -> dict[str, Any] | None:
        if options.which == "first":
            return {"field": "event.is_first", "op": "is", "value": True}
        if options.which == "after_days":
            return {"field": "event.days_away", "op": "gte", "value": options.days_away}
        return None


def _away(row: Row) -> int | None:
    before = (row.before or {}).get("last_login_at")
    return (row.after["last_login_at"] - before).days if before else None
