"""Stripe: payments, invoices and subscriptions."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from providers.base import Delivery, field_of
from providers.frame import Handled, Item, Json, Provider, SecretField, provider
from providers.reading import digest, key_of, moment, object_in
from providers.stripe import charging, happenings
from providers.stripe.signature import verify

if TYPE_CHECKING:
    from providers.models import Connection


def _check_secret(text: str) -> None:
    if not text.startswith("whsec_"):
        raise ValueError(_now("The signing secret of an endpoint starts with whsec_. An API key (sk_…) is another."))


def _check_key(text: str) -> None:
    if not text.startswith(("sk_", "rk_")):
        raise ValueError(_now("A secret key starts with sk_, a restricted one with rk_. The one with pk_ is public."))


@provider("stripe", _("Stripe"))
class Stripe(Provider):
    account_label = _("Account")
    account_help = _("Only for Connect: acct_…, with commas. Else leave it empty.")
    secrets = (
        SecretField("signing_secret", _("Signing secret"), _("Of the endpoint, under Developers, Webhooks."),
                    signs=True, check=_check_secret),
        SecretField("api_key", _("Secret key"), _("Only to charge customers from workflows: sk_… or rk_…, which may write"
                    " payment intents and read customers."), required=False, check=_check_key),
    )  # fmt: skip
    handles = True
    guide = _(
        "Add an endpoint with the address, and choose its events: payment_intent, charge.refunded, refund, invoice,"
        " customer, customer.subscription, checkout.session, product and price."
    )

    verify = staticmethod(verify)

    def register(self) -> None:
        charging.register()

    def items(self, delivery: Delivery) -> list[Item]:
        event = object_in(delivery)
        key = key_of(field_of(event, "id")) or f"sha256:{digest(event)}"
        account, at = field_of(event, "account"), moment(event.get("created"))
        return [Item(key, event, field_of(event, "type"), account, at)]

    def handle(self, connection: "Connection", data: Json, now: datetime) -> Handled:
        return happenings.do(data, now)
