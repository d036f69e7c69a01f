"""A contact was given an offer."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.models import Offer
from courses.telling import OfferTold, OfOffer
from triggers.event_types import Changed, Created, Row, event


@event("course.offer_access_granted", label=_("Offer access granted"), section="Course Triggers")
class CourseOfferAccessGranted(OfferTold, Created, Changed, model="courses.Access", watch=("grants",)):
    """A contact was given an offer: bought, signed up for, by hand, workflow or integration. Given again, it is told again."""

    @classmethod
    def fires(cls, row: Row, changes: dict[str, dict[str, Any]]) -> bool:
        return row.before is None or bool(changes)

    @classmethod
    def standing(cls, options: OfOffer) -> dict[str, Any] | None:
        titles = list(Offer.objects.filter(pk__in=options.course_offers).values_list("title", flat=True))
        return {"field": "course.offers", "op": "has_any", "value": titles} if titles else None
