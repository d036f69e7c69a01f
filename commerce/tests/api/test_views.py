"""Commerce over the API: made through the services, refused at the field."""

from typing import Any

import pytest
from django.test import Client

from commerce.models import DocumentTemplate, Refund
from commerce.tests import make
from contacts.tests import make as contacts
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db


def post(client: Client, path: str, body: Any = None) -> tuple[int, Any]:
    answer = client.post(f"/api/v1/{path}", body or {}, content_type="application/json")
    return answer.status_code, answer.json()


def test_an_order_is_placed_paid_and_given_back_never_above_what_was_paid() -> None:
    client, who, price = visit.boss(), contacts.contact(), make.price()

    _status, order = post(client, "orders/", {"contact": who.pk, "prices": [{"price": price.pk, "quantity": 2}]})
    paid, payment = post(client, "payments/", {"order": order["id"], "amount": "99.80", "currency": "EUR"})
    above, problem = post(client, f"payments/{payment['id']}/refund/", {"amount": "99.81"})
    given, refund = post(client, f"payments/{payment['id']}/refund/", {"amount": "9.80", "reason": "Broken"})

    assert (order["total"], order["source"], paid, payment["contact"]) == ("99.80", "api", 201, who.pk)
    assert (above, given, refund["amount"], Refund.objects.count()) == (422, 200, "9.80", 1), problem
    assert "is left of this payment" in str(problem)
    assert client.get(f"/api/v1/orders/{order['id']}/").json()["status"] == "paid"


def test_an_invoice_is_drafted_sent_and_voided() -> None:
    client, series = visit.boss(), make.series()
    body = {"contact": contacts.contact().pk, "series": series.pk, "currency": "KWD"}

    bad, problem = post(client, "invoices/", {**body, "lines": [{"name": "A", "unit_amount": "1.0001"}]})
    _made, draft = post(
        client, "invoices/", {**body, "lines": [{"name": "A", "unit_amount": "1.250", "quantity": "2"}]}
    )
    _sent, sent = post(client, f"invoices/{draft['id']}/send/")
    _void, void = post(client, f"invoices/{draft['id']}/void/")

    assert bad == 400, problem
    assert (draft["status"], draft["number"], draft["total"]) == ("draft", "", "2.500")
    assert (sent["number"], sent["status"], void["status"]) == ("R-00001", "sent", "void")
    assert "/invoice/" in sent["url"]


def test_a_document_is_written_sent_and_withdrawn() -> None:
    client, who = visit.boss(), contacts.contact()
    template = DocumentTemplate.objects.create(name="A", title="For {{ contact.name }}", body="Words.")

    _made, document = post(client, "documents/", {"contact": who.pk, "template": template.pk})
    _sent, sent = post(client, f"documents/{document['id']}/send/")
    _gone, gone = post(client, f"documents/{document['id']}/withdraw/")

    assert (document["name"], sent["status"], gone["status"]) == ("For Mia", "sent", "voided")
    refused, _problem = post(
        client, "document-templates/", {"name": "B", "title": "{{ contact.nothing }}", "body": "x"}
    )
    assert refused == 400


def test_a_payment_without_its_currency_is_refused_at_the_field() -> None:
    status, problem = post(visit.boss(), "payments/", {"amount": "10"})

    assert status == 400
    assert [error["field"] for error in problem["errors"]] == ["currency"]
