"""Whatever signs as Standard Webhooks 1.0.0 says."""

from django.utils.translation import gettext_lazy as _

from providers.base import Delivery, field_of
from providers.frame import Item, Provider, SecretField, provider
from providers.reading import digest, key_of, moment, object_in
from providers.standard_webhooks.signature import verify
from triggers.outside.signatures import check_secret


@provider("standard_webhooks", _("Standard Webhooks"))
class StandardWebhooks(Provider):
    secrets = (
        SecretField("secret", _("Secret"), _("Starts with whsec_."), signs=True, check=check_secret),
    )  # fmt: skip
    guide = _("Enter the address where the other system lists its webhooks.")

    verify = staticmethod(verify)

    def items(self, delivery: Delivery) -> list[Item]:
        event = object_in(delivery)
        key = key_of(delivery.headers.get("webhook-id")) or f"sha256:{digest(event)}"
        return [Item(key, event, field_of(event, "type"), "", moment(event.get("timestamp")))]
