"""What the two events of groups share: which groups a trigger asks for, and what a membership tells."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_noop
from pydantic import Field

from communities.keys import GroupNumber
from communities.models import Group
from triggers.context import by_whom
from triggers.event_types import Bound, Options, Row


class Which(Options):
    """Which groups start it; none named means any."""

    groups: list[GroupNumber] = Field(
        default=[], title=gettext_noop("Which group"), json_schema_extra={"source": "community group"}
    )


class AccessTold(Bound):
    """What both tell: the membership, its group, who acted and why."""

    Options = Which

    membership_id: int
    group_id: int
    group: str
    contact_id: int
    by: str
    reason: str = ""

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        names = dict(Group.objects.filter(pk__in={row.after["group_id"] for row in rows}).values_list("pk", "name"))
        who = by_whom()
        return {row.pk: {"group": names.get(row.after["group_id"], ""), "by": who} for row in rows}

    @classmethod
    def narrow(cls, options: Which) -> dict[str, Any] | None:
        return {"field": "event.group_id", "op": "is_any_of", "value": options.groups} if options.groups else None
