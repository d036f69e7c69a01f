"""Invoices in the admin: drafts are written, what was sent is shown, paid by a button."""

import pytest

from commerce.models import Invoice, InvoiceLine, Payment
from commerce.tests import make
from contacts.tests import make as contacts
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db


def test_a_draft_is_written_with_its_lines_and_sent() -> None:
    client, who, series = visit.boss(), contacts.contact(), make.series()
    form = {
        "contact": who.pk, "series": series.pk, "currency": "EUR", "tax_included": "on", "discount": "0",
        "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0", "lines-0-name": "Fitting", "lines-0-quantity": "2",
        "lines-0-unit_amount": "50", "lines-0-tax_rate": "19", "lines-0-position": "0",
    }  # fmt: skip

    client.post("/admin/commerce/invoice/add/", form)
    draft = Invoice.objects.get()
    page = f"/admin/commerce/invoice/{draft.pk}/"
    told = visit.pressed(client, f"{page}do/send/")

    assert (str(draft.total), draft.customer_name, draft.status) == ("100.000", "Mia", "draft")
    assert "R-00001" in told
    assert "is to be paid by" in visit.text(client, f"{page}change/")


def test_an_amount_with_too_many_decimals_is_refused_at_its_line() -> None:
    client, series = visit.boss(), make.series()
    form = {
        "series": series.pk, "currency": "JPY", "discount": "0", "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0",
        "lines-0-name": "A", "lines-0-quantity": "1", "lines-0-unit_amount": "1.5", "lines-0-tax_rate": "0",
        "lines-0-position": "0",
    }  # fmt: skip

    answer = client.post("/admin/commerce/invoice/add/", form)

    assert "at most 0 decimals" in answer.content.decode()
    assert (Invoice.objects.count(), InvoiceLine.objects.count()) == (0, 0)


def test_a_payment_is_noted_and_given_back() -> None:
    client, invoice = visit.boss(), make.invoice()
    page = f"/admin/commerce/invoice/{invoice.pk}/"

    odd = visit.pressed(client, f"{page}do/pay/", said="a lot")
    visit.pressed(client, f"{page}do/pay/", said="40")
    visit.pressed(client, f"{page}do/pay/", said="")
    payment = Payment.objects.order_by("pk")[0]
    above = visit.pressed(client, f"/admin/commerce/payment/{payment.pk}/do/refund/", said="41")

    invoice.refresh_from_db()
    assert "Enter an amount" in odd
    assert (invoice.status, str(invoice.paid), Payment.objects.count()) == ("paid", "100.000", 2)
    assert "is left of this payment" in above
