"""Inbound webhooks and the requests that come in through them, made as simply as a test can say it."""

import json
import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

from capture import services
from capture.forms.checking import check_together, fill_keys
from capture.intake import Sent
from capture.models import Form, FormField, InboundWebhook
from triggers.models import Event

# One for all: a new one would load the middleware for each request.
SENDER = Client(raise_request_exception=False)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0"
VISITOR = Client(raise_request_exception=False)
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


def form(name: str = "Visit us", *questions: Any, **fields: Any) -> Form:
    """A form with these questions, each a label or a dict of its columns; without any it asks for name and e-mail."""
    made = Form.objects.create(name=name, **{"min_seconds": 0, "per_minute": 1000, **fields})
    asked = questions or (
        {"label": "First name", "maps_to": "first_name", "required": True},
        {"label": "E-mail", "key": "email", "kind": "email", "maps_to": "email", "required": True},
    )
    rows = [FormField(form=made, position=n, **(each if isinstance(each, dict) else {"label": each}))
            for n, each in enumerate(asked)]  # fmt: skip
    fill_keys(rows)
    for row in rows:
        row.full_clean()
        row.save()
    assert check_together(made, rows) == []
    return made


def survey(name: str, *questions: Any, **fields: Any) -> Form:
    return form(name, *questions, kind="survey", **fields)


def shown(page: HttpResponse) -> str:
    """The signed state in the page that was answered."""
    found = re.search(r'name="_state" value="([^"]+)"', page.content.decode())
    assert found is not None, page.content.decode()
    return found[1]


def opened(form: Form, query: str = "", **headers: str) -> str:
    """Opens the form's page; its state."""
    return shown(VISITOR.get(f"/f/{form.key}/{query}", headers={"User-Agent": BROWSER, **headers}))


def send(form: Form, answers: Any, state: str | None = None, **headers: str) -> HttpResponse:
    """Sends a page of the form as a browser does."""
    data = {"_state": opened(form) if state is None else state, **answers}
    return VISITOR.post(f"/f/{form.key}/", data, headers={"User-Agent": BROWSER, **headers})
