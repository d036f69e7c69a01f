"""payment.charge with Stripe, against a real HTTP server that answers as Stripe does."""

from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs

import pytest
from pytest_httpserver import HTTPServer

from commerce.models import Customer, Invoice, Payment
from commerce.tests import make
from contacts.models import Contact
from contacts.tests import make as contacts
from providers import services
from providers.models import Connection
from providers.stripe import happenings
from triggers.models import ActionRun, Event, Run
from triggers.sweeping import drain
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db
KEY = "sk_test_12345678"
METHODS = "/v1/customers/cus_1/payment_methods"
INTENTS = "/v1/payment_intents"
INTENT = {
    "id": "pi_1", "object": "payment_intent", "status": "succeeded", "amount": 10000, "amount_received": 10000,
    "currency": "eur", "customer": "cus_1", "created": 1_790_000_000,
}  # fmt: skip


@pytest.fixture
def stripe(settings: Any, httpserver: HTTPServer) -> HTTPServer:
    settings.OUTGOING_ALLOW_LOOPBACK = True
    settings.STRIPE_API_URL = httpserver.url_for("").rstrip("/")
    services.create("stripe", "Stripe", secrets={"signing_secret": "whsec_x", "api_key": KEY})
    return httpserver


@pytest.fixture
def anna() -> Contact:
    found: Contact = contacts.contact()
    Customer.objects.create(contact=found, gateway="stripe", external_id="cus_1")
    return found


def answers(stripe: HTTPServer, intent: Any, status: int = 200, methods: Any = ({"id": "pm_1"},)) -> None:
    stripe.expect_request(METHODS).respond_with_json({"data": list(methods)})
    stripe.expect_request(INTENTS, method="POST").respond_with_json(intent, status=status)


def charged(anna: Contact, **config: Any) -> ActionRun:
    engine.workflow(engine.action("c", "payment.charge", **config))
    engine.tag(anna)
    drain()
    return ActionRun.objects.get(uid="c")


def posted(stripe: HTTPServer) -> list[dict[str, list[str]]]:
    return [parse_qs(request.get_data(as_text=True)) for request, _answer in stripe.log if request.method == "POST"]


def test_what_an_invoice_owes_is_taken_once_and_settles_it(stripe: HTTPServer, anna: Contact) -> None:
    invoice = make.invoice(100, contact=anna)
    answers(stripe, INTENT)

    done = charged(anna, text="Thank you")

    invoice.refresh_from_db()
    payment = Payment.objects.get()
    assert (done.status, done.summary.replace("\xa0", " "), done.outcome) == ("done", "Received € 100.", "received")
    assert (payment.amount, payment.status, payment.invoice, payment.external_id) == (100, "succeeded", invoice, "pi_1")
    assert (invoice.status, invoice.owed) == ("paid", 0)
    [form] = posted(stripe)
    assert {name: form[name][0] for name in form} == {
        "amount": "10000", "currency": "eur", "confirm": "true", "customer": "cus_1", "payment_method": "pm_1",
        "off_session": "true", "description": "Thank you",
    }  # fmt: skip
    sent = next(request for request, _answer in stripe.log if request.method == "POST")
    assert sent.headers["Authorization"] == f"Bearer {KEY}"
    assert sent.headers["Idempotency-Key"]

    # Stripe's own event of it tells nothing new.
    event = {"type": "payment_intent.succeeded", "created": INTENT["created"], "data": {"object": INTENT}}
    happenings.do(event, done.started_at)
    assert Payment.objects.count() == 1
    assert Event.objects.filter(type="payment.received").count() == 1


def test_a_fixed_amount_in_a_currency_without_decimals(stripe: HTTPServer, anna: Contact) -> None:
    answers(stripe, {**INTENT, "amount": 500, "amount_received": 500, "currency": "jpy"})

    charged(anna, amount="500", currency="JPY")

    assert posted(stripe)[0]["amount"] == ["500"]
    assert Payment.objects.get().amount == Decimal(500)


