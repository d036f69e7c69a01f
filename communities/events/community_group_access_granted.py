"""A contact was taken into a group."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from communities.membership_events import Which, narrow, told
from communities.models import Group
from triggers.event_types import Created, Row, event


@event("community.group_access_granted", label=_("Group access granted"), section="Community Triggers")
class CommunityGroupAccessGranted(Created, model="communities.Membership"):
    """A contact was taken into a community group, by hand, workflow or integration. `by` says who did it."""

    Options = Which

    membership_id: int
    group_id: int
    group: str
    contact_id: int
    by: str
    reason: str = ""

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        return told(rows)

    @classmethod
    def narrow(cls, options: Which) -> dict[str, Any] | None:
        return narrow(options)

    @classmethod
    def standing(cls, options: Which) -> dict[str, Any] | None:
        names = list(Group.objects.filter(pk__in=options.groups).values_list("name", flat=True))
        return {"field": "community.groups", "op": "has_any", "value": names} if names else None
