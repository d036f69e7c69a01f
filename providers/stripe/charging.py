"""Charging by Stripe: a payment intent with what the customer has on file, confirmed without the customer.

https://docs.stripe.com/api/payment_intents/create and https://docs.stripe.com/api/idempotent_requests
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from commerce import charging
from commerce.charging import DECLINED, PENDING, RECEIVED, Charge
from commerce.outside import payments
from commerce.outside.payments import PaymentTold
from contacts import money
from providers.amounts import to_minor
from providers.base import field_of
from providers.frame import Json, Unclear
from providers.stripe import objects
from triggers.action_types import Done, Fail, Hold, Outcome
from triggers.outside import answers, exchange
from triggers.outside.exchange import Time
from triggers.secrets import SecretUnreadable

KEY: Final = "stripe"
SECONDS: Final = 30.0
SAID_KEPT: Final = 300


class StripeCharger:
    """Charges with the first active connection that has an API key."""

    # Stripe keeps keys for at least 24 hours, and takes what comes later for a new charge.
    remembers = timedelta(hours=23)

    def receiver(self) -> str:
        return exchange.receiver(settings.STRIPE_API_URL)

    def charge(self, asked: Charge, now: datetime) -> Outcome:
        try:
            key = _api_key()
        except SecretUnreadable as error:
            return Hold(str(error))
        if not key:
            return Hold(_("No connection to Stripe has an API key. Enter one, then let it go on."))
        try:
            return exchange.outcome_of(lambda: _charge(asked, key, now))
        except Unclear as error:
            return Fail(str(error))


def register() -> None:
    charging.chargers[KEY] = StripeCharger()


def _api_key() -> str:
    from providers.models import Connection

    rows = Connection.objects.filter(provider=KEY, active=True).order_by("pk")
    return next((key for row in rows if (key := row.secret("api_key"))), "")


def _charge(asked: Charge, key: str, now: datetime) -> Outcome:
    allowed = Time(SECONDS)
    listed = _ask(
        "GET", f"/v1/customers/{quote(asked.customer, safe='')}/payment_methods?limit=1", {}, key, allowed, now
    )
    if not isinstance(listed, dict):
        return listed
    data = listed.get("data")
    method = field_of(data[0], "id") if isinstance(data, list) and data else ""
    if not method:
        return Done(_("The customer has no card and no account on file."), {"code": "no_payment_method"}, DECLINED)
    fields = {
        "amount": str(to_minor(asked.amount, asked.currency)), "currency": asked.currency.lower(), "confirm": "true",
        "customer": asked.customer, "payment_method": method, "off_session": "true", "description": asked.text,
    }  # fmt: skip
    intent = _ask("POST", "/v1/payment_intents", fields, key, allowed, now, once=str(asked.key))
    return _told(asked, intent, now) if isinstance(intent, dict) else intent


def _ask(
    method: str, path: str, fields: dict[str, str], key: str, allowed: Time, now: datetime, *, once: str = ""
) -> Json | Outcome:
    """What Stripe answers, a refused card included; otherwise how that ends the action."""
    url = f"{settings.STRIPE_API_URL}{path}"
    headers = {"Accept": "application/json", "Authorization": f"Bearer {key}"}
    if once:
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Idempotency-Key": once}
    body = urlencode(fields, errors="replace").encode()
    answer = exchange.send(method, url, headers, body, allowed, repeatable=True)
    result = answers.read(answer, (key,))
    found: Any = result["body"]
    if answer.status in (200, 402) and isinstance(found, dict):
        return found
    said = field_of(found, "error", "message") if isinstance(found, dict) else ""
    return exchange.failure(url, answer, (said or answers.shown(result))[:SAID_KEPT], now, repeatable=True)


def _told(asked: Charge, found: Json, now: datetime) -> Outcome:
    """What became of the intent, noted as the webhook will note it again."""
    error: Any = found.get("error")
    intent = error.get("payment_intent") if isinstance(error, dict) else found
    code = (field_of(error, "decline_code") or field_of(error, "code")) if isinstance(error, dict) else ""
    if not isinstance(intent, dict) or not field_of(intent, "id"):
        return Done(_refused(error), {"code": code}, DECLINED)
    status, words = field_of(intent, "status"), {"amount": money.shown(asked.amount, asked.currency)}
    if status == "succeeded":
        payment = _note(asked, objects.succeeded(intent, now), now)
        return Done(_("Received %(amount)s.") % words, {"payment_id": payment}, RECEIVED)
    if status == "processing":
        return Done(_("%(amount)s are under way.") % words, {"intent": field_of(intent, "id")}, PENDING)
    payment = _note(asked, objects.failed(intent, now), now)
    return Done(_refused(error), {"payment_id": payment, "code": code}, DECLINED)


def _refused(error: Any) -> str:
    said = field_of(error, "message") if isinstance(error, dict) else ""
    return (_("Stripe refused it. %(said)s") % {"said": said[:SAID_KEPT]}).strip()


@transaction.atomic
def _note(asked: Charge, told: PaymentTold, now: datetime) -> int:
    told = replace(told, invoice=asked.invoice, source="invoice" if asked.invoice else told.source)
    return payments.note(KEY, told, now).pk
