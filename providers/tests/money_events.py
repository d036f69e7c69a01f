"""What Stripe, Shopify, DocuSign and Dropbox Sign send in the course of one story each, in the order it happened."""

from typing import Any

DAY = 1_772_600_000  # 2026-03-04, in Unix seconds
WHO = {"email": "mia@example.org", "name": "Mia Brandt"}


def stripe(event: int, kind: str, after: int, /, **found: Any) -> dict[str, Any]:
    """An event so many seconds into the story."""
    return {"id": f"evt_{event}", "object": "event", "type": kind, "created": DAY + after, "data": {"object": found}}


def intent(status: str, **more: Any) -> dict[str, Any]:
    return {
        "object": "payment_intent", "id": "pi_1", "amount": 5990, "currency": "eur", "customer": "cus_1",
        "created": DAY, "status": status, **more,
    }  # fmt: skip


def charge(**more: Any) -> dict[str, Any]:
    return {
        "object": "charge", "id": "ch_2", "amount": 5990, "currency": "eur", "payment_intent": "pi_1", "customer": "cus_1",
        "created": DAY + 60, "status": "succeeded", "billing_details": WHO,
        "payment_method_details": {"type": "card", "card": {"brand": "visa", "last4": "4242"}}, **more,
    }  # fmt: skip


def invoice(status: str, paid: int = 0, number: str = "in_1", **more: Any) -> dict[str, Any]:
    return {
        "object": "invoice", "id": number, "number": f"F-{number}", "status": status, "currency": "eur", "total": 1900,
        "subtotal": 1900, "amount_paid": paid, "customer": "cus_1", "customer_email": WHO["email"],
        "customer_name": WHO["name"], "created": DAY, "due_date": DAY + 86_400, "billing_reason": "subscription_cycle",
        "parent": {"subscription_details": {"subscription": "sub_1"}}, "payment_intent": "pi_2",
        "lines": {"data": [{"description": "Care", "amount": 1900, "quantity": 1}]}, **more,
    }  # fmt: skip


PRICE = {
    "id": "price_1", "product": "prod_1", "unit_amount": 1900, "currency": "eur",
    "recurring": {"interval": "month", "interval_count": 1},
}  # fmt: skip


def subscription(status: str, **more: Any) -> dict[str, Any]:
    return {
        "object": "subscription", "id": "sub_1", "status": status, "currency": "eur", "customer": "cus_1",
        "start_date": DAY, "items": {"data": [{"price": PRICE, "quantity": 2, "current_period_end": DAY + 2_600_000}]},
        **more,
    }  # fmt: skip


SESSION = {
    "object": "checkout.session", "id": "cs_1", "amount_total": 5990, "amount_subtotal": 5990, "currency": "eur",
    "payment_status": "paid", "payment_intent": "pi_1", "customer": "cus_1", "customer_details": WHO,
    "created": DAY - 60,
}  # fmt: skip
DECLINED = {"charge": "ch_1", "code": "card_declined", "decline_code": "insufficient_funds", "message": "No money."}
PARTLY = {
    "object": "refund", "id": "re_1", "charge": "ch_2", "payment_intent": "pi_1", "amount": 1000, "currency": "eur",
    "created": DAY + 900, "reason": "requested_by_customer",
}  # fmt: skip

STRIPE = [
    stripe(1, "customer.created", 1, object="customer", id="cus_1", **WHO),
    stripe(2, "payment_intent.payment_failed", 30, **intent("requires_payment_method", last_payment_error=DECLINED)),
    stripe(3, "payment_intent.succeeded", 60, **intent("succeeded", amount_received=5990, latest_charge="ch_2")),
    stripe(4, "charge.succeeded", 60, **charge()),
    stripe(5, "checkout.session.completed", 61, **SESSION),
    stripe(6, "refund.created", 900, **PARTLY, status="pending"),
    stripe(7, "refund.updated", 950, **PARTLY, status="succeeded"),
    stripe(8, "charge.refunded", 951, **charge(amount_refunded=1000)),
    stripe(9, "product.created", 3, object="product", id="prod_1", name="Care plan"),
    stripe(10, "customer.subscription.created", 1000, **subscription("incomplete")),
    stripe(11, "customer.subscription.updated", 1000, **subscription("active")),
    stripe(12, "invoice.finalized", 2000, **invoice("open", status_transitions={"finalized_at": DAY + 2000})),
    stripe(13, "invoice.payment_failed", 2100, **invoice("open", status_transitions={"finalized_at": DAY + 2000})),
    stripe(14, "customer.subscription.updated", 2101, **subscription("past_due")),
    stripe(15, "payment_intent.succeeded", 2500, object="payment_intent", id="pi_2", amount=1900, amount_received=1900,
           currency="eur", customer="cus_1", created=DAY + 2400, invoice="in_1", off_session=True),
    stripe(16, "invoice.paid", 2501, **invoice(
        "paid", 1900, status_transitions={"finalized_at": DAY + 2000, "paid_at": DAY + 2500})),
    stripe(17, "customer.subscription.updated", 2502, **subscription("active")),
    stripe(18, "customer.subscription.deleted", 9000, **subscription("canceled", canceled_at=DAY + 9000)),
]  # fmt: skip

