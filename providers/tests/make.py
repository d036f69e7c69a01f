"""Connections and deliveries, made as simply as a test can say it; and a provider that does as it is told."""

import json
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils.translation import gettext_lazy as _

from contacts import services as contacts
from providers import services
from providers.base import Delivery
from providers.frame import Handled, Item, Later, Provider, SecretField, SettingField, Unclear
from providers.meta.signature import verify
from providers.models import Connection
from providers.reading import item_of, json_in, key_of, moment
from providers.tests import signers

# One for all: a new one would load the middleware for each request.
SENDER = Client(raise_request_exception=False)


class Tryout(Provider):
    """Signs as Meta does, sends lists, and does with each part what its `do` says."""

    key, label = "tryout", _("Tryout")
    account_label = _("Account")
    secrets = (SecretField("key", "Key", signs=True), SecretField("token", "Token", required=False))
    settings = (SettingField("loud", "Loud", "yes", default=False),)
    handles = True
    verify = staticmethod(verify)

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def items(self, delivery: Delivery) -> list[Item]:
        return [item_of(part, self.item) for part in json_in(delivery)]

    def item(self, part: dict[str, Any]) -> Item:
        if part.get("do") == "unreadable":
            raise Unclear("nobody understands this")
        return Item(key_of(part.get("id")), part, "try", str(part.get("account", "")), moment(part.get("at")))

    def fetch(self, connection: Connection, data: dict[str, Any], now: Any) -> dict[str, Any]:
        self.asked.append(data["id"])
        if data.get("do") == "later":
            raise Later("not now", timedelta(hours=2) if data.get("wait") else None)
        return data

    def handle(self, connection: Connection, data: dict[str, Any], now: Any) -> Handled:
        if data.get("do") == "ignore":
            return Handled(ignored="nothing to do")
        contact = contacts.create({"first_name": data.get("name", "Ada"), "email": f"{data['id']}@example.org"})
        if data.get("do") == "unclear":
            raise Unclear("half of it makes no sense")
        if data.get("do") == "break":
            raise RuntimeError("a fault of ours")
        return Handled(contact_id=contact.pk, problems=["phone: odd"] if data.get("do") == "odd" else [])


def connection(provider: str = "tryout", **fields: Any) -> Connection:
    """A connection whose secrets are those the signers sign with."""
    if "secrets" not in fields:
        fields["secrets"] = {"key": "8Zk-current-secret"} if provider == "tryout" else secrets_of(provider)
    kind = services.frame.find(provider)
    if kind.account_required:
        fields.setdefault("account_id", signers.TOPIC)
    return services.create(provider, fields.pop("name", f"Our {provider}"), **fields)


def secrets_of(provider: str) -> dict[str, str]:
    kind, case = services.frame.find(provider), signers.by_name[provider]
    return dict.fromkeys(kind.signing(), case.secret)


def path(connection: Connection) -> str:
    return f"/hooks/{connection.provider}/{connection.public_id}/"


def send(connection: Connection, delivery: Delivery, query: str = "") -> HttpResponse:
    kind = delivery.headers.get("Content-Type", "application/json")
    headers = {name: value for name, value in delivery.headers.items() if name.lower() != "content-type"}
    return SENDER.generic(delivery.method, path(connection) + query, delivery.body, content_type=kind, headers=headers)


def signed(parts: Any, secret: str = "8Zk-current-secret") -> Delivery:
    """What a tryout sends."""
    body = parts if isinstance(parts, bytes) else json.dumps(parts).encode()
    return signers.by_name["meta"].delivery(secret, body=body)
