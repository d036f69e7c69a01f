"""Stripe's objects in our words. Of what its API versions write in several ways, each is read."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from commerce.customers import Told
from commerce.outside.invoices import InvoiceTold, LineTold
from commerce.outside.payments import PaymentTold, RefundTold
from commerce.outside.products import PriceTold
from providers.amounts import currency, from_minor
from providers.base import field_of
from providers.frame import Json
from providers.reading import moment

INVOICE: Final = {"draft": "draft", "open": "sent", "paid": "paid", "void": "void", "uncollectible": "void"}
SUBSCRIPTION: Final = {
    "incomplete": "incomplete", "incomplete_expired": "incomplete_expired", "trialing": "trial", "active": "active",
    "past_due": "overdue", "unpaid": "unpaid", "canceled": "canceled", "paused": "unpaid",
}  # fmt: skip
REFUND: Final = {"pending": "pending", "requires_action": "pending", "succeeded": "succeeded", "failed": "failed",
                 "canceled": "failed"}  # fmt: skip


def at_of(value: Any, other: datetime) -> datetime:
    return moment(value) or other


def number_of(value: Any) -> str:
    """The number of an object that stands there as a number, or whole."""
    return field_of(value, "id") if isinstance(value, dict) else value if isinstance(value, str) else ""


def customer(found: Json, *, at: str = "") -> Told:
    """Whom an object is about; `at` is where a checkout or a charge keeps the details."""
    details: Any = found.get(at) if at else found
    return Told(
        email=field_of(details, "email") or field_of(found, "customer_email") or field_of(found, "receipt_email"),
        phone=field_of(details, "phone") or field_of(found, "customer_phone"),
        name=field_of(details, "name") or field_of(found, "customer_name"), number=number_of(found.get("customer")),
    )  # fmt: skip


def charge_of(intent: Json) -> Json:
    """The latest charge of a payment intent, where it stands in it whole."""
    latest = intent.get("latest_charge")
    if isinstance(latest, dict):
        return latest
    listed = intent.get("charges")
    data = listed.get("data") if isinstance(listed, dict) else None
    return data[-1] if isinstance(data, list) and data and isinstance(data[-1], dict) else {}


def succeeded(found: Json, happened: datetime) -> PaymentTold:
    """A payment intent, or a charge, that worked: one payment, by the number of the intent."""
    is_charge = found.get("object") == "charge"
    charge = found if is_charge else charge_of(found)
    code = currency(found.get("currency"))
    number = number_of(found.get("payment_intent")) or field_of(found, "id")
    paid = found.get("amount") if is_charge else found.get("amount_received", found.get("amount"))
    invoice = number_of(found.get("invoice"))
    return PaymentTold(
        number=number, status="succeeded", amount=from_minor(paid, code), currency=code,
        paid_at=at_of(charge.get("created"), at_of(found.get("created"), happened)),
        customer=customer({**charge, **{k: v for k, v in found.items() if v}}, at="billing_details"),
        source="invoice" if invoice else "external", intent=number,
        kind="customer_not_present" if found.get("off_session") else "customer_present", **card(charge),
    )  # fmt: skip


def failed(intent: Json, happened: datetime) -> PaymentTold:
    """An attempt of a payment intent that failed: each by the number of its charge."""
    error: Any = intent.get("last_payment_error") or {}
    code = currency(intent.get("currency"))
    charge = field_of(error, "charge") or number_of(intent.get("latest_charge")) or f"{field_of(intent, 'id')}:failed"
    return PaymentTold(
        number=charge, status="failed", amount=from_minor(intent.get("amount"), code), currency=code, paid_at=happened,
        customer=customer(intent), intent=field_of(intent, "id"),
        source="invoice" if number_of(intent.get("invoice")) else "external",
        failure_code=field_of(error, "decline_code") or field_of(error, "code"),
        failure_message=field_of(error, "message"), method=field_of(error, "payment_method", "type"),
    )  # fmt: skip


def card(charge: Json) -> dict[str, Any]:
    details: Any = charge.get("payment_method_details") or {}
    return {
        "method": field_of(details, "type"), "card_brand": field_of(details, "card", "brand"),
        "card_last4": field_of(details, "card", "last4"),
    }  # fmt: skip


def refund(found: Json, happened: datetime) -> RefundTold:
    code = currency(found.get("currency"))
    numbers = (number_of(found.get("payment_intent")), number_of(found.get("charge")))
    return RefundTold(
        number=field_of(found, "id"), payments=tuple(each for each in numbers if each),
        status=REFUND.get(field_of(found, "status"), "pending"), amount=from_minor(found.get("amount"), code),
        at=at_of(found.get("created"), happened), reason=field_of(found, "reason"),
    )  # fmt: skip


def subscription_of(invoice: Json) -> str:
    """The subscription an invoice renews, where the former and the present API say so."""
    parent: Any = invoice.get("parent") or {}
    details = parent.get("subscription_details") if isinstance(parent, dict) else None
    return number_of(invoice.get("subscription")) or number_of((details or {}).get("subscription"))


def intent_of(invoice: Json) -> str:
    """The payment intent an invoice is paid with, where the former and the present API say so."""
    listed: Any = invoice.get("payments") or {}
    for each in listed.get("data", []) if isinstance(listed, dict) else []:
        if isinstance(each, dict) and (found := number_of((each.get("payment") or {}).get("payment_intent"))):
            return found
    return number_of(invoice.get("payment_intent"))


def invoice(found: Json, happened: datetime) -> InvoiceTold:
    code = currency(found.get("currency"))

    def amount(name: str) -> Decimal:
        return from_minor(found.get(name) or 0, code)

    passed: Any = found.get("status_transitions") or {}
    sent = moment(passed.get("finalized_at"))
    status = INVOICE.get(field_of(found, "status"), "draft")
    if status == "sent" and 0 < amount("amount_paid") < amount("total"):
        status = "partly_paid"
    return InvoiceTold(
        number=field_of(found, "id"), at=happened, status=status, total=amount("total"), currency=code,
        customer=customer(found), called=field_of(found, "number"), title=field_of(found, "description"),
        subtotal=amount("subtotal"), tax=_tax(found, code), paid=amount("amount_paid"),
        issued_on=_day(sent or moment(found.get("created"))), due_on=_day(moment(found.get("due_date"))), sent_at=sent,
        paid_at=moment(passed.get("paid_at")), voided_at=moment(passed.get("voided_at")),
        pay_url=field_of(found, "hosted_invoice_url"), lines=list(_lines(found, code)), intent=intent_of(found),
    )  # fmt: skip


def _tax(found: Json, code: str) -> Decimal:
    if isinstance(found.get("tax"), int):
        return from_minor(found["tax"], code)
    rates = found.get("total_taxes") or []
    return sum((from_minor(each.get("amount") or 0, code) for each in rates if isinstance(each, dict)), Decimal(0))


def _lines(found: Json, code: str) -> Iterator[LineTold]:
    listed: Any = found.get("lines") or {}
    for each in listed.get("data", []) if isinstance(listed, dict) else []:
        total = max(each.get("amount") or 0, 0)
        quantity = Decimal(each.get("quantity") or 1)
        amount = from_minor(total, code)
        yield LineTold(
            field_of(each, "description") or "–", quantity, (amount / quantity).quantize(Decimal("0.001")), amount
        )


def price(found: Json) -> PriceTold | None:
    """A price, or a plan of the former API; None where it says no amount of its own."""
    code, amount = currency(found.get("currency")), found.get("unit_amount", found.get("amount"))
    if not isinstance(amount, int) or not field_of(found, "id"):
        return None
    again: Any = found.get("recurring") or ({"interval": found["interval"]} if found.get("interval") else {})
    return PriceTold(
        field_of(found, "id"), number_of(found.get("product")), from_minor(amount, code), code,
        field_of(again, "interval") or "once", int(again.get("interval_count") or 1), field_of(found, "nickname"),
        found.get("active") is not False,
    )  # fmt: skip


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None
