"""order.form_submitted: which forms and products a trigger may ask for."""

from typing import Any

import pytest

from commerce.tests import make
from contacts.tests import make as contacts
from contacts.tests.events.narrowing import refused, starts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, True),
        ({"forms": ["form"]}, True),
        ({"forms": ["other"]}, False),
        ({"kinds": ["sale", "upsell"]}, True),
        ({"kinds": ["opt_in"]}, False),
        ({"products": ["oil"]}, True),
        ({"products": ["brush"]}, False),
        ({"not_products": ["oil", "brush"]}, False),
        ({"not_products": ["brush"]}, True),
        ({"prices": ["oil price"]}, True),
        ({"amount_min": "49.90", "amount_max": "49.90", "currency": "EUR"}, True),
        ({"amount_min": "50"}, False),
        ({"currency": "CHF"}, False),
        ({"tags": ["VIP"]}, False),
    ],
)
def test_what_a_trigger_may_ask_for(config: dict[str, Any], expected: bool) -> None:
    oil, brush = make.price(), make.price(5, "Brush")
    form, other = make.order_form(oil), make.order_form(brush, name="Other")
    numbers = {
        "form": form.pk, "other": other.pk, "oil": oil.product_id, "brush": brush.product_id, "oil price": oil.pk,
    }  # fmt: skip
    make.send(form)

    [event] = contacts.events("order.form_submitted")

    asked = {k: [numbers.get(each, each) for each in v] if isinstance(v, list) else v for k, v in config.items()}
    assert starts(event, **asked) is expected
    assert (event.data["total"], event.data["product_ids"]) == ("49.90", [str(oil.product_id)])


def test_what_is_not_there_is_refused_at_its_field() -> None:
    assert refused("order.form_submitted", products=[99]) == [("products",)]
    assert refused("order.form_submitted", amount_min=5, amount_max=1) == [()]
    assert refused("order.form_submitted", currency="euro") == [("currency",)]
