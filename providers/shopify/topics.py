"""What each topic of a Shopify store does to our records: checkouts, orders, what was given back."""

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from commerce import checkouts
from commerce.customers import Told, contact_of
from commerce.outside import orders, payments
from commerce.outside.orders import OrderTold
from commerce.outside.payments import PaymentTold, RefundTold
from contacts import money
from providers.amounts import currency, from_text
from providers.base import field_of
from providers.frame import Handled, Json, Later, Unclear
from providers.reading import moment

GATEWAY: Final = "shopify"
FINANCIAL: Final = {"paid": "paid", "partially_refunded": "paid", "refunded": "refunded", "voided": "cancelled"}
RECEIVED: Final = ("paid", "partially_refunded", "refunded")


def do(topic: str, body: Json, happened: datetime | None, now: datetime) -> Handled:
    """Does what the topic asks for. Raises `Unclear` and `Later`."""
    does = next((each for prefix, each in TOPICS.items() if topic.startswith(prefix)), None)
    if does is None:
        return Handled(ignored=_("Nothing acts on the topic %(topic)s.") % {"topic": topic[:80]})
    return does(body, happened or now, now)


def customer(body: Json) -> Told:
    found: Any = body.get("customer") or {}
    address: Any = body.get("billing_address") or body.get("shipping_address") or {}
    names = [field_of(found, name) or field_of(address, name) for name in ("first_name", "last_name")]
    return Told(
        email=field_of(body, "email") or field_of(body, "contact_email") or field_of(found, "email"),
        phone=field_of(body, "phone") or field_of(found, "phone") or field_of(address, "phone"),
        name=" ".join(filter(None, names)), number=field_of(found, "id"), company=field_of(address, "company"),
    )  # fmt: skip


def _checkout(body: Json, happened: datetime, now: datetime) -> Handled:
    token = field_of(body, "token")
    if not token:
        raise Unclear(_("The checkout has no token."))
    code = currency(body.get("presentment_currency") or body.get("currency"))
    done = checkouts.note(
        GATEWAY, token, customer(body), moment(body.get("updated_at")) or happened, cart=field_of(body, "cart_token"),
        items=list(_items(body, code)), currency=code, total=from_text(body.get("total_price")),
        url=field_of(body, "abandoned_checkout_url")[:1000], completed_at=moment(body.get("completed_at")),
    )  # fmt: skip
    return Handled(done.contact_id)


def _order(body: Json, happened: datetime, now: datetime) -> Handled:
    number = _number(body)
    code = currency(body.get("currency"))
    placed = moment(body.get("processed_at")) or moment(body.get("created_at")) or happened
    financial, cancelled = field_of(body, "financial_status"), moment(body.get("cancelled_at"))
    fulfilments = [each for each in body.get("fulfillments") or [] if isinstance(each, dict)]
    delivered = {"fulfilled": "fulfilled", "partial": "partial"}.get(field_of(body, "fulfillment_status"), "none")
    who, is_paid = customer(body), financial in RECEIVED
    status = FINANCIAL.get(financial, "cancelled" if cancelled else "pending")
    checkouts.close(GATEWAY, field_of(body, "checkout_token"), field_of(body, "cart_token"), placed)
    order, is_news = orders.note(GATEWAY, OrderTold(
        number=number, at=moment(body.get("updated_at")) or happened, status=status, total=_sum(body, "total_price"),
        currency=code, source="store", placed_at=placed, customer=who, called=field_of(body, "name"),
        items=list(_items(body, code)), subtotal=_sum(body, "subtotal_price"), discount=_sum(body, "total_discounts"),
        coupon=_coupon(body), shipping=_shipping(body), tax=_sum(body, "total_tax"), fulfilment=delivered,
        fulfilled_at=_first(fulfilments), fulfilled_items=[item for each in fulfilments for item in _items(each, code)],
        tracking=_tracking(fulfilments), submitted_at=placed if is_paid else None, cancelled_at=cancelled,
        intent=f"order-{number}",
    ), now)  # fmt: skip
    if is_paid and order.total:
        payments.note(GATEWAY, PaymentTold(
            number=f"order-{number}", status="succeeded", amount=_sum(body, "total_price"), currency=code,
            paid_at=placed, customer=who, source="store", intent=f"order-{number}", order=order,
            method=_method(body),
        ), now)  # fmt: skip
    return Handled(order.contact_id, ignored="" if is_news else _("Older than what we know already; nothing changed."))


