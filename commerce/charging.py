"""Charging a customer who is not there, by what is on file with another system. Providers fill `chargers` in `ready`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, Protocol
from uuid import UUID

from commerce.models import Customer, Invoice
from triggers.action_types import Outcome
from triggers.models import ActionRun

# The outlets of a charge: paid, told of later, refused.
RECEIVED, PENDING, DECLINED = OUTCOMES = ("received", "pending", "declined")


@dataclass(frozen=True)
class Charge:
    """So much is taken from the customer whom the other system knows by this number.

    `key` is the same for every try: however often it is sent, it is charged once.
    """

    customer: str
    amount: Decimal
    currency: str
    key: UUID
    text: str = ""
    invoice: Invoice | None = None


class Charger(Protocol):
    """Charges with one system, and notes the payment as that system tells it.

    `remembers`: how long it knows a charge again by its key. A later try may be a second charge.
    """

    remembers: timedelta

    def receiver(self) -> str:
        """Whom limits and holds are about, as `Action.destination` has it."""
        ...

    def charge(self, asked: Charge, now: datetime) -> Outcome:
        """How it ended: Done with one of `OUTCOMES` and `payment_id`, or why there was no answer."""
        ...


# By the gateway of the customers that each charges.
chargers: Final[dict[str, Charger]] = {}


def is_forgotten(key: UUID, remembers: timedelta, now: datetime) -> bool:
    """Whether a charge that may have been made is too long ago for the other system to know it again.

    A person who has decided since to have it made again is obeyed.
    """
    done = ActionRun.objects.filter(key=key).first()
    if done is None:
        return False
    tries = list(done.attempts.order_by("number").values_list("outcome", "started_at"))
    if tries and tries[-1][0] == "unsure":
        return False
    doubtful = [at for outcome, at in tries if outcome == "retry"] + [done.started_at] * bool(done.losses)
    return bool(doubtful) and now - min(doubtful) > remembers


def customer_of(contact_id: int, gateway: str) -> str:
    """The contact's latest number with the system; empty where it has none."""
    rows = Customer.objects.filter(contact=contact_id, gateway=gateway).order_by("-pk")
    return rows.values_list("external_id", flat=True).first() or ""
