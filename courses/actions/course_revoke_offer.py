"""Takes course offers from the contact."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from courses import granting
from courses.models import Offer
from courses.offer_actions import OfferAction
from triggers.action_types import action
from triggers.run_context import RunContext


@action(
    "course.revoke_offer",
    label=_("Revoke course offer"),
    section="Courses",
    may_cause=("course.offer_access_removed", "course.product_access_removed"),
    texts=("reason",),
    needs=("courses.change_access",),
)
class CourseRevokeOffer(OfferAction):
    """Takes one or more course offers from the contact. Where it never had any of them, nothing happens."""

    does = _("Takes %(offers)s from the contact.")
    did = _("Took %(offers)s.")
    did_nothing = _("Never had any of them.")

    def move(self, ctx: RunContext, contact: Contact, records: Sequence[Offer]) -> Sequence[Offer]:
        reason = ctx.render_line(self.reason)
        return [offer for offer in records if granting.revoke(contact, offer, reason, ctx.now) is not None]
