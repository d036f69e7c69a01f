"""payment.received: every attempt, whether it worked or failed."""

from decimal import Decimal
from typing import Any

import pytest

from commerce import paying
from commerce.tests import make
from contacts.tests import make as contacts
from contacts.tests.events.narrowing import starts
from triggers.problems import Invalid

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, [True, True]),
        ({"statuses": ["failed"]}, [True, False]),
        ({"sources": ["manual"]}, [True, True]),
        ({"not_sources": ["manual"]}, [False, False]),
        ({"kinds": ["subscription"]}, [False, False]),
        ({"products": ["oil"], "amount_min": "49.90"}, [True, True]),
        ({"not_products": ["oil"]}, [False, False]),
        ({"gateways": ["stripe"]}, [False, False]),
        ({"sub_source": "text2pay"}, [False, True]),
    ],
)
def test_what_a_trigger_may_ask_for(config: dict[str, Any], expected: list[bool]) -> None:
    oil = make.price()
    order = make.order(None, oil)
    paying.record(Decimal("49.90"), "EUR", order=order, status="failed", failure_code="declined")
    paying.record(Decimal("49.90"), "EUR", order=order, sub_source="text2pay", method="card", card_last4="4242")
    asked = {k: [oil.product_id] if v == ["oil"] else v for k, v in config.items()}

    assert [starts(event, **asked) for event in contacts.events("payment.received")] == expected


def test_a_zero_and_a_three_decimal_currency_are_told_in_their_own_decimals() -> None:
    for amount, code in (("500", "JPY"), ("1.250", "KWD")):
        paying.record(Decimal(amount), code, contact=contacts.contact())

    assert [e.data["amount"] for e in contacts.events("payment.received")] == ["500", "1.250"]


@pytest.mark.parametrize(
    ("amount", "code"), [("0", "EUR"), ("-1", "EUR"), ("1.005", "EUR"), ("0.5", "JPY"), ("5", "CHF")]
)
def test_an_amount_that_cannot_be_is_refused_and_nothing_is_kept(amount: str, code: str) -> None:
    order = make.order()

    with pytest.raises(Invalid) as refused:
        paying.record(Decimal(amount), code, order=None if code == "JPY" else order)

    assert refused.value.problems[0].path in (("amount",), ("currency",))
    assert contacts.events("payment.received") == []
