"""Amounts as JSON and as staff read them; currencies are never added together."""

from decimal import Decimal

import pytest

from contacts import money

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("value", "currency", "plain", "shown"),
    [
        (None, "EUR", None, ""),
        (Decimal("22000.000"), "EUR", "22000.00", f"€{NBSP}22,000"),
        (Decimal("1234.5"), "CHF", "1234.50", f"CHF{NBSP}1,234.50"),
        (Decimal("500"), "JPY", "500", f"¥{NBSP}500"),
        (Decimal("1.005"), "KWD", "1.005", f"KWD{NBSP}1.005"),
        (Decimal(0), "EUR", "0.00", f"€{NBSP}0"),
    ],
)
def test_an_amount(value: Decimal | None, currency: str, plain: str | None, shown: str) -> None:
    assert money.plain(value, currency) == plain
    assert money.shown(value, currency) == shown


def test_sums_stand_beside_each_other() -> None:
    assert money.totals({"EUR": Decimal(5), "CHF": Decimal(3), "USD": None}) == f"CHF{NBSP}3 · €{NBSP}5"
    assert money.totals({}) == ""
