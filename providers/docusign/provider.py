"""DocuSign Connect: where documents sent for signature stand."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from providers.base import Delivery, field_of
from providers.docusign import envelopes
from providers.docusign.signature import verify
from providers.frame import Handled, Item, Json, Provider, SecretField, provider
from providers.reading import digest, key_of, moment, object_in

if TYPE_CHECKING:
    from providers.models import Connection


@provider("docusign", _("DocuSign"))
class DocuSign(Provider):
    account_label = _("API account id")
    account_help = _("Deliveries about another account are not acted on.")
    secrets = (
        SecretField("connect_key", _("Connect key"), _("Shown once under Connect, Keys. Used as it is."), signs=True),
    )
    handles = True
    guide = _(
        "Add a Connect configuration with the address: JSON, aggregate, HMAC and “require acknowledgement” switched on."
    )

    verify = staticmethod(verify)

    def items(self, delivery: Delivery) -> list[Item]:
        # How often it was tried changes from try to try, and is nothing that happened.
        event = {name: value for name, value in object_in(delivery).items() if name != "retryCount"}
        kind, envelope = field_of(event, "event"), field_of(event, "data", "envelopeId")
        key = key_of(envelope, kind, field_of(event, "generatedDateTime"))
        return [
            Item(
                key or f"sha256:{digest(event)}", event, kind, field_of(event, "data", "accountId"),
                moment(event.get("generatedDateTime")),
            )
        ]  # fmt: skip

    def handle(self, connection: "Connection", data: Json, now: datetime) -> Handled:
        return envelopes.do(data, now)
