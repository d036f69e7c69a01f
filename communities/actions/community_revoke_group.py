"""Takes the contact out of community groups."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from communities import services
from communities.membership_actions import GroupAction
from communities.models import Group
from contacts.models import Contact
from triggers.action_types import action
from triggers.run_context import RunContext


@action(
    "community.revoke_group",
    label=_("Revoke group access"),
    section="Communities",
    may_cause=("community.group_access_revoked",),
    texts=("reason",),
    needs=("communities.delete_membership",),
)
class CommunityRevokeGroup(GroupAction):
    """Takes the contact out of one or more community groups. Where it belongs to none of them, nothing happens."""

    does = _("Takes the contact out of %(groups)s.")
    did = _("Taken out of %(groups)s.")
    did_nothing = _("Belonged to none of them.")

    def move(self, ctx: RunContext, contact: Contact, records: Sequence[Group]) -> Sequence[Group]:
        return services.revoke(contact, records, ctx.render_line(self.reason))
