"""Somebody signed up for an offer."""

from django.utils.translation import gettext_lazy as _

from courses.telling import Narrowed, OfOffer
from triggers.event_types import Happened, event


@event("course.signup", label=_("Course sign-up"), section="Course Triggers")
class CourseSignup(Narrowed, Happened):
    """Somebody signed up for an offer on its own page. `is_new` says that the contact was made by it."""

    Options = OfOffer

    contact_id: int
    offer_id: int
    offer: str
    is_new: bool = False
