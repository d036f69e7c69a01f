"""What the two actions on offers share: which offers they name, and why."""

from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from contacts.giving import Giving
from courses.keys import OfferNumber
from courses.models import Offer


class OfferAction(Giving):
    """An action on offers of the run's contact."""

    model = Offer
    chosen, things = "course_offers", "offers"
    one_is_gone = gettext_lazy("One of the offers was deleted. Choose others.")
    all_are_gone = gettext_lazy("There is no such offer any more.")

    course_offers: list[OfferNumber] = Field(
        min_length=1,
        max_length=50,
        title=gettext_noop("Which offers"),
        examples=[[1]],
        json_schema_extra={"source": "course offer"},
    )
    reason: str = Field("", max_length=1000, title=gettext_noop("Why"))
