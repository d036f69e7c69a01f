"""An outside system called one of our inbound webhooks."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import Field

from triggers.event_types import Happened, Options, event


class Which(Options):
    """Which inbound webhooks start it; none named means any."""

    webhooks: list[int] = Field(default=[], title=gettext_noop("Which inbound webhook"))


@event("webhook.received", label=_("Inbound webhook received"), section="Event Triggers")
class WebhookReceived(Happened):
    """An outside system called an inbound webhook. Once per delivery, however often it is sent.

    `body` and `query` hold what was sent, for conditions and messages: `event.body.order.total`. `contact_id`
    is the contact that the mapping found or made; None without a mapping, and where nothing sent names one.
    `problems` says what was sent and could not be stored.
    """

    Options = Which

    webhook_id: int
    webhook: str
    contact_id: int | None
    method: str
    content_type: str
    delivery_id: str
    received_at: datetime
    body: dict[str, Any]
    query: dict[str, Any]
    headers: dict[str, str]
    problems: list[str]

    @classmethod
    def narrow(cls, options: Which) -> dict[str, Any] | None:
        wanted = options.webhooks
        return {"field": "event.webhook_id", "op": "is_any_of", "value": wanted} if wanted else None

    def subject(self) -> tuple[str, int | None]:
        return "capture.inboundwebhook", self.webhook_id
