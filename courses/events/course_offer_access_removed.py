"""A contact lost an offer."""

from django.utils.translation import gettext_lazy as _

from courses.telling import OfferTold
from triggers.event_types import Changed, event


@event("course.offer_access_removed", label=_("Offer access removed"), section="Course Triggers")
class CourseOfferAccessRemoved(OfferTold, Changed, model="courses.Access", watch=("removals",)):
    """An offer was taken from a contact, by hand, workflow or integration, or its time was over. `by` says who did it."""
