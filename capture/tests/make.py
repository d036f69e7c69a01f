"""Inbound webhooks and the requests that come in through them, made as simply as a test can say it."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from capture import services
from capture.intake import Sent
from capture.models import InboundWebhook
from triggers.models import Event

# One for all: a new one would load the middleware for each request.
SENDER = Client(raise_request_exception=False)
CONTACT = {"email": "contact.email", "first_name": "contact.first_name", "phone": "contact.phone"}


def webhook(name: str = "Quotes", **fields: Any) -> tuple[InboundWebhook, str]:
    """A webhook and its plain token."""
    return services.create(name, **fields)


def mapped(**fields: Any) -> tuple[InboundWebhook, str]:
    """A webhook that looks for a contact under `contact` of the body."""
    return webhook(**{"mapping": CONTACT, **fields})


def post(
    token: str, body: Any, content_type: str = "application/json", query: str = "", **headers: str
) -> HttpResponse:
    """Sends to the address: bytes and text as they are, anything else as JSON. `webhook_id` is webhook-id."""
    raw = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return SENDER.generic("POST", f"/in/{token}/{query}", raw, content_type=content_type, headers=named)


def sent(body: Any = None, query: Any = None, raw_query: str = "", notes: Any = (), **headers: str) -> Sent:
    """A delivery whose signature is checked and whose body is read."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Sent(
        method="POST",
        headers=named,
        content_type="application/json",
        raw_query=raw_query,
        raw_body=json.dumps(body or {}).encode(),
        query=query or {},
        body=body or {},
        notes=list(notes),
    )


def events() -> list[Event]:
    """What came in, oldest first."""
    return list(Event.objects.filter(type="webhook.received").order_by("pk"))
