"""Shopify: what happens in a store. The topic stands in a header, and is kept with the body."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from providers.base import Delivery, field_of
from providers.frame import Handled, Item, Json, Provider, SecretField, Unclear, provider
from providers.reading import digest, key_of, moment, object_in
from providers.shopify import topics
from providers.shopify.signature import verify

if TYPE_CHECKING:
    from providers.models import Connection


def _header(delivery: Delivery, name: str) -> str:
    """Shopify's newer events name their headers without `X-`."""
    found = delivery.headers.get(f"X-{name}") or delivery.headers.get(name) or ""
    return "".join(letter for letter in found[:200] if letter.isprintable())


@provider("shopify", _("Shopify"))
class Shopify(Provider):
    account_label = _("Store")
    account_help = _("Such as example.myshopify.com. Deliveries about another store are not acted on.")
    secrets = (
        SecretField("client_secret", _("Client secret"), _("Of the app that subscribes, not its API token."),
                    signs=True),
    )  # fmt: skip
    handles = True
    guide = _(
        "Enter the address for each topic, in JSON: checkouts, orders, refunds/create, customers/create and update."
        " A new secret takes up to an hour to be used by Shopify."
    )

    verify = staticmethod(verify)

    def items(self, delivery: Delivery) -> list[Item]:
        body, topic = object_in(delivery), _header(delivery, "Shopify-Topic")
        data = {"topic": topic, "event_id": _header(delivery, "Shopify-Event-Id"), "body": body}
        return [
            Item(
                key=key_of(_header(delivery, "Shopify-Webhook-Id")) or f"sha256:{digest(data)}",
                data=data,
                kind=topic,
                account=_header(delivery, "Shopify-Shop-Domain"),
                occurred_at=moment(_header(delivery, "Shopify-Triggered-At")),
            )
        ]

    def handle(self, connection: "Connection", data: Json, now: datetime) -> Handled:
        body = data.get("body")
        if not isinstance(body, dict):
            raise Unclear(_now("The body is no JSON object."))
        return topics.do(field_of(data, "topic"), body, moment(body.get("updated_at")), now)
