"""Whether a phone number can be one, and of which kind: offline, or by whoever can look it up.

A provider's look-up fills `lookups`; without one the ranges that phonenumbers knows decide.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import phonenumbers
from django.core.exceptions import ValidationError
from django.db import transaction
from phonenumbers import PhoneNumberType as Type

from contacts import phones
from contacts.models import Contact
from conversations.events.phone_validated import PhoneValidated
from conversations.models import NumberVerdict
from triggers.outbox import emit

OFFLINE: Final = "offline"
SEND: Final = "send"
# What the ranges say of a number, in the words of the event.
KINDS: Final = {
    Type.MOBILE: "mobile", Type.FIXED_LINE: "landline", Type.VOIP: "voip", Type.FIXED_LINE_OR_MOBILE: "unknown",
}  # fmt: skip
# What providers call a number that is none, where a send or call is refused (Twilio: 21211 and its like).
REFUSALS: Final = {
    "21211": "invalid", "21214": "invalid", "21217": "invalid", "21401": "invalid", "21421": "invalid",
    "21614": "landline", "30006": "landline",
}  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """valid, invalid, mobile, landline, voip or unknown; by whom, and with which code."""

    number: str
    verdict: str
    source: str = OFFLINE
    code: str = ""
    line_type: str = ""
    carrier: str = ""
    country: str = ""

    @property
    def valid(self) -> bool:
        return self.verdict != "invalid"


class LookupFailed(Exception):
    """The provider could not be asked; the message is for staff. Asking again later may work, unless it is `final`."""

    def __init__(self, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.final = final


# Asked with a number as E.164, by name; apps above fill it in `ready`.
lookups: Final[dict[str, Callable[[str], Verdict]]] = {}


def offline(raw: str, region: str = "") -> Verdict:
    """What can be said without asking anybody."""
    try:
        number = phones.parse(raw, region)
    except ValidationError as error:
        return Verdict(raw[:60], "invalid", code=_code(error))
    parsed = phonenumbers.parse(number)
    country = phonenumbers.region_code_for_number(parsed) or ""
    if not phonenumbers.is_valid_number(parsed):
        return Verdict(number, "invalid", code="not_in_use", country=country)
    kind = KINDS.get(phonenumbers.number_type(parsed), "unknown")
    return Verdict(number, kind if kind != "unknown" else "valid", line_type=kind, country=country)


@transaction.atomic
def record(contact: Contact, found: Verdict, now: datetime) -> bool:
    """Keeps the verdict on a contact's number and tells of it, unless it is known; whether it was news."""
    Contact.objects.select_for_update(of=("self",)).filter(pk=contact.pk).first()
    known = NumberVerdict.objects.filter(contact=contact, number=found.number).first()
    columns = {"verdict": found.verdict, "source": found.source, "code": found.code, "at": now}
    NumberVerdict.objects.update_or_create(contact=contact, number=found.number, defaults=columns)
    if known is not None and known.verdict == found.verdict:
        return False
    emit(
        PhoneValidated(
            contact_id=contact.pk, number=found.number, verdict=found.verdict, valid=found.valid, code=found.code,
            source=found.source, line_type=found.line_type, carrier=found.carrier, country=found.country,
        )
    )  # fmt: skip
    return True


def refused(contact: Contact, number: str, code: str, now: datetime) -> None:
    """A send or call was refused; where that was for the number, it is a verdict on it."""
    verdict = REFUSALS.get(code)
    if verdict and number:
        record(contact, Verdict(number, verdict, SEND, code), now)


def _code(error: ValidationError) -> str:
    cause = error.__cause__
    return "not_a_number" if isinstance(cause, phonenumbers.NumberParseException) else "impossible_length"
