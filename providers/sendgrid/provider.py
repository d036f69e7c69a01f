"""SendGrid: a list of what became of mails, or a mail that came in."""

from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from providers import mails
from providers.base import Delivery, field_of
from providers.frame import Handled, Item, Json, Provider, SecretField, Unclear, provider
from providers.multipart import is_multipart
from providers.reading import digest, item_of, json_in, key_of, moment
from providers.sendgrid import letters
from providers.sendgrid.signature import public_key, verify

_KINDS: Final = {
    "delivered": "delivered", "bounce": "bounced", "dropped": "rejected", "open": "opened", "click": "clicked",
    "spamreport": "complained", "unsubscribe": "unsubscribed", "group_unsubscribe": "unsubscribed",
}  # fmt: skip


def _check_key(text: str) -> None:
    try:
        public_key(text)
    except ValueError:
        raise ValueError(_now("This is not SendGrid's verification key. Copy it whole, as it is shown.")) from None


@provider("sendgrid", _("SendGrid"))
class SendGrid(Provider):
    secrets = (
        SecretField("verification_key", _("Verification key"),
                    _("Mail settings, Event webhook, Signature verification."), signs=True, check=_check_key),
        SecretField("parse_key", _("Public key of Inbound Parse"),
                    _("Of the security policy of Inbound Parse; only where mail is to come in."),
                    signs=True, required=False, check=_check_key),
    )  # fmt: skip
    guide = _(
        "Enter the address under Mail settings, Event webhook, and switch signature verification on. For mail that"
        " comes in, enter it under Inbound Parse too, attach a security policy that signs, and have the raw mail posted."
    )

    verify = staticmethod(verify)
    handles = True
    max_body = mails.MAX_BODY
    remains = staticmethod(mails.without_files)

    def handle(self, connection: Any, data: Json, now: datetime) -> Handled:
        if letters.is_letter(data):
            return letters.receive(data, f"sendgrid:{connection.pk}", now)
        kind = _KINDS.get(field_of(data, "event"))
        if kind is None:
            return Handled(ignored=str(mails.ON_ITS_WAY))
        happening = mails.happened(
            kind, moment(data.get("timestamp")) or now, recipient=field_of(data, "email"),
            event_id=field_of(data, "sg_event_id"), url=field_of(data, "url"), user_agent=field_of(data, "useragent"),
            machine=data.get("sg_machine_open") is True, code=field_of(data, "status"),
            text=field_of(data, "reason") or field_of(data, "response"),
            # A block is the server's mood; anything else called a bounce comes again.
            lasting=kind == "bounced" and field_of(data, "type") != "blocked",
        )  # fmt: skip
        return mails.record([happening], field_of(data, "smtp-id"), now)

    def items(self, delivery: Delivery) -> list[Item]:
        if is_multipart(delivery):
            return [letters.item(delivery)]
        found = json_in(delivery)
        if not isinstance(found, list):
            raise Unclear(_now("SendGrid sends a list of events; this is none."))
        return [item_of(part, _item) for part in found]


def _item(event: Json) -> Item:
    return Item(
        key=key_of(field_of(event, "sg_event_id")) or f"sha256:{digest(event)}", data=event,
        kind=field_of(event, "event"), occurred_at=moment(event.get("timestamp")),
    )  # fmt: skip
