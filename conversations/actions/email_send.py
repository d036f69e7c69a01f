"""Sends an e-mail to the run's contact."""

import logging
from datetime import datetime, timedelta
from typing import Final, Literal

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field, JsonValue

from contacts.models import Contact
from conversations import addresses, composing, gate, outgoing
from conversations.delivering import deliver, server
from conversations.models import Message
from triggers.action_types import Action, Done, Fail, Hold, Outcome, Retry, Skip, Unsure, Wait, action
from triggers.models import ActionRun, Organisation
from triggers.problems import Problem
from triggers.run_context import Gone, RunContext
from triggers.running import windows

log = logging.getLogger(__name__)

# A contact without an address is looked at again after as long as it has been waited for, within these.
SOONEST: Final = timedelta(minutes=15)
LATEST: Final = timedelta(days=1)
# Settings that the form folds away.
ASIDE: Final[dict[str, JsonValue]] = {"aside": True}


@action(
    "email.send",
    label=gettext_lazy("Send an e-mail"),
    section="Messages",
    touches="outside",
    sends=True,
    texts=("to", "sender", "reply_to", "subject", "text", "html"),
    needs=("conversations.add_message",),
)
class EmailSend(Action):
    """Sends an e-mail to the contact, or to another address on its behalf.

    Marketing never goes twice: if the worker is lost while sending, a person decides. Transactional mail
    is never lost: it is sent again, under the same Message-ID. Do-not-disturb and unsubscription win over
    both; quiet hours and the frequency cap put marketing off. HTML goes out as it was written; the values
    merged into it are escaped.
    """

    to: str = Field("", title="To; empty means the contact's e-mail", json_schema_extra=ASIDE)
    sender: str = Field("", title="From; empty means the organisation's sender", json_schema_extra=ASIDE)
    reply_to: str = Field("", title="Answers go to; empty means the organisation's address", json_schema_extra=ASIDE)
    subject: str = Field(min_length=1)
    text: str = Field("", title="Message")
    html: str = Field("", title="Message as HTML", json_schema_extra=ASIDE)
    category: Literal["marketing", "transactional"] = Field("marketing", title="Kind of mail")

    def problems(self, uid: str) -> list[Problem]:
        if self.text.strip() or self.html.strip():
            return []
        return [Problem(("text",), _("The mail is empty. Write its text, its HTML, or both."))]

    def may_repeat(self) -> bool:
        return self.category == "transactional"

    def destination(self) -> str:
        return server()

    def run(self, ctx: RunContext) -> Outcome:
        # A hold for want of an address took the receiver off the run; see `_without_address`.
        ctx.run.target = self.destination()[:120]
        already = outgoing.sent(ctx.key)
        if already is not None:
            return _done(already)
        opens = windows.next_open(ctx.document, ctx.run, type(self), ctx.now, ctx.shelf)
        if opens is not None:
            return Wait(opens, _("Waits for the next sending window."))
        try:
            draft = self._draft(ctx)
            if draft is None:
                return _without_address(ctx)
            message, verdict = outgoing.pass_gate(draft, ctx.now, repeatable=self.may_repeat())
        except addresses.BadAddress as error:
            return Fail(str(error))
        except DatabaseError as error:
            # Nothing has been sent yet, whatever went wrong.
            log.warning("e-mail %s could not be recorded: %s", ctx.key, error)
            return Retry(_("The mail could not be recorded: %(error)s") % {"error": error})
        if not isinstance(verdict, gate.Allowed):
            return _kept_back(verdict)
        return self._send(ctx, message)

    def preview(self, ctx: RunContext) -> str:
        outcome = self.simulate(ctx)
        return str(getattr(outcome, "summary", "") or getattr(outcome, "why", ""))

    def simulate(self, ctx: RunContext) -> Outcome:
        try:
            draft = self._draft(ctx)
        except addresses.BadAddress as error:
            return Fail(str(error))
        if draft is None:
            return _without_address(ctx)
        contact = Contact.objects.get(pk=draft.contact_id)
        verdict = gate.look(contact, draft.channel, draft.to_address, draft.category, ctx.now, key=ctx.key)
        if not isinstance(verdict, gate.Allowed):
            return _kept_back(verdict)
        return Done(_("Sends “%(subject)s” to %(to)s.") % {"subject": draft.subject, "to": draft.to_address})

    def _send(self, ctx: RunContext, message: Message) -> Outcome:
        ctx.request = {
            "server": server() or "mailbox", "message_id": message.message_id, "from": message.from_address,
            "to": message.to_address, "subject": message.subject,
        }  # fmt: skip
        delivery = deliver(composing.mail_of(message))
        ctx.response, ctx.status_code = delivery.reply, delivery.code
        outcome = delivery.outcome
        if isinstance(outcome, Unsure) and self.may_repeat():
            outcome = Retry(outcome.why)
        outgoing.settle(message, outcome)
        return _done(message) if isinstance(outcome, Done) else outcome

    def _draft(self, ctx: RunContext) -> outgoing.Draft | None:
        """The mail with its merge fields filled in; None while there is no address to send it to."""
        contact_id = ctx.require_contact()
        if "contact.id" not in ctx.facts:
            raise Gone(_("The contact is gone."))
        to = ctx.render_line(self.to) or ctx.facts["contact.email"]
        if not to:
            return None
        organisation, reply_to = Organisation.get(), ctx.render_line(self.reply_to)
        text, html = self._body(ctx, organisation)
        return outgoing.Draft(
            key=ctx.key, contact_id=contact_id, category=self.category, text=text, html=html,
            to_address=addresses.read(to),
            from_address=addresses.read(composing.sender(organisation, ctx.render_line(self.sender))),
            reply_to=addresses.read(reply_to) if reply_to else organisation.reply_to,
            subject=ctx.render_line(self.subject)[:500], message_id=composing.message_id(ctx.key),
            workflow_id=ctx.run.workflow_id, run_id=ctx.run.pk,
        )  # fmt: skip

    def _body(self, ctx: RunContext, organisation: Organisation) -> tuple[str, str]:
        html = ctx.render(self.html, html=True)
        text = ctx.render(self.text) or composing.plain_of(html)
        if self.category == "transactional":
            return text, html
        return composing.with_footer(text, html, organisation, ctx.key)


