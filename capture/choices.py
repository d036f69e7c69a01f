"""What settings of workflows may choose from: the inbound webhooks, each by its number."""

from capture.models import InboundWebhook
from triggers import choices


def register() -> None:
    rows = InboundWebhook.objects.order_by("name")
    choices.register("webhook", lambda: choices.of_records(rows.all(), "pk", "name"), "webhooks",
                     model="capture.inboundwebhook")  # fmt: skip
