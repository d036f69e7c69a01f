"""How a customer is written on orders and invoices."""

import pytest

from commerce import customers
from contacts.tests import make as contacts

pytestmark = pytest.mark.django_db


def test_an_address_ends_with_the_countrys_name_and_a_country_alone_is_none() -> None:
    whole = contacts.contact(street="Ring 1", postal_code="1010", city="Wien", country="AT")

    assert customers.billed(whole)["customer_address"] == "Ring 1\n1010 Wien\nAustria"
    assert customers.billed(contacts.contact(country="AT"))["customer_address"] == ""
