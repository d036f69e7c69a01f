"""Looks the contact's phone number up."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field

from contacts.models import Contact
from conversations import numbers
from conversations.numbers import OFFLINE, Verdict
from triggers.action_types import Action, Done, Fail, Outcome, Retry, Skip, action
from triggers.problems import Problem
from triggers.run_context import Gone, RunContext


@action(
    "contact.validate_phone",
    label=gettext_lazy("Validate the phone number"),
    section="Contacts",
    touches="outside",
    repeatable=True,
    may_cause=("phone.validated",),
    needs=("contacts.change_contact",),
)
class ContactValidatePhone(Action):
    """Finds out whether the contact's number can be one, and whether it is a mobile phone, a landline or internet.

    Offline, the ranges of all countries decide. A provider that is connected may look it up instead. Later
    actions and branches read `actions.<uid>.verdict` and `.valid`.
    """

    by: str = Field(OFFLINE, title="Looked up by", json_schema_extra={"source": "number lookup"})

    def problems(self, uid: str) -> list[Problem]:
        if self.by == OFFLINE or self.by in numbers.lookups:
            return []
        return [Problem(("by",), _("Nothing called “%(by)s” looks numbers up.") % {"by": self.by})]

    def run(self, ctx: RunContext) -> Outcome:
        contact = Contact.objects.filter(pk=ctx.require_contact()).first()
        if contact is None:
            raise Gone(_("The contact of this run was deleted."))
        if not contact.phone and not contact.phone_raw:
            return Skip(_("%(contact)s has no phone number.") % {"contact": contact})
        if self.by != OFFLINE and self.by not in numbers.lookups:
            return Fail(_("Nothing called “%(by)s” looks numbers up.") % {"by": self.by})
        try:
            found = self._verdict(contact)
        except numbers.LookupFailed as error:
            return Fail(str(error)) if error.final else Retry(str(error))
        numbers.record(contact, found, ctx.now)
        said = _("%(number)s is %(verdict)s.") % {"number": found.number, "verdict": found.verdict}
        return Done(said, {
            "number": found.number, "verdict": found.verdict, "valid": found.valid, "code": found.code,
            "line_type": found.line_type, "carrier": found.carrier, "country": found.country,
        })  # fmt: skip

    def preview(self, ctx: RunContext) -> str:
        contact = Contact.objects.filter(pk=ctx.require_contact()).first()
        if contact is None or not (contact.phone or contact.phone_raw):
            return _("There is no phone number to look up.")
        return _("Looks up %(number)s.") % {"number": contact.phone or contact.phone_raw}

    def _verdict(self, contact: Contact) -> Verdict:
        offline = numbers.offline(contact.phone or contact.phone_raw, contact.country)
        # What can be no number at all is not worth a call.
        ask = numbers.lookups.get(self.by)
        return ask(offline.number) if ask is not None and offline.number.startswith("+") else offline
