"""What the two actions on offers share: which offers they name, and how they say what they did."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pydantic import Field

from contacts.models import Contact
from contacts.run_contact import contact_of
from courses.keys import OfferNumber
from courses.models import Offer
from triggers.action_types import Action, Done, Fail, Outcome
from triggers.run_context import RunContext
from triggers.wording.words import shown


class OfferAction(Action):
    """An action on offers of the run's contact; each kind says in its words what it does, did, or need not do."""

    does: ClassVar[Any]
    did: ClassVar[Any]
    did_nothing: ClassVar[Any]

    course_offers: list[OfferNumber] = Field(
        min_length=1,
        max_length=50,
        title=gettext_noop("Which offers"),
        examples=[[1]],
        json_schema_extra={"source": "course offer"},
    )
    reason: str = Field("", max_length=1000, title=gettext_noop("Why"))

    @staticmethod
    @abstractmethod
    def move(contact: Contact, offers: Sequence[Offer], reason: str, now: datetime) -> list[Offer]:
        """Does it; the offers that it was done with."""

    def run(self, ctx: RunContext) -> Outcome:
        contact, offers = contact_of(ctx), self._offers()
        if len(offers) < len(set(self.course_offers)):
            return Fail(_("One of the offers was deleted. Choose others."))
        titles = [offer.title for offer in self.move(contact, offers, ctx.render_line(self.reason), ctx.now)]
        return Done(str(self.did % {"offers": shown(titles)} if titles else self.did_nothing), {"offers": titles})

    def preview(self, ctx: RunContext) -> str:
        titles = [offer.title for offer in self._offers()]
        return str(self.does % {"offers": shown(titles)}) if titles else _("There is no such offer any more.")

    def _offers(self) -> list[Offer]:
        return list(Offer.objects.filter(pk__in=self.course_offers).order_by("title"))
