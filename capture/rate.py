"""How many requests a webhook takes a minute, counted by all that it stored."""

from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial

from capture.models import InboundRequest, InboundWebhook
from triggers.api import arrival_rates


def turn(webhook: InboundWebhook, now: datetime) -> AbstractContextManager[float]:
    """Within the block one more request is taken, where what it is given is 0.0; else that is how long to wait."""
    stored = partial(InboundRequest.objects.filter, webhook=webhook)
    return arrival_rates.turn(f"webhook:{webhook.pk}", webhook, webhook.per_minute, stored, now)
