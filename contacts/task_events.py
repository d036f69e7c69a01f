"""What the events of tasks share: whose tasks a trigger asks for, and the texts that are told."""

from collections.abc import Sequence
from typing import Any, Literal

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pydantic import Field, ValidationInfo, field_validator

from triggers.event_types import Options, Row

Assigned = Literal["any", "is", "is_not", "empty", "not_empty"]


class AssigneeOptions(Options):
    """Whose tasks start it, by username."""

    assigned: Assigned = Field(
        default="any",
        title=gettext_noop("Assigned user"),
        json_schema_extra={
            "labels": {
                "any": gettext_noop("Anybody or nobody"),
                "is": gettext_noop("One of these"),
                "is_not": gettext_noop("None of these"),
                "empty": gettext_noop("Nobody"),
                "not_empty": gettext_noop("Anybody"),
            }
        },
    )
    users: list[str] = Field(default=[], title=gettext_noop("Which users"), validate_default=True)

    @field_validator("users")
    @classmethod
    def _named_where_asked(cls, users: list[str], info: ValidationInfo) -> list[str]:
        by_name = info.data.get("assigned") in ("is", "is_not")
        if by_name and not users:
            raise ValueError(_("Name at least one user."))
        if users and not by_name:
            raise ValueError(_("Users are named only where the assigned user is, or is not, one of them."))
        return users


def narrow(options: AssigneeOptions) -> dict[str, Any] | None:
    """The condition that the choice stands for."""
    field = "event.assignee"
    if options.assigned in ("is", "is_not"):
        op = "is_any_of" if options.assigned == "is" else "is_none_of"
        named = {"field": field, "op": op, "value": options.users}
        # A task of nobody is not theirs either; a comparison with nothing alone would be false.
        return named if op == "is_any_of" else {"any": [named, {"field": field, "op": "is_not_set"}]}
    if options.assigned in ("empty", "not_empty"):
        return {"field": field, "op": "is_not_set" if options.assigned == "empty" else "is_set"}
    return None


def texts_of(rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
    """Each task's details and its assignee's username, in one query; None where it is nobody's."""
    ids = {row.after["assignee_id"] for row in rows} - {None}
    users = get_user_model()
    known = users._default_manager.filter(pk__in=ids).values_list("pk", users.USERNAME_FIELD) if ids else ()
    names = dict(known)
    return {
        row.pk: {"details": row.after["description"], "assignee": names.get(row.after["assignee_id"])} for row in rows
    }
