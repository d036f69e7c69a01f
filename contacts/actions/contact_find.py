"""Finds a contact, for runs that have none yet or shall go on with another."""

from typing import Self

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field, model_validator

from contacts import identity
from contacts.run_contact import labels, refusal
from contacts.services import find
from triggers.action_types import Action, Done, Outcome, action
from triggers.run_context import RunContext


@action(
    "contact.find",
    label=gettext_lazy("Find contact"),
    section="Contacts",
    outcomes=("found", "not_found"),
    texts=("external_id", "email", "phone", "country"),
    needs=("contacts.view_contact",),
)
class ContactFind(Action):
    """Finds the contact that everything given belongs to; from there on the run is about that contact.

    What comes out empty counts as not given. `country` is where phone numbers without country code belong.
    """

    external_id: str = Field("", title=gettext_noop("Number in another system"))
    email: str = Field("", title=gettext_noop("E-mail"))
    phone: str = Field("", title=gettext_noop("Phone"))
    country: str = Field("", title=gettext_noop("Country of the phone number"))

    @model_validator(mode="after")
    def _something_to_go_by(self) -> Self:
        if not any(getattr(self, name) for name in identity.IDENTITIES):
            raise ValueError(_("Say what to find the contact by: external id, e-mail or phone."))
        return self

    def run(self, ctx: RunContext) -> Outcome:
        match = {name: ctx.render_line(getattr(self, name)) for name in identity.IDENTITIES}
        given = [name for name, value in match.items() if value]
        if not given:
            return Done(_("Nothing to find the contact by: all of it is empty."), outcome="not_found")
        try:
            found = find(match, region=ctx.render_line(self.country))
        except ValidationError as error:
            return Done(_("Not found. %(why)s") % {"why": refusal(error)}, outcome="not_found")
        if found is None:
            return Done(_("No contact has this %(fields)s.") % {"fields": labels(given)}, outcome="not_found")
        ctx.adopt_contact(found.pk)
        return Done(_("Found %(contact)s.") % {"contact": found}, {"contact_id": found.pk}, "found")

    def preview(self, ctx: RunContext) -> str:
        asked = [name for name in identity.IDENTITIES if getattr(self, name)]
        return _("Finds the contact by %(fields)s.") % {"fields": labels(asked)}

    def simulate(self, ctx: RunContext) -> Outcome:
        return self.run(ctx)
