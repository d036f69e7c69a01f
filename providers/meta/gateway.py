"""Answering comments by the Graph API: one POST. It knows no key, so what may stand there is not written again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations import gateways
from conversations.gateways import Delivery, Gateway
from conversations.models import Message
from providers.asking import PATIENCE
from providers.base import hmac_hex
from providers.meta.comments import gateway_key
from providers.meta.leads import LIMITS, REFUSED_TOKEN
from triggers.action_types import Done, Hold, Outcome, Retry
from triggers.outside import answers, exchange
from triggers.outside.exchange import Time

if TYPE_CHECKING:
    from providers.models import Connection

SECONDS: Final = 20.0
REPLY_KEPT: Final = 1000


@dataclass(frozen=True)
class MetaGateway:
    """The pages of one app."""

    connection: "Connection"

    @property
    def key(self) -> str:
        return gateway_key(self.connection)

    @property
    def channels(self) -> Collection[str]:
        return (Message.Channel.COMMENT,)

    @property
    def repeatable(self) -> bool:
        return False

    def receiver(self) -> str:
        return f"{exchange.receiver(settings.META_GRAPH_URL)} {self.connection.pk}"

    def segments(self, text: str) -> int:
        return 1

    def send(self, message: Message, key: UUID, now: datetime) -> Delivery:
        return gateways.handed_over(lambda: self._post(message, now))

    def _post(self, message: Message, now: datetime) -> Delivery:
        token, app_secret = self.connection.secret("page_token"), self.connection.secret("app_secret")
        if not token:
            why = _("Enter the page access token of “%(name)s”: without it nothing can be answered.")
            return Delivery(Hold(why % {"name": self.connection.name}))
        url = f"{settings.META_GRAPH_URL}/{quote(message.to_address, safe='')}/{self._under(message)}"
        headers = {
            "Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded",
            "Authorization": f"Bearer {token}",
        }  # fmt: skip
        fields = {"message": message.text, "appsecret_proof": hmac_hex(app_secret, token.encode())}
        body = urlencode(fields, errors="replace").encode()
        answer = exchange.send("POST", url, headers, body, Time(SECONDS), repeatable=False)
        result = answers.read(answer, (token, fields["appsecret_proof"]))
        said = answers.shown(result)[:REPLY_KEPT]
        told: dict[str, Any] = result["body"] if isinstance(result["body"], dict) else {}
        if 200 <= answer.status < 300:
            return Delivery(Done(_("Answered.")), answer.status, said, provider_id=str(told.get("id", ""))[:200])
        code = _code(told)
        failed = _by_code(code, said) or exchange.failure(url, answer, said, now, repeatable=False)
        return Delivery(failed, answer.status, said, error_code=code or str(answer.status))

    def _under(self, message: Message) -> str:
        """Instagram calls an answer something else than Facebook does."""
        asked = Message.objects.filter(
            gateway=self.key, provider_id=message.to_address, direction=Message.Direction.IN
        ).first()
        return "replies" if asked is not None and asked.from_address.startswith("instagram:") else "comments"


def _by_code(code: str, said: str) -> Outcome | None:
    """How Graph's own numbers end it, all of which come with status 400; None where the status says enough."""
    number = int(code) if code.isdecimal() and len(code) < 10 else 0
    if number in REFUSED_TOKEN:
        words = {"said": exchange.first_words(said)}
        return Hold(
            _("Meta refused the page access token. Enter another, then let it be called again. %(said)s") % words
        )
    if number in LIMITS:
        return Retry(_("Meta takes no more for now. %(said)s") % {"said": exchange.first_words(said)}, PATIENCE)
    return None


def _code(told: dict[str, Any]) -> str:
    error = told.get("error")
    return str(error.get("code", ""))[:40] if isinstance(error, dict) else ""


def register() -> None:
    # No account to choose: comments are answered where they stand.
    gateways.sources["meta"] = gateways.Source(gettext_lazy("Meta"), _find, list)


def _find(account: str) -> Gateway | None:
    # Imported here: what is offered at a port is told before the models are there.
    from providers import services

    found = services.by_account("meta", account)
    return MetaGateway(found) if found else None
