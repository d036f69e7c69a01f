"""How many requests a webhook takes a minute, counted by all that it stored."""

from datetime import datetime
from functools import partial

from capture.models import InboundRequest, InboundWebhook
from triggers.api import arrival_rates


def seconds_to_wait(webhook: InboundWebhook, now: datetime) -> float:
    """0.0 where one more request is taken, which is then counted; else how long to wait."""
    stored = partial(InboundRequest.objects.filter, webhook=webhook)
    return arrival_rates.seconds_to_wait(f"webhook:{webhook.pk}", webhook.per_minute, stored, now)
