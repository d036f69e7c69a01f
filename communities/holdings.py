"""What communities keep about people: which groups they belong to."""

from communities.models import Membership
from triggers import privacy
from triggers.privacy import Delete, Holding


def register() -> None:
    privacy.register(
        Holding(
            "memberships", "communities.Membership", lambda who: Membership.objects.filter(contact__in=who.ids),
            Delete(), told=("group", "reason", "granted_by", "granted_at"),
        ),
    )  # fmt: skip