BUYER = {"id": 77, "email": "mia@example.org", "first_name": "Mia", "last_name": "Brandt"}
LINES = [{"title": "Oak oil", "quantity": 2, "price": "12.00", "product_id": 5, "sku": "OIL"}]


def at(minute: int) -> str:
    return f"2026-03-04T12:{minute:02d}:00+00:00"


def shopify(topic: str, /, **body: Any) -> dict[str, Any]:
    return {"topic": topic, "body": body}


def cart(minute: int, total: str, **more: Any) -> dict[str, Any]:
    return {
        "token": "t1", "cart_token": "c1", "email": "mia@example.org", "currency": "EUR", "total_price": total,
        "updated_at": at(minute), "line_items": LINES, "abandoned_checkout_url": "https://shop.example/t1", **more,
    }  # fmt: skip


def store_order(minute: int, **more: Any) -> dict[str, Any]:
    return {
        "id": 900, "name": "#1001", "currency": "EUR", "total_price": "24.00", "subtotal_price": "24.00",
        "created_at": at(20), "processed_at": at(20), "updated_at": at(minute), "checkout_token": "t1", "cart_token": "c1",
        "customer": BUYER, "email": "mia@example.org", "line_items": LINES, "financial_status": "pending", **more,
    }  # fmt: skip


SENT_OFF = [{"id": 1, "created_at": at(40), "line_items": LINES, "tracking_number": "Z1", "tracking_company": "DHL"}]
SHOPIFY = [
    shopify("checkouts/create", **cart(1, "12.00")),
    shopify("checkouts/update", **cart(5, "24.00", customer=BUYER)),
    shopify("orders/create", **store_order(20)),
    shopify("orders/paid", **store_order(21, financial_status="paid")),
    shopify("orders/partially_fulfilled", **store_order(
        40, financial_status="paid", fulfillment_status="partial", fulfillments=SENT_OFF)),
    shopify("orders/fulfilled", **store_order(
        45, financial_status="paid", fulfillment_status="fulfilled", fulfillments=SENT_OFF)),
    shopify("refunds/create", id=50, order_id=900, created_at=at(50), note="Broken", transactions=[
        {"id": 51, "kind": "refund", "status": "success", "amount": "4.00", "created_at": at(50)}]),
    shopify("orders/updated", **store_order(
        51, financial_status="partially_refunded", fulfillment_status="fulfilled", fulfillments=SENT_OFF)),
]  # fmt: skip

SIGNER = {"recipients": {"signers": [{"email": "mia@example.org", "name": "Mia Brandt", "routingOrder": "1"}]}}


def docusign(kind: str, minute: int, **summary: Any) -> dict[str, Any]:
    return {
        "event": kind, "generatedDateTime": at(minute), "data": {
            "accountId": "a1", "envelopeId": "e1", "envelopeSummary": {"emailSubject": "Kitchen contract", **SIGNER, **summary},
        },
    }  # fmt: skip


DOCUSIGN = [
    docusign("envelope-sent", 1, status="sent", sentDateTime=at(1)),
    docusign("recipient-delivered", 5, status="sent", sentDateTime=at(1)),
    docusign("envelope-delivered", 5, status="delivered", sentDateTime=at(1), deliveredDateTime=at(5)),
    docusign("recipient-completed", 9, status="delivered", sentDateTime=at(1), deliveredDateTime=at(5)),
    docusign("envelope-completed", 10, status="completed", sentDateTime=at(1), deliveredDateTime=at(5),
             completedDateTime=at(10)),
]  # fmt: skip
