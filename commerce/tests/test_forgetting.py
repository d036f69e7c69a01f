"""Of a forgotten person's orders and paper the figures stay, and nothing that says who it was."""

import pytest

from commerce.documents import signing, writing
from commerce.models import Document, DocumentTemplate, Invoice, Order
from commerce.tests import make
from contacts.dedupe import merging
from contacts.models import Contact
from contacts.privacy.forgetting import forget
from contacts.tests import make as contacts

pytestmark = pytest.mark.django_db


def test_names_go_and_figures_stay() -> None:
    make.send(make.order_form(series=make.series()))
    anna = Contact.objects.get()
    document = writing.write(
        DocumentTemplate.objects.create(name="A", title="{{ contact.name }}", body="For her."), anna
    )
    signing.send(document)

    forget(anna)

    order, invoice, paper = Order.objects.get(), Invoice.objects.get(), Document.objects.get()
    assert (order.customer_name, order.customer_email, str(order.total)) == ("", "", "49.900")
    assert (invoice.customer_name, invoice.number) == ("", "R-00001")
    assert (paper.name, paper.body, paper.recipient_email, paper.status) == ("", "", "", "voided")


def test_two_who_become_one_have_all_of_it() -> None:
    one, two = contacts.contact(), contacts.contact(email="other@example.org")
    make.order(two)

    merging.merge(one.pk, two.pk)

    assert Order.objects.get().contact == one
