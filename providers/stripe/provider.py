"""Stripe: payments, invoices and subscriptions."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from providers.base import Delivery, field_of
from providers.frame import Item, Provider, SecretField, provider
from providers.reading import digest, key_of, moment, object_in
from providers.stripe.signature import verify


def _check_secret(text: str) -> None:
    if not text.startswith("whsec_"):
        raise ValueError(_now("The signing secret of an endpoint starts with whsec_. An API key (sk_…) is another."))


@provider("stripe", _("Stripe"))
class Stripe(Provider):
    account_label = _("Account")
    account_help = _("Only for Connect: acct_…, with commas. Else leave it empty.")
    secrets = (
        SecretField("signing_secret", _("Signing secret"), _("Of the endpoint, under Developers, Webhooks."),
                    signs=True, check=_check_secret),
    )  # fmt: skip
    guide = _("Add an endpoint with the address, and choose its events.")

    verify = staticmethod(verify)

    def items(self, delivery: Delivery) -> list[Item]:
        event = object_in(delivery)
        key = key_of(field_of(event, "id")) or f"sha256:{digest(event)}"
        account, at = field_of(event, "account"), moment(event.get("created"))
        return [Item(key, event, field_of(event, "type"), account, at)]
