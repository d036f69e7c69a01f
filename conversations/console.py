"""The console: keeps each text as it would be sent, so that a workflow can be tried without an account."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations import gateways, segments
from conversations.gateways import Delivery, Gateway
from conversations.models import ConsoleMessage, Message
from triggers.action_types import Done


class ConsoleGateway:
    """Stores instead of sending. A text handed over twice is one row, and its `times` says two."""

    key = gateways.CONSOLE
    channels: Collection[str] = gateways.CARRIED
    repeatable = True

    def receiver(self) -> str:
        return ""

    def send(self, message: Message, key: UUID, now: datetime) -> Delivery:
        row, made = ConsoleMessage.objects.get_or_create(
            key=key,
            defaults={
                "conversation": message if message.pk else None, "channel": message.channel, "from_address": message.from_address,
                "to_address": message.to_address, "text": message.text, "media": message.media, "sent_at": now,
            },
        )  # fmt: skip
        if not made:
            ConsoleMessage.objects.filter(pk=row.pk).update(times=F("times") + 1)
        return Delivery(Done(), provider_id=f"{row.pk}")

    def segments(self, text: str) -> int:
        return segments.segments(text)


def register() -> None:
    gateways.sources[gateways.CONSOLE] = gateways.Source(gettext_lazy("On trial"), _find, _accounts)


def _find(account: str) -> Gateway | None:
    return None if account else ConsoleGateway()


def _accounts() -> Iterable[tuple[str, str]]:
    return [("", _("kept here and not sent"))]
