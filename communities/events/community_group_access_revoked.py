"""A contact was taken out of a group."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from communities import services
from communities.membership_events import AccessTold
from triggers.event_types import Deleted, Row, event


@event("community.group_access_revoked", label=_("Group access revoked"), section="Community Triggers")
class CommunityGroupAccessRevoked(AccessTold, Deleted, model="communities.Membership"):
    """A contact was taken out of a community group, or the group itself was deleted. `by` says who did it."""

    @classmethod
    def columns(cls) -> set[str]:
        # The row's own reason says why it was granted.
        return super().columns() - {"reason"}

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        why = services.why()
        return {pk: values | {"reason": why} for pk, values in super().extras(rows).items()}