def test_a_refused_card_goes_the_way_of_the_declined_and_is_noted(stripe: HTTPServer, anna: Contact) -> None:
    invoice = make.invoice(100, contact=anna)
    failed = {**INTENT, "status": "requires_payment_method", "amount_received": 0}
    failed["last_payment_error"] = {"charge": "ch_1", "decline_code": "insufficient_funds", "message": "No money."}
    error = {"code": "card_declined", "decline_code": "insufficient_funds", "message": "No money."}
    answers(stripe, {"error": {**error, "payment_intent": failed}}, 402)

    done = charged(anna)

    invoice.refresh_from_db()
    assert (done.outcome, done.result["code"]) == ("declined", "insufficient_funds")
    assert "No money." in done.summary
    assert (Payment.objects.get().status, invoice.owed) == ("failed", 100)


def test_what_a_bank_answers_later_is_pending(stripe: HTTPServer, anna: Contact) -> None:
    answers(stripe, {**INTENT, "status": "processing"})

    assert charged(anna, amount="100").outcome == "pending"
    assert not Payment.objects.exists()


def test_nothing_on_file_is_declined_and_nothing_is_posted(stripe: HTTPServer, anna: Contact) -> None:
    answers(stripe, INTENT, methods=())

    done = charged(anna, amount="5")

    assert (done.outcome, done.result["code"]) == ("declined", "no_payment_method")
    assert posted(stripe) == []


def test_trouble_is_tried_again_with_the_same_key(stripe: HTTPServer, anna: Contact) -> None:
    stripe.expect_request(METHODS).respond_with_json({"data": [{"id": "pm_1"}]})
    stripe.expect_oneshot_request(INTENTS).respond_with_json({"error": {"message": "Wait."}}, status=503)
    stripe.expect_request(INTENTS).respond_with_json(INTENT)

    charged(anna, amount="100")
    run = Run.objects.get()
    assert run.status == "pending"
    Run.objects.update(due_at=run.created_at)
    drain()

    keys = [request.headers["Idempotency-Key"] for request, _answer in stripe.log if request.method == "POST"]
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert Payment.objects.get().status == "succeeded"


@pytest.mark.parametrize(
    ("status", "ended"), [(401, "held"), (403, "held"), (400, "failed"), (404, "failed"), (409, "failed")]
)
def test_refusals_hold_or_fail_it_and_never_tell_the_key(
    stripe: HTTPServer, anna: Contact, status: int, ended: str
) -> None:
    answers(stripe, {"error": {"message": f"No: {KEY}"}}, status)

    charged(anna, amount="100")

    run = Run.objects.get()
    assert run.status == ended
    assert KEY not in run.reason


def test_without_a_customer_a_key_or_a_debt_nothing_is_asked(stripe: HTTPServer, anna: Contact) -> None:
    assert charged(anna).status == "skipped"

    Customer.objects.all().delete()
    engine.workflow(engine.action("d", "payment.charge", amount="5"))
    engine.tag(contacts.contact(first_name="Mia"))
    drain()
    [failed] = ActionRun.objects.filter(uid="d")
    assert "is no customer at Stripe" in Run.objects.get(pk=failed.run_id).reason

    Customer.objects.create(contact=contacts.contact(first_name="Lea"), gateway="stripe", external_id="cus_1")
    Connection.objects.update(active=False)
    engine.tag(Customer.objects.get().contact)
    drain()
    assert "No connection to Stripe has an API key." in Run.objects.latest("pk").reason
    assert stripe.log == []


def test_a_settled_invoice_is_not_charged_again(stripe: HTTPServer, anna: Contact) -> None:
    invoice = make.invoice(100, contact=anna)
    Invoice.objects.filter(pk=invoice.pk).update(paid=100, status="paid")

    assert charged(anna).summary == "Nothing is owed."
    assert stripe.log == []
