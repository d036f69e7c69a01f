"""Cal.com: bookings made, moved and cancelled."""

import secrets as random
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from providers.base import Delivery, field_of
from providers.cal_com import bookings
from providers.cal_com.signature import verify
from providers.frame import Handled, Item, Json, Provider, SecretField, provider
from providers.reading import digest, key_of, moment, object_in


def _check_secret(text: str) -> None:
    if text == "no-secret-provided":
        raise ValueError(_now("These are the words Cal.com writes where there is no secret. Think one up."))


@provider("cal_com", _("Cal.com"))
class CalCom(Provider):
    secrets = (
        SecretField("secret", _("Secret"), _("Enter the same at Cal.com's."), signs=True, check=_check_secret,
                    make=partial(random.token_urlsafe, 32)),
    )  # fmt: skip
    guide = _("Add a webhook with the address and the secret, and leave its payload template as it is.")

    handles = True
    verify = staticmethod(verify)

    def items(self, delivery: Delivery) -> list[Item]:
        event = object_in(delivery)
        kind = field_of(event, "triggerEvent")
        key = key_of(
            field_of(event, "payload", "uid") or field_of(event, "payload", "bookingUid"),
            kind,
            field_of(event, "createdAt"),
        )
        return [Item(key or f"sha256:{digest(event)}", event, kind, "", moment(event.get("createdAt")))]

    def handle(self, connection: Any, data: Json, now: datetime) -> Handled:
        if field_of(data, "triggerEvent") not in bookings.KINDS or not isinstance(data.get("payload"), dict):
            return super().handle(connection, data, now)
        return bookings.take(connection, data, now)
