"""Takes the contact into community groups."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from communities import services
from communities.membership_actions import GroupAction
from communities.models import Group
from contacts.models import Contact
from triggers.action_types import action
from triggers.run_context import RunContext


@action(
    "community.grant_group",
    label=_("Grant group access"),
    section="Communities",
    may_cause=("community.group_access_granted",),
    texts=("reason",),
    needs=("communities.add_membership",),
)
class CommunityGrantGroup(GroupAction):
    """Takes the contact into one or more community groups. Where it belongs to one already, nothing happens."""

    does = _("Takes the contact into %(groups)s.")
    did = _("Taken into %(groups)s.")
    did_nothing = _("Belonged to each already.")

    def move(self, ctx: RunContext, contact: Contact, records: Sequence[Group]) -> Sequence[Group]:
        return services.grant(contact, records, ctx.render_line(self.reason))
