"""Gives the contact course offers."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from courses import granting
from courses.models import Offer
from courses.offer_actions import OfferAction
from triggers.action_types import action
from triggers.run_context import RunContext


@action(
    "course.grant_offer",
    label=_("Grant course offer"),
    section="Courses",
    may_cause=("course.offer_access_granted", "course.product_access_granted"),
    texts=("reason",),
    needs=("courses.add_access",),
)
class CourseGrantOffer(OfferAction):
    """Gives the contact one or more course offers, and with them the courses. Given again, the time begins anew."""

    does = _("Gives the contact %(offers)s.")
    did = _("Gave %(offers)s.")
    did_nothing = _("There was nothing to give.")

    def move(self, ctx: RunContext, contact: Contact, records: Sequence[Offer]) -> Sequence[Offer]:
        reason = ctx.render_line(self.reason)
        return [granting.grant(contact, offer, reason, ctx.now).offer for offer in records]
