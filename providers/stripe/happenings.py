"""What each of Stripe's events does to our records. Twins that tell the same thing twice end in one record."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from commerce.customers import contact_of
from commerce.models import Invoice, Subscription
from commerce.outside import invoices, orders, payments, products, subscriptions
from commerce.outside.orders import OrderTold
from commerce.outside.payments import PaymentTold
from commerce.outside.subscriptions import SubscriptionTold
from contacts import money
from providers.amounts import currency, from_minor
from providers.base import field_of
from providers.frame import Handled, Json, Later, Unclear
from providers.reading import moment
from providers.stripe import objects
from providers.stripe.objects import number_of

GATEWAY: Final = "stripe"
Does = Callable[[Json, datetime, datetime], Handled]


# What becomes of an order whose payment page was not paid on.
SESSION: Final = {"async_payment_failed": "failed", "expired": "cancelled"}


def do(event: Json, now: datetime) -> Handled:
    """Does what the event asks for. Raises `Unclear` and `Later`."""
    kind, held = field_of(event, "type"), event.get("data")
    found = held.get("object") if isinstance(held, dict) else None
    does = next((each for prefix, each in KINDS.items() if kind.startswith(prefix)), None)
    if does is None:
        return Handled(ignored=_("Nothing acts on events of the type %(kind)s.") % {"kind": kind[:80]})
    happened = moment(event.get("created"))
    if not isinstance(found, dict) or not field_of(found, "id") or happened is None:
        raise Unclear(_("The event holds no object with a number, or no time."))
    return does({**found, "_kind": kind}, happened, now)


def _intent(found: Json, happened: datetime, now: datetime) -> Handled:
    if found["_kind"] == "payment_intent.succeeded":
        return _paid(objects.succeeded(found, happened), found, now)
    if found["_kind"] == "payment_intent.payment_failed":
        return _paid(objects.failed(found, happened), found, now)
    return Handled(ignored=_("Nothing was charged yet."))


def _charge(found: Json, happened: datetime, now: datetime) -> Handled:
    if found.get("status") != "succeeded":
        return Handled(ignored=_("Its payment intent tells the same."))
    done = _paid(objects.succeeded(found, happened), found, now)
    listed: Any = found.get("refunds")
    for each in listed.get("data", []) if isinstance(listed, dict) else []:
        whole = {"charge": found["id"], "payment_intent": found.get("payment_intent"), "currency": found["currency"]}
        _refund({**whole, **each}, happened, now)
    return done


def _paid(told: PaymentTold, found: Json, now: datetime) -> Handled:
    number = number_of(found.get("invoice"))
    invoice = Invoice.objects.filter(gateway=GATEWAY, external_id=number).first() if number else None
    payment = payments.note(GATEWAY, replace(told, invoice=invoice), now)
    return Handled(payment.contact_id)


def _refund(found: Json, happened: datetime, now: datetime) -> Handled:
    told = objects.refund(found, happened)
    try:
        refund = payments.refund(GATEWAY, told, now)
    except payments.Unknown:
        words = {"payment": ", ".join(told.payments) or "?"}
        raise Later(_("It gives back a payment that we do not know: %(payment)s.") % words) from None
    except payments.TooMuch:
        raise Unclear(_("It gives back more than was paid.")) from None
    return Handled(refund.payment.contact_id)


def _invoice(found: Json, happened: datetime, now: datetime) -> Handled:
    told = objects.invoice(found, happened)
    invoice, is_news = invoices.note(GATEWAY, told, now)
    renewed = objects.subscription_of(found)
    if renewed and told.status == "paid" and field_of(found, "billing_reason") == "subscription_cycle":
        _renewal(told, renewed, happened, now)
    if renewed and told.intent:
        subscription = Subscription.objects.filter(gateway=GATEWAY, external_id=renewed).first()
        payments.link(GATEWAY, told.intent, now, subscription=subscription)
    return Handled(invoice.contact_id, ignored="" if is_news else _older())


def _renewal(told: invoices.InvoiceTold, renewed: str, happened: datetime, now: datetime) -> None:
    """Each time a subscription is paid again it is an order of its own."""
    items = [
        {"name": each.name, "quantity": int(each.quantity), "unit_amount": money.plain(each.unit_amount, told.currency),
         "amount": money.plain(each.total, told.currency), "kind": "primary"}
        for each in told.lines
    ]  # fmt: skip
    paid_at = told.paid_at or happened
    order = OrderTold(
        number=told.number, at=happened, status="paid", total=told.total, currency=told.currency,
        source="subscription", placed_at=paid_at, customer=told.customer, called=told.called, items=items,
        subtotal=told.subtotal, tax=told.tax, submitted_at=paid_at, intent=told.intent,
    )  # fmt: skip
    orders.note(GATEWAY, order, now)


def _subscription(found: Json, happened: datetime, now: datetime) -> Handled:
    status = objects.SUBSCRIPTION.get(field_of(found, "status"))
    if status is None:
        raise Unclear(_("A subscription has a status that we do not know."))
    listed: Any = found.get("items") or {}
    item = next((each for each in listed.get("data", []) if isinstance(each, dict)), {})
    told = objects.price(
        item.get("price") or item.get("plan") or found.get("plan") or {"currency": found.get("currency")}
    )
    price = products.price(GATEWAY, told) if told is not None else None
    quantity = int(item.get("quantity") or found.get("quantity") or 1)
    code = currency(found.get("currency"))
    row, is_news = subscriptions.note(GATEWAY, SubscriptionTold(
        number=found["id"], at=happened, status=status, currency=code, customer=objects.customer(found), price=price,
        amount=told.amount * quantity if told else Decimal(0), name=field_of(found, "description"), quantity=quantity,
        interval=told.interval if told else "month", interval_count=told.interval_count if told else 1,
        started_at=moment(found.get("start_date")), cancel_at=moment(found.get("cancel_at")),
        period_end=moment(item.get("current_period_end") or found.get("current_period_end")),
        canceled_at=moment(found.get("canceled_at")),
    ))  # fmt: skip
    return Handled(row.contact_id, ignored="" if is_news else _older())


def _session(found: Json, happened: datetime, now: datetime) -> Handled:
    """A payment page was gone through: an order, and the payment of an invoice of ours where its link named one."""
    code = currency(found.get("currency"))
    total, kind = from_minor(found.get("amount_total") or 0, code), found["_kind"]
    is_paid = field_of(found, "payment_status") in ("paid", "no_payment_required")
    who, intent = objects.customer(found, at="customer_details"), number_of(found.get("payment_intent"))
    placed = objects.at_of(found.get("created"), happened)
    invoice = _ours(field_of(found, "client_reference_id"), code)
    status = (
        "paid"
        if is_paid
        else "failed"
        if kind.endswith("failed")
        else "cancelled"
        if kind.endswith("expired")
        else "pending"
    )
    if kind.endswith("expired") and invoice is None and not (who.email or who.phone or who.number):
        return Handled(ignored=_("Nobody had entered who they are."))
    order = None
    if invoice is None:
        order, _news = orders.note(GATEWAY, OrderTold(
            number=found["id"], at=happened, status=status, total=total, currency=code, source="payment_link",
            placed_at=placed, customer=who, subtotal=from_minor(found.get("amount_subtotal") or 0, code), intent=intent,
            submitted_at=placed if is_paid else None,
            cancelled_at=happened if status == "cancelled" else None,
        ), now)  # fmt: skip
    if is_paid and intent and total:
        payments.note(GATEWAY, PaymentTold(
            number=intent, status="succeeded", amount=total, currency=code, paid_at=placed, customer=who,
            source="invoice" if invoice else "payment_link", intent=intent, order=order, invoice=invoice,
        ), now)  # fmt: skip
    contact = order.contact_id if order else invoice.contact_id if invoice else None
    return Handled(contact)


def _ours(reference: str, code: str) -> Invoice | None:
    """The invoice of ours that a payment link was opened for, where it is owed in this currency."""
    kind, _dash, number = reference.partition("-")
    if kind != "invoice" or not number.isdigit() or len(number) > 18:
        return None
    found: Invoice | None = Invoice.objects.filter(pk=int(number), gateway="", currency=code).first()
    return found


def _customer(found: Json, happened: datetime, now: datetime) -> Handled:
    contact = contact_of(GATEWAY, objects.customer({**found, "customer": found["id"]}))
    return Handled(contact.pk if contact else None, ignored="" if contact else _("Stripe names no e-mail or phone."))


def _product(found: Json, happened: datetime, now: datetime) -> Handled:
    products.product(GATEWAY, found["id"], field_of(found, "name"), happened, found.get("active") is not False)
    return Handled()


def _price(found: Json, happened: datetime, now: datetime) -> Handled:
    told = objects.price(found)
    if told is None:
        return Handled(ignored=_("The price has no amount of its own."))
    products.price(GATEWAY, told, happened)
    return Handled()


def _older() -> str:
    return _("Older than what we know already; nothing changed.")


# By how the type begins, the more particular first.
KINDS: Final[dict[str, Does]] = {
    "payment_intent.": _intent, "charge.refund.": _refund, "charge.": _charge, "refund.": _refund,
    "invoice.": _invoice, "customer.subscription.": _subscription, "checkout.session.": _session,
    "customer.created": _customer, "customer.updated": _customer, "product.created": _product,
    "product.updated": _product, "price.created": _price, "price.updated": _price,
}  # fmt: skip
