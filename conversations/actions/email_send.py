"""Sends an e-mail to the run's contact."""

from datetime import datetime
from typing import Any, Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field, JsonValue

from conversations import addresses, attaching, composing, following, mail_templates, outgoing
from conversations.delivering import deliver, server
from conversations.gateways import Delivery
from conversations.models import Message
from conversations.sending import Sending
from triggers import languages
from triggers.action_types import Done, Fail, action
from triggers.models import Organisation
from triggers.problems import Problem
from triggers.run_context import RunContext

# Settings that the form folds away.
ASIDE: Final[dict[str, JsonValue]] = {"aside": True}


@action(
    "email.send",
    label=gettext_lazy("Send an e-mail"),
    section="Messages",
    touches="outside",
    sends=True,
    texts=("to", "sender", "reply_to", "subject", "text", "html"),
    may_cause=("email.bounced",),
    needs=("conversations.add_message",),
)
class EmailSend(Sending):
    """Sends an e-mail to the contact, or to another address on its behalf.

    Marketing never goes twice: if the worker is lost while sending, a person decides. Transactional mail
    is never lost: it is sent again, under the same Message-ID. Do-not-disturb and unsubscription win over
    both; quiet hours and the frequency cap put marketing off. HTML goes out as it was written; the values
    merged into it are escaped. With a template the message is what the template says when the mail goes.
    """

    to: str = Field("", title=gettext_noop("To; empty means the contact's e-mail"), json_schema_extra=ASIDE)
    sender: str = Field("", title=gettext_noop("From; empty means the organisation's sender"), json_schema_extra=ASIDE)
    reply_to: str = Field(
        "", title=gettext_noop("Answers go to; empty means the organisation's address"), json_schema_extra=ASIDE
    )
    subject: str = Field(min_length=1, title=gettext_noop("Subject"))
    text: str = Field("", title=gettext_noop("Message"))
    html: str = Field("", title=gettext_noop("Message as HTML"), json_schema_extra=ASIDE)
    template: str = Field(
        "", max_length=60, title=gettext_noop("Message of the template"),
        json_schema_extra={**ASIDE, "source": "mail template"},
    )  # fmt: skip
    track_opens: bool = Field(False, title=gettext_noop("Tell when it is opened (HTML only)"), json_schema_extra=ASIDE)
    track_clicks: bool = Field(
        False, title=gettext_noop("Tell which links are clicked (HTML only)"), json_schema_extra=ASIDE
    )
    attach: list[str] = Field(
        [], max_length=5, title=gettext_noop("Attach"), json_schema_extra={**ASIDE, "source": "attachment"}
    )
    category: Literal["marketing", "transactional"] = Field(
        "marketing",
        title=gettext_noop("Kind of mail"),
        json_schema_extra={
            "labels": {
                "marketing": gettext_noop("Marketing: never twice, and not to who has unsubscribed"),
                "transactional": gettext_noop("Transactional: never lost"),
            }
        },
    )

    def problems(self, uid: str) -> list[Problem]:
        unknown = [Problem(("attach", n), attaching.unknown(name)) for n, name in enumerate(self.attach)
                   if not attaching.is_known(name)]  # fmt: skip
        if self.template:
            return [*unknown, *self._template_problems()]
        if self.text.strip() or self.html.strip():
            return unknown
        return [*unknown, Problem(("text",), _("The mail is empty. Write its text, its HTML, or both."))]

    def _template_problems(self) -> list[Problem]:
        if self.text.strip() or self.html.strip():
            return [Problem(("template",), _("Write the message here, or choose a template, not both."))]
        try:
            mail_templates.find(self.template)
        except mail_templates.NoTemplate as error:
            return [Problem(("template",), str(error))]
        return []

    def destination(self) -> str:
        return server()

    def draft(self, ctx: RunContext, contact_id: int) -> outgoing.Draft | None:
        to = ctx.render_line(self.to) or ctx.facts["contact.email"]
        if not to:
            return None
        organisation = Organisation.get()
        wanted = ctx.render_line(self.reply_to)
        reply_to = addresses.read(wanted) if wanted else organisation.reply_to
        text, html = self._body(ctx, organisation)
        html, links = following.followed(html, ctx.key, opens=self.track_opens, clicks=self.track_clicks)
        return outgoing.Draft(
            key=ctx.key, contact_id=contact_id, category=self.category, text=text, html=html,
            links=links, enclosed=attaching.made(self.attach, ctx),
            to_address=addresses.read(to),
            from_address=addresses.read(composing.sender(organisation, ctx.render_line(self.sender))),
            reply_to=composing.answers_to(reply_to, ctx.key),
            subject=ctx.render_line(self.subject)[:500], message_id=composing.message_id(ctx.key),
            workflow_id=ctx.run.workflow_id, run_id=ctx.run.pk,
        )  # fmt: skip

    def asked(self, message: Message) -> dict[str, Any]:
        return {
            "server": server() or "mailbox", "message_id": message.message_id, "from": message.from_address,
            "to": message.to_address, "subject": message.subject,
        }  # fmt: skip

    def hand_over(self, message: Message, now: datetime) -> Delivery:
        try:
            return deliver(composing.mail_of(message))
        except attaching.NoFile as error:
            return Delivery(Fail(str(error)))

    def missing(self, name: str) -> str:
        return _("%(contact)s has no e-mail address. Enter one, and the mail goes out.") % {"contact": name}

    def would(self, draft: outgoing.Draft) -> str:
        return _("Sends “%(subject)s” to %(to)s.") % {"subject": draft.subject, "to": draft.to_address}

    def done(self, message: Message) -> Done:
        words = {"subject": message.subject, "to": message.to_address}
        summary = _("Sent “%(subject)s” to %(to)s.") % words
        return Done(summary, {"message_id": message.pk, "to": message.to_address, "subject": message.subject})

    def _body(self, ctx: RunContext, organisation: Organisation) -> tuple[str, str]:
        template = mail_templates.find(self.template) if self.template else None
        html = ctx.render(template.html if template else self.html, html=True)
        text = ctx.render(template.text if template else self.text) or composing.plain_of(html)
        if self.category == "transactional":
            return text, html
        with languages.of_mail_to(ctx.facts["contact.language"] or ""):
            return composing.with_footer(text, html, organisation, ctx.key)
