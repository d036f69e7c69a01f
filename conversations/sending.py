"""What the actions that write to the run's contact have in common: the gate, sending windows, holding for an address,
and what a lost try means.
"""

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pydantic import Field

from contacts.models import Contact
from conversations import gate, outgoing
from conversations.addresses import BadAddress
from conversations.attaching import NoFile
from conversations.gateways import Delivery, NoGateway
from conversations.mail_templates import NoTemplate
from conversations.models import Message
from triggers.action_types import Action, Done, Fail, Hold, Outcome, Retry, Skip, Unsure, Wait
from triggers.models import ActionRun
from triggers.run_context import Gone, RunContext
from triggers.running import windows

log = logging.getLogger(__name__)

# A contact without an address is looked at again after as long as it has been waited for, within these.
SOONEST: Final = timedelta(minutes=15)
LATEST: Final = timedelta(days=1)
# What may be wrong with a message before anybody is called; the text says what to do.
FAULTS: Final = (BadAddress, NoGateway, NoFile, NoTemplate)


def _kind() -> Any:
    return Field(
        title=gettext_noop("Kind of message"),
        json_schema_extra={
            "labels": {
                "marketing": gettext_noop("Marketing: not to who has unsubscribed"),
                "transactional": gettext_noop("Transactional: about something under way"),
            }
        },
    )


# Whether it is advertising, to which unsubscription, quiet hours and the cap apply.
Category = Annotated[Literal["marketing", "transactional"], _kind()]


class Sending(Action):
    """Base of the actions that send: subclasses say what is drafted, and who takes it."""

    if TYPE_CHECKING:
        # Each declares it after its text, as the form shows settings in their order: see `Category`.
        category: Literal["marketing", "transactional"]

    def draft(self, ctx: RunContext, contact_id: int) -> outgoing.Draft | None:
        """The message with its merge fields filled in; None while there is no address. Raises one of `FAULTS`."""
        raise NotImplementedError

    def hand_over(self, message: Message, now: datetime) -> Delivery:
        """Calls whoever takes it."""
        raise NotImplementedError

    def asked(self, message: Message) -> dict[str, Any]:
        """What the attempt keeps of what was sent."""
        raise NotImplementedError

    def missing(self, name: str) -> str:
        """That the contact has no address, and what then happens."""
        raise NotImplementedError

    def would(self, draft: outgoing.Draft) -> str:
        """What a preview says."""
        raise NotImplementedError

    def done(self, message: Message) -> Done:
        raise NotImplementedError

    def may_repeat(self) -> bool:
        return self.category == "transactional"

    def run(self, ctx: RunContext) -> Outcome:
        try:
            # A hold for want of an address took the receiver off the run; see `_without_address`.
            ctx.run.target = self.destination()[:120]
            already = outgoing.sent(ctx.key)
            if already is not None:
                return self.done(already)
            opens = windows.next_open(ctx.document, ctx.run, type(self), ctx.now, ctx.shelf)
            if opens is not None:
                return Wait(opens, _("Waits for the next sending window."))
            draft = self._drafted(ctx)
            if draft is None:
                return self._without_address(ctx)
            message, verdict = outgoing.pass_gate(draft, ctx.now, repeatable=self.may_repeat())
        except FAULTS as error:
            return Fail(str(error))
        except DatabaseError as error:
            # Nothing has been sent yet, whatever went wrong.
            log.warning("message %s could not be recorded: %s", ctx.key, error)
            return Retry(_("The message could not be recorded: %(error)s") % {"error": error})
        if not isinstance(verdict, gate.Allowed):
            return kept_back(verdict)
        return self._send(ctx, message)

    def preview(self, ctx: RunContext) -> str:
        outcome = self.simulate(ctx)
        return str(getattr(outcome, "summary", "") or getattr(outcome, "why", ""))

    def simulate(self, ctx: RunContext) -> Outcome:
        try:
            draft = self._drafted(ctx)
        except FAULTS as error:
            return Fail(str(error))
        if draft is None:
            return self._without_address(ctx)
        contact = Contact.objects.get(pk=draft.contact_id)
        verdict = gate.look(contact, draft.channel, draft.to_address, draft.category, ctx.now, key=ctx.key)
        return Done(self.would(draft)) if isinstance(verdict, gate.Allowed) else kept_back(verdict)

    def _drafted(self, ctx: RunContext) -> outgoing.Draft | None:
        contact_id = ctx.require_contact()
        if "contact.id" not in ctx.facts:
            raise Gone(_("The contact is gone."))
        return self.draft(ctx, contact_id)

    def _send(self, ctx: RunContext, message: Message) -> Outcome:
        ctx.request = self.asked(message)
        delivery = self.hand_over(message, ctx.now)
        ctx.response, ctx.status_code = delivery.reply, delivery.code
        if isinstance(delivery.outcome, Unsure) and self.may_repeat():
            delivery = Delivery(Retry(delivery.outcome.why), delivery.code, delivery.reply)
        outgoing.settle(message, delivery, ctx.now)
        return self.done(message) if isinstance(delivery.outcome, Done) else delivery.outcome

    def _without_address(self, ctx: RunContext) -> Hold | Skip:
        """Held until somebody enters an address, for a few days. It is this run's trouble, not the receiver's."""
        if not ctx.dry:
            ctx.run.target = ""
        name = ctx.facts.get("contact.name") or _("The contact")
        days = settings.CONCOURS_HOLD_MAIL_DAYS
        until = _begun(ctx) + timedelta(days=days)
        if ctx.now >= until:
            why = _("Not sent. %(contact)s could not be reached within %(n)d days.")
            return Skip(why % {"contact": name, "n": days})
        return Hold(self.missing(name), until=min(_look_again(ctx), until))


def kept_back(verdict: gate.Refused | gate.Later) -> Skip | Wait:
    if isinstance(verdict, gate.Refused):
        return Skip(_("Not sent. %(reason)s") % {"reason": verdict.reason})
    return Wait(verdict.until, verdict.reason)


def _begun(ctx: RunContext) -> datetime:
    """When the message was to be sent: its workflow may have begun long before."""
    begun = ActionRun.objects.filter(key=ctx.key).values_list("started_at", flat=True).first()
    return begun or ctx.now


def _look_again(ctx: RunContext) -> datetime:
    waited = ctx.now - ctx.run.created_at
    return ctx.now + min(max(waited, SOONEST), LATEST)
