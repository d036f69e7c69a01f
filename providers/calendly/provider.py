"""Calendly: bookings made, moved and cancelled."""

import secrets as random
from functools import partial

from django.utils.translation import gettext_lazy as _

from providers.base import Delivery, field_of
from providers.calendly.signature import verify
from providers.frame import Item, Provider, SecretField, provider
from providers.reading import digest, key_of, moment, object_in


@provider("calendly", _("Calendly"))
class Calendly(Provider):
    secrets = (
        SecretField("signing_key", _("Signing key"),
                    _("Send it as signing_key when you make the subscription."), signs=True,
                    make=partial(random.token_urlsafe, 32)),
    )  # fmt: skip
    guide = _("Make a webhook subscription with the address and the signing key by Calendly's API.")

    verify = staticmethod(verify)

    def items(self, delivery: Delivery) -> list[Item]:
        event = object_in(delivery)
        kind = field_of(event, "event")
        key = key_of(field_of(event, "payload", "uri"), kind)
        return [Item(key or f"sha256:{digest(event)}", event, kind, "", moment(event.get("created_at")))]
