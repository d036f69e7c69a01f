"""How Twilio signs: HMAC over the exact address and the sorted form fields; over the address alone for JSON,
whose digest then stands in it. There is no time in it, so only the delivery's id stops a replay.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from twilio.request_validator import SIGNATURE_HEADER, SIGNATURE_SETTINGS_HEADER, RequestValidator
from twilio.request_validator import get_signature_algorithm as algorithm_of

from providers.base import Delivery, by_any, form_pairs, is_form, refusing


class _Fields(dict[str, list[str]]):
    """Form fields as Twilio's library reads repeated ones."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


@refusing
def verify(delivery: Delivery, secrets: Sequence[str], now: datetime) -> bool:
    """Whether one of the auth tokens (or shared keys) signed this. `delivery.url` is the address Twilio called."""
    given = delivery.headers.get(SIGNATURE_HEADER, "")
    signed = _signed(delivery)
    if not given or signed is None:
        return False
    algorithm = algorithm_of(delivery.headers.get(SIGNATURE_SETTINGS_HEADER, ""))
    return by_any(secrets, lambda secret: RequestValidator(secret).validate(delivery.url, signed, given, algorithm))


def _signed(delivery: Delivery) -> Mapping[str, list[str]] | str | None:
    """What of the body is signed: a form's fields, or its text by the digest in the address; None for neither."""
    if "bodySHA256" in parse_qs(urlsplit(delivery.url).query):
        return delivery.body.decode()
    if delivery.body and not is_form(delivery):
        return None
    fields = _Fields()
    for name, value in form_pairs(delivery):
        fields.setdefault(name, []).append(value)
    return fields
