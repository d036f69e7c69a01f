"""A contact was taken into a group."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from communities.membership_events import AccessTold, Which
from communities.models import Group
from triggers.event_types import Created, event


@event("community.group_access_granted", label=_("Group access granted"), section="Community Triggers")
class CommunityGroupAccessGranted(AccessTold, Created, model="communities.Membership"):
    """A contact was taken into a community group, by hand, workflow or integration. `by` says who did it."""

    @classmethod
    def standing(cls, options: Which) -> dict[str, Any] | None:
        names = list(Group.objects.filter(pk__in=options.groups).values_list("name", flat=True))
        return {"field": "community.groups", "op": "has_any", "value": names} if names else None
