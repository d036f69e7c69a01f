"""Sending by Twilio: one POST for a message. It knows no key, so what may have left is not sent again by itself."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations import gateways, segments
from conversations.gateways import Delivery, Gateway
from conversations.inbound import fetching
from conversations.models import Message
from providers.twilio.messages import REASONS, gateway_key
from triggers.action_types import Done, Fail
from triggers.outside import answers, credentials, exchange
from triggers.outside.exchange import Time

if TYPE_CHECKING:
    from providers.models import Connection

SECONDS: Final = 20.0
REPLY_KEPT: Final = 1000
# Before the addresses of channels that are no telephone's.
_PREFIXES: Final = {Message.Channel.WHATSAPP: "whatsapp:", Message.Channel.MESSENGER: "messenger:"}
# Asks Twilio to report again where we could not be reached.
RETRIES: Final = "#rc=2&rp=ct,rt,5xx"


@dataclass(frozen=True)
class TwilioGateway:
    """One account. A sender that begins with MG is a messaging service."""

    connection: "Connection"

    @property
    def key(self) -> str:
        return gateway_key(self.connection)

    @property
    def channels(self) -> Collection[str]:
        return (Message.Channel.SMS, *_PREFIXES)

    @property
    def repeatable(self) -> bool:
        return False

    def receiver(self) -> str:
        return f"{exchange.receiver(settings.TWILIO_API_URL)} {self.connection.account_id}"

    def segments(self, text: str) -> int:
        return segments.segments(text)

    def send(self, message: Message, key: UUID, now: datetime) -> Delivery:
        return gateways.handed_over(lambda: self._post(message, now))

    def _post(self, message: Message, now: datetime) -> Delivery:
        token, account = self.connection.secret("auth_token"), self.connection.account_id
        url = f"{settings.TWILIO_API_URL}/2010-04-01/Accounts/{account}/Messages.json"
        headers = {
            "Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded",
            "Authorization": credentials.basic(account, token),
        }  # fmt: skip
        body = urlencode(self._fields(message), errors="replace").encode()
        answer = exchange.send("POST", url, headers, body, Time(SECONDS), repeatable=False)
        result = answers.read(answer, (token,))
        said = answers.shown(result)[:REPLY_KEPT]
        told = result["body"] if isinstance(result["body"], dict) else {}
        if 200 <= answer.status < 300:
            done = Done(_("Twilio took it."))
            return Delivery(done, answer.status, said, provider_id=str(told.get("sid", ""))[:200])
        return _refused(url, answer, told, said, now)

    def _fields(self, message: Message) -> list[tuple[str, str]]:
        prefix = _PREFIXES.get(Message.Channel(message.channel), "")
        sender = message.from_address
        own = ("MessagingServiceSid", sender) if sender.startswith("MG") else ("From", f"{prefix}{sender}")
        hook = reverse("providers:receive", args=["twilio", self.connection.public_id])
        fields = [
            ("To", f"{prefix}{message.to_address}"), own, ("Body", message.text),
            ("StatusCallback", f"{settings.PUBLIC_URL}{hook}{RETRIES}"),
        ]  # fmt: skip
        return fields + [("MediaUrl", url) for url in message.media]


def _refused(url: str, answer: Any, told: dict[str, Any], said: str, now: datetime) -> Delivery:
    """Why Twilio did not take it, by its own number for that where it gives one."""
    code = str(told.get("code", "") or answer.status)
    failed = exchange.failure(url, answer, said, now, repeatable=False)
    if isinstance(failed, Fail):
        words = {"code": code, "why": REASONS.get(code) or str(told.get("message", ""))[:200]}
        failed = Fail((_("Twilio refused it (%(code)s). %(why)s") % words).strip())
    return Delivery(failed, answer.status, said, error_code=code[:40])


def register() -> None:
    gateways.sources["twilio"] = gateways.Source(gettext_lazy("Twilio"), _find, _accounts)
    fetching.openers["twilio"] = _opens


def _opens(gateway: str, url: str) -> dict[str, str]:
    """What opens a picture that somebody sent: the account's own token, at Twilio's own address alone."""
    found = _find(gateway.partition(":")[2])
    if not isinstance(found, TwilioGateway) or not url.startswith(f"{settings.TWILIO_API_URL}/"):
        return {}
    connection = found.connection
    return {"Authorization": credentials.basic(connection.account_id, connection.secret("auth_token"))}


def _find(account: str) -> Gateway | None:
    # Imported here: what is offered at a port is told before the models are there.
    from providers import services

    found = services.by_account("twilio", account)
    return TwilioGateway(found) if found else None


def _accounts() -> Iterable[tuple[str, str]]:
    from providers.models import Connection

    return [(str(row.pk), row.name) for row in Connection.objects.filter(provider="twilio", active=True)]
