"""Answers the comment that started the run."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field

from conversations import gateways, outgoing, texting
from conversations.addresses import BadAddress
from conversations.gateways import Delivery
from conversations.models import Message
from conversations.sending import Category, Sending
from triggers.action_types import Done, action
from triggers.run_context import RunContext

LONGEST = 2000


@action(
    "social.reply",
    label=gettext_lazy("Answer the comment"),
    section="Messages",
    touches="outside",
    sends=True,
    texts=("text",),
    needs=("conversations.add_message",),
)
class SocialReply(Sending):
    """Writes an answer under the comment on Facebook or Instagram that started the run, for everybody to read.

    Do-not-disturb, quiet hours, the cap and sending windows hold as for mail. Our own comments start nothing, so an
    answer is not answered again. If the worker is lost while answering, a person decides whether it is written.
    """

    text: str = Field(min_length=1, title="Answer")
    category: Category = "marketing"

    def may_repeat(self) -> bool:
        # The networks know no key: twice would stand there twice, for all to see.
        return False

    def destination(self) -> str:
        return ""

    def draft(self, ctx: RunContext, contact_id: int) -> outgoing.Draft | None:
        comment = _comment(ctx)
        if comment is None:
            raise BadAddress(_("No comment started this run. Start the workflow by a comment."))
        text = ctx.render(self.text).strip()
        if not text:
            raise BadAddress(_("The answer comes out empty. Write something besides the merge fields."))
        if len(text) > LONGEST:
            words = {"n": len(text), "most": LONGEST}
            raise BadAddress(_("The answer comes out at %(n)d characters; %(most)d are the most.") % words)
        gateways.find(comment.gateway)
        return outgoing.Draft(
            key=ctx.key, contact_id=contact_id, category=self.category, text=text, channel=Message.Channel.COMMENT,
            to_address=comment.provider_id, from_address=comment.to_address, gateway=comment.gateway,
            workflow_id=ctx.run.workflow_id, run_id=ctx.run.pk,
        )  # fmt: skip

    def hand_over(self, message: Message, now: datetime) -> Delivery:
        return texting.hand_over(message, now)

    def asked(self, message: Message) -> dict[str, Any]:
        return {"gateway": message.gateway, "comment": message.to_address, "text": message.text}

    def missing(self, name: str) -> str:
        return _("There is no comment to answer.")

    def would(self, draft: outgoing.Draft) -> str:
        return _("Answers the comment: “%(text)s”.") % {"text": draft.text[:200]}

    def done(self, message: Message) -> Done:
        said = _("Answered: “%(text)s”.") % {"text": message.text[:200]}
        return Done(said, {"message_id": message.pk, "comment_id": message.provider_id})


def _comment(ctx: RunContext) -> Message | None:
    if not ctx.event.type.startswith("social."):
        return None
    return Message.objects.filter(pk=ctx.event.subject_id or 0, channel=Message.Channel.COMMENT).first()
