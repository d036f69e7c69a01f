"""What Twilio posts, signed with its own library."""

import json
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from twilio.request_validator import RequestValidator

from providers import working
from providers.models import Connection

TOKEN, ACCOUNT = "12345678901234567890123456789012", "AC00000000000000000000000000000001"


def connected() -> Connection:
    """An account of ours."""
    secrets = json.dumps({"auth_token": TOKEN})
    return Connection.objects.create(provider="twilio", name="Phone", account_id=ACCOUNT, secrets=secrets)


def post(connection: Connection, fields: dict[str, str], query: str = "", token: str = TOKEN) -> Any:
    """The answer to a signed post."""
    path = f"/hooks/twilio/{connection.public_id}/" + (f"?{query}" if query else "")
    signature = RequestValidator(token).compute_signature(f"https://crm.example.org{path}", fields)
    return Client().post(
        path, urlencode(fields), content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature},
    )  # fmt: skip


def worked() -> None:
    """The workers have done what came in."""
    while working.go_on():
        pass