def _refund(body: Json, happened: datetime, now: datetime) -> Handled:
    order, done = field_of(body, "order_id"), Handled(ignored=_("No money was given back."))
    for each in body.get("transactions") or []:
        if not isinstance(each, dict) or field_of(each, "kind") != "refund":
            continue
        status = {"success": "succeeded", "pending": "pending"}.get(field_of(each, "status"), "failed")
        told = RefundTold(
            number=_number(each), payments=(f"order-{order}",), status=status, amount=from_text(each.get("amount")),
            at=moment(each.get("created_at")) or moment(body.get("created_at")) or happened, reason=field_of(body, "note"),
        )  # fmt: skip
        try:
            done = Handled(payments.refund(GATEWAY, told, now).payment.contact_id)
        except payments.Unknown:
            words = {"payment": order or "?"}
            raise Later(_("It gives back a payment that we do not know: %(payment)s.") % words) from None
        except payments.TooMuch:
            raise Unclear(_("It gives back more than was paid.")) from None
    return done


def _customer(body: Json, happened: datetime, now: datetime) -> Handled:
    contact = contact_of(GATEWAY, customer({**body, "customer": body}))
    return Handled(contact.pk if contact else None, ignored="" if contact else _("Shopify names no e-mail or phone."))


def _privacy(body: Json, happened: datetime, now: datetime) -> Handled:
    raise Unclear(_("Shopify asks for a person's data, or to forget it. Do that on the contact's page."))


def _number(body: Json) -> str:
    number = field_of(body, "id")
    if not number:
        raise Unclear(_("Shopify names no number."))
    return number


def _sum(body: Json, name: str) -> Decimal:
    return from_text(body.get(name))


def _items(body: Json, code: str) -> Iterator[dict[str, Any]]:
    for each in body.get("line_items") or []:
        if isinstance(each, dict):
            quantity, one = int(each.get("quantity") or 1), from_text(each.get("price"))
            yield {
                "name": (field_of(each, "title") or field_of(each, "name"))[:200], "quantity": quantity,
                "unit_amount": money.plain(one, code), "amount": money.plain(one * quantity, code),
                "sku": field_of(each, "sku"), "external_product": field_of(each, "product_id"), "kind": "primary",
            }  # fmt: skip


def _coupon(body: Json) -> str:
    codes = [field_of(each, "code") for each in body.get("discount_codes") or []]
    return ", ".join(filter(None, codes))


def _shipping(body: Json) -> Decimal:
    lines = body.get("shipping_lines") or []
    return sum((from_text(each.get("price")) for each in lines if isinstance(each, dict)), Decimal(0))


def _method(body: Json) -> str:
    names = body.get("payment_gateway_names") or []
    return str(names[0]) if isinstance(names, list) and names else ""


def _first(fulfilments: list[Json]) -> datetime | None:
    return min((at for each in fulfilments if (at := moment(each.get("created_at")))), default=None)


def _tracking(fulfilments: list[Json]) -> dict[str, Any]:
    for each in fulfilments:
        if number := field_of(each, "tracking_number"):
            return {
                "number": number,
                "company": field_of(each, "tracking_company"),
                "url": field_of(each, "tracking_url"),
            }
    return {}


TOPICS: Final[dict[str, Callable[[Json, datetime, datetime], Handled]]] = {
    "checkouts/create": _checkout, "checkouts/update": _checkout, "orders/": _order, "refunds/": _refund,
    "customers/create": _customer, "customers/update": _customer, "customers/data_request": _privacy,
    "customers/redact": _privacy,
}  # fmt: skip
