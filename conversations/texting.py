"""What the actions that send a text have in common: by which gateway it goes, to which number or account."""

from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pydantic import Field

from contacts import phones
from conversations import gateways, outgoing
from conversations.addresses import BadAddress
from conversations.gateways import Delivery, NoGateway
from conversations.models import ChannelIdentity, Message
from conversations.sending import Category, Sending
from triggers.action_types import Done
from triggers.outside import net
from triggers.problems import Problem
from triggers.run_context import RunContext

# A longer text is no message any more: ten text messages of the basic alphabet.
LONGEST: Final = 1530
# Channels whose addresses are phone numbers.
BY_NUMBER: Final = (Message.Channel.SMS, Message.Channel.WHATSAPP)


class Texting(Sending):
    """Base of the actions that send a text through a gateway."""

    text: str = Field(title="Message", min_length=1)
    media: list[str] = Field([], title="Addresses of pictures", max_length=10, json_schema_extra={"aside": True})
    category: Category = "marketing"

    def carrier_channel(self) -> str:
        """The channel it goes by."""
        raise NotImplementedError

    def problems(self, uid: str) -> list[Problem]:
        found = []
        for index, url in enumerate(self.media):
            if "{{" in url:
                continue
            try:
                net.check_url(url)
            except net.UnsafeUrl as error:
                found.append(Problem(("media", index), str(error)))
        try:
            gateways.line(self.carrier_channel())
        except NoGateway as error:
            found.append(Problem((), str(error)))
        return found

    def may_repeat(self) -> bool:
        return super().may_repeat() or self._repeats()

    def _repeats(self) -> bool:
        try:
            return gateways.line(self.carrier_channel()).gateway.repeatable
        except NoGateway:
            return False

    def destination(self) -> str:
        try:
            return gateways.line(self.carrier_channel()).gateway.receiver()
        except NoGateway:
            return ""

    def drafted(self, ctx: RunContext, contact_id: int, to: str, sender: str = "") -> outgoing.Draft | None:
        """The text for an address; None where there is none. Raises BadAddress and NoGateway."""
        channel = self.carrier_channel()
        address = address_of(ctx, contact_id, channel, to)
        if not address:
            return None
        line = gateways.line(channel)
        text = ctx.render(self.text).strip()
        if not text and not self.media:
            raise BadAddress(_("The message comes out empty. Write something besides the merge fields."))
        if len(text) > LONGEST:
            words = {"n": len(text), "most": LONGEST}
            raise BadAddress(_("The message comes out at %(n)d characters; %(most)d are the most.") % words)
        return outgoing.Draft(
            key=ctx.key, contact_id=contact_id, category=self.category, text=text, to_address=address,
            from_address=sender or line.sender, channel=channel, gateway=line.gateway.key,
            media=tuple(ctx.render_line(url) for url in self.media),
            workflow_id=ctx.run.workflow_id, run_id=ctx.run.pk,
        )  # fmt: skip

    def asked(self, message: Message) -> dict[str, Any]:
        return {
            "gateway": message.gateway, "channel": message.channel, "from": message.from_address,
            "to": message.to_address, "text": message.text, "media": message.media,
        }  # fmt: skip

    def hand_over(self, message: Message, now: datetime) -> Delivery:
        return hand_over(message, now)

    def would(self, draft: outgoing.Draft) -> str:
        words = {"text": _short(draft.text), "to": draft.to_address, "channel": Message.Channel(draft.channel).label}
        said = _("Sends “%(text)s” to %(to)s by %(channel)s.") % words
        if draft.channel != Message.Channel.SMS:
            return said
        n = gateways.find(draft.gateway).segments(draft.text)
        return f"{said} " + ngettext("It is %(n)d text message.", "It is %(n)d text messages.", n) % {"n": n}

    def done(self, message: Message) -> Done:
        words = {"text": _short(message.text), "to": message.to_address}
        return Done(
            _("Sent “%(text)s” to %(to)s.") % words,
            {"message_id": message.pk, "to": message.to_address, "provider_id": message.provider_id},
        )


def hand_over(message: Message, now: datetime) -> Delivery:
    """Gives a recorded text to the gateway that it was drafted for. Raises NoGateway."""
    assert message.key is not None
    return gateways.find(message.gateway).send(message, message.key, now)


def address_of(ctx: RunContext, contact_id: int, channel: str, to: str = "") -> str:
    """Where the contact is reached on the channel; empty where that is not known. Raises BadAddress."""
    if channel not in BY_NUMBER:
        return to or identity(contact_id, channel)
    number = to or ctx.facts.get("contact.phone") or ""
    try:
        return phones.parse(str(number), ctx.facts.get("contact.country") or "") if number else ""
    except ValidationError as error:
        raise BadAddress(" ".join(error.messages)) from None


def identity(contact_id: int, channel: str) -> str:
    """The contact's latest account on a channel that has accounts of its own; empty where none has written yet."""
    known = ChannelIdentity.objects.filter(contact=contact_id, channel=channel).order_by("-seen_at", "-pk")
    return known.values_list("address", flat=True).first() or ""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59] + "…"