def _done(message: Message) -> Done:
    words = {"subject": message.subject, "to": message.to_address}
    summary = _("Sent “%(subject)s” to %(to)s.") % words
    return Done(summary, {"message_id": message.pk, "to": message.to_address, "subject": message.subject})


def _kept_back(verdict: gate.Refused | gate.Later) -> Skip | Wait:
    if isinstance(verdict, gate.Refused):
        return Skip(_("Not sent. %(reason)s") % {"reason": verdict.reason})
    return Wait(verdict.until, verdict.reason)


def _without_address(ctx: RunContext) -> Hold | Skip:
    """Held until somebody enters an address, for a few days. It is this run's trouble, not the mail server's."""
    if not ctx.dry:
        ctx.run.target = ""
    name = ctx.facts.get("contact.name") or _("The contact")
    until = _begun(ctx) + timedelta(days=settings.CONCOURS_HOLD_MAIL_DAYS)
    if ctx.now >= until:
        why = _("Not sent. %(contact)s got no e-mail address within %(n)d days.")
        return Skip(why % {"contact": name, "n": settings.CONCOURS_HOLD_MAIL_DAYS})
    why = _("%(contact)s has no e-mail address. Enter one, and the mail goes out.")
    return Hold(why % {"contact": name}, until=min(_look_again(ctx), until))


def _begun(ctx: RunContext) -> datetime:
    """When the mail was to be sent: its workflow may have begun long before."""
    begun = ActionRun.objects.filter(key=ctx.key).values_list("started_at", flat=True).first()
    return begun or ctx.now


def _look_again(ctx: RunContext) -> datetime:
    waited = ctx.now - ctx.run.created_at
    return ctx.now + min(max(waited, SOONEST), LATEST)
