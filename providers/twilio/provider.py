"""Twilio: text messages and calls, as form posts."""

import re
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from providers import asking
from providers.base import Delivery, field_of, is_form
from providers.frame import Handled, Item, Json, Provider, Reply, SecretField, Unclear, provider
from providers.reading import digest, form_in, key_of, moment
from providers.receiving import is_for
from providers.twilio import gateway, lookup, messages, voice
from providers.twilio.signature import verify
from triggers.api.parsers import Unreadable
from triggers.outside.credentials import basic

if TYPE_CHECKING:
    from providers.models import Connection


@provider("twilio", _("Twilio"))
class Twilio(Provider):
    account_label = _("Account SID")
    account_help = _("Starts with AC. Deliveries about another account are not acted on.")
    secrets = (
        SecretField("auth_token", _("Auth token"), _("Of the account that owns the number. An API key does not sign."),
                    signs=True),
    )  # fmt: skip
    reply = Reply(content="<Response/>", content_type="text/xml")
    guide = _(
        "Enter the address as the webhook of the number, and as the status callback. Add #rc=2&rp=ct,rt,5xx to it, so"
        " that Twilio tries again when it is not answered."
    )

    verify = staticmethod(verify)
    handles = can_test = True

    def register(self) -> None:
        gateway.register()
        lookup.register()

    def items(self, delivery: Delivery) -> list[Item]:
        if not is_form(delivery):
            raise Unclear(str(_("Twilio sends forms; this is none.")))
        data: Json = form_in(delivery)
        token = delivery.headers.get("I-Twilio-Idempotency-Token", "")
        return [
            Item(
                key=_key(data) or key_of(token) or f"sha256:{digest(data)}", data=data, kind=_kind(data),
                account=data.get("AccountSid", ""), occurred_at=moment(data.get("Timestamp")),
            )
        ]  # fmt: skip

    def answer(self, connection: "Connection", delivery: Delivery, now: datetime) -> Reply | None:
        """The caller is on the line: what the call does next, as TwiML; None for anything but a call that asks."""
        if not is_form(delivery):
            return None
        try:
            data = form_in(delivery)
        except (Unreadable, Unclear):
            return None
        if not is_for(connection, data.get("AccountSid", "")):
            return None
        told = voice.answer(delivery.url, data, now)
        return Reply(content=told, content_type="text/xml") if told is not None else None

    def handle(self, connection: "Connection", data: Json, now: datetime) -> Handled:
        if data.get("CallSid"):
            return voice.report(messages.gateway_key(connection), data, now)
        if data.get("MessageSid") or data.get("SmsSid"):
            return (messages.report if messages.is_report(data) else messages.receive)(connection, data, now)
        return super().handle(connection, data, now)

    def test(self, connection: "Connection", now: datetime) -> str:
        account = connection.account_id
        if not re.fullmatch("AC[0-9a-fA-F]{32}", account):
            raise Unclear(_now("Enter the account SID: AC and 32 hexadecimal digits."))
        url = f"{settings.TWILIO_API_URL}/2010-04-01/Accounts/{account}.json"
        found = asking.get(url, {"Authorization": basic(account, connection.secret("auth_token"))}, now)
        return _now("Twilio knows the account: it is called “%(name)s”.") % {"name": field_of(found, "friendly_name")}


def _key(data: Json) -> str:
    """What of a message or call this tells of, once: Twilio's retries may carry the same, in any order."""
    message = data.get("MessageSid") or data.get("SmsSid")
    if message:
        return key_of(message, data.get("MessageStatus") or data.get("SmsStatus") or "received")
    step = data.get("SequenceNumber") or data.get("CallStatus")
    # Each answer of a caller is of its own.
    return key_of(data.get("CallSid"), step) if "Digits" not in data and "SpeechResult" not in data else ""


def _kind(data: Json) -> str:
    if data.get("MessageSid") or data.get("SmsSid"):
        status = data.get("MessageStatus") or data.get("SmsStatus") or "received"
        return f"message.{status}"
    return f"call.{data.get('CallStatus', '')}".rstrip(".")
