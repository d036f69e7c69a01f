"""Calendly: bookings made, moved and cancelled."""

import secrets as random
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from providers.base import Delivery, field_of
from providers.calendly import bookings
from providers.calendly.signature import verify
from providers.frame import Handled, Item, Json, Provider, SecretField, provider
from providers.reading import digest, key_of, moment, object_in


@provider("calendly", _("Calendly"))
class Calendly(Provider):
    secrets = (
        SecretField("signing_key", _("Signing key"),
                    _("Send it as signing_key when you make the subscription."), signs=True,
                    make=partial(random.token_urlsafe, 32)),
    )  # fmt: skip
    guide = _("Make a webhook subscription with the address and the signing key by Calendly's API.")

    handles = True
    verify = staticmethod(verify)

    def items(self, delivery: Delivery) -> list[Item]:
        event = object_in(delivery)
        kind = field_of(event, "event")
        key = key_of(field_of(event, "payload", "uri"), kind)
        return [Item(key or f"sha256:{digest(event)}", event, kind, "", moment(event.get("created_at")))]

    def handle(self, connection: Any, data: Json, now: datetime) -> Handled:
        if field_of(data, "event") not in bookings.KINDS or not isinstance(data.get("payload"), dict):
            return super().handle(connection, data, now)
        return bookings.take(connection, data, now)
