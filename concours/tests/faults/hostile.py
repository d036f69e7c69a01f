"""Doors of a fleet that take JSON, each with what lets somebody in: made in the fleet's own processes."""

from typing import Any

from django.contrib.auth import get_user_model

from capture import services as capture
from capture.models import Site
from capture.tests.make import BROWSER
from providers.models import Connection
from providers.tests import make as providers
from triggers.api.keys import create_key

ORIGIN = "https://shop.example.com"


def prepare() -> list[dict[str, Any]]:
    """Path and headers of each door; `signed`: the secret that proves a body there, if any does."""
    boss = get_user_model()._default_manager.create(username="boss", is_staff=True, is_superuser=True)
    _key, plain = create_key("Hostile", boss, ["events:write", "contacts:write"])
    _webhook, token = capture.create("Door", mapping={"email": "contact.email"}, per_minute=100_000)
    connection = providers.connection("meta")
    Connection.objects.filter(pk=connection.pk).update(per_minute=100_000)
    Site.objects.create(key="shop", name="Shop", allowed_origins=[ORIGIN])
    bearer = {"Authorization": f"Bearer {plain}"}
    return [
        {"path": "/api/v1/events/", "headers": bearer}, {"path": "/api/v1/contacts/", "headers": bearer},
        {"path": "/api/v1/contacts/bulk/", "headers": bearer}, {"path": f"/in/{token}/", "headers": {}},
        {"path": providers.path(connection), "headers": {"X-Hub-Signature-256": f"sha256={'0' * 64}"}},
        {"path": providers.path(connection), "headers": {}, "signed": providers.secrets_of("meta")["app_secret"]},
        {"path": "/b/", "headers": {"Origin": ORIGIN, "Content-Type": "text/plain", "User-Agent": BROWSER}},
    ]  # fmt: skip
