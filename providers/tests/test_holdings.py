"""What providers told about a person is told to them, and forgotten with them."""

import pytest

from contacts.models import Contact
from contacts.privacy import forgetting
from providers.models import ProviderDelivery
from providers.receiving import take_in
from providers.tests import make
from providers.tests.signers import NOW
from triggers import sweeping

pytestmark = pytest.mark.django_db


def test_deliveries_of_and_about_a_person_are_blanked(tryout) -> None:
    connection = make.connection()
    parts = [
        {"id": "zelmira", "name": "Zelmira"}, {"id": 2, "do": "ignore", "mail": "Zelmira@example.org"},
        {"id": 3, "do": "ignore", "mail": "other@example.org"},
    ]  # fmt: skip
    take_in(connection, make.signed(parts), NOW)
    take_in(connection, make.signed(b"{broken: 'zelmira@example.org'"), NOW)
    sweeping.drain(NOW)

    forgetting.forget(Contact.objects.get(email="zelmira@example.org"))
    sweeping.drain()

    kept = ProviderDelivery.objects.order_by("pk")
    assert [row.data for row in kept] == [{}, {}, parts[2], {}]
    assert [bytes(row.body or b"") for row in kept] == [b""] * 4
