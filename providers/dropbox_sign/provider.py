"""Dropbox Sign: where documents sent for signature stand."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from providers.base import Delivery, field_of
from providers.dropbox_sign import requested
from providers.dropbox_sign.reading import event_in
from providers.dropbox_sign.signature import verify
from providers.frame import Handled, Item, Json, Provider, Reply, SecretField, Unclear, provider
from providers.reading import digest, key_of, moment, sound

if TYPE_CHECKING:
    from providers.models import Connection


@provider("dropbox_sign", _("Dropbox Sign"))
class DropboxSign(Provider):
    account_label = _("Account id")
    account_help = _("Deliveries about another account are not acted on.")
    secrets = (SecretField("api_key", _("API key"), _("The one the callbacks are signed with."), signs=True),)
    handles = True
    # Anything else is sent again for three days.
    reply = Reply(content="Hello API Event Received")
    guide = _("Enter the address as the account callback, or as the callback of the API app.")

    verify = staticmethod(verify)

    def items(self, delivery: Delivery) -> list[Item]:
        try:
            told: Json = sound(event_in(delivery))
        except ValueError:
            raise Unclear(_now("The form holds no field “json” with one object.")) from None
        event, request = told.get("event"), told.get("signature_request")
        key = key_of(field_of(event, "event_hash"), field_of(request, "signature_request_id") or "none",
                     field_of(event, "event_metadata", "related_signature_id") or "none")  # fmt: skip
        return [
            Item(
                key or f"sha256:{digest(told)}", told, field_of(event, "event_type"),
                field_of(event, "event_metadata", "reported_for_account_id"), moment(field_of(event, "event_time")),
            )
        ]  # fmt: skip

    def fetch(self, connection: "Connection", data: Json, now: datetime) -> Json:
        return requested.confirm(connection, data, now)

    def handle(self, connection: "Connection", data: Json, now: datetime) -> Handled:
        return requested.do(data, now)
