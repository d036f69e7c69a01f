from decimal import Decimal

import pytest

from triggers.text import TextError, render

VALUES = {
    "contact": {
        "score": 7,
        "price": Decimal("19.90"),
        "rate": 0.1,
        "typed": " 12.5 ",
        "word": "seven",
        "yes": True,
        "long": 10**28,
        "list": [1],
        "nothing": "",
    }
}


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("contact.score | plus: 1", "8"),
        ("contact.price | plus: 0.1", "20.00"),
        ("contact.rate | plus: 0.2", "0.3"),
        ("contact.typed | plus: 1", "13.5"),
        ("contact.missing | plus: 1", "1"),
        ("contact.nothing | plus: '2'", "2"),
        ("contact.score | minus: 10", "-3"),
        ("contact.price | minus: 0.90", "19.00"),
        ("contact.price | times: 3", "59.70"),
        ("contact.score | times: -2", "-14"),
        ("contact.score | divided_by: 2", "3"),
        ("contact.score | divided_by: 2.0", "3.5"),
        ("contact.price | divided_by: 2", "9.95"),
        ("contact.price | round", "20"),
        ("contact.price | round: 1", "19.9"),
        ("2.5 | round", "3"),
        ("2.345 | round: 2", "2.35"),
        ("2 | round: 2", "2"),
        ("10 | divided_by: 3.0 | round: 2", "3.33"),
        ("contact.price | floor", "19"),
        ("contact.price | ceil", "20"),
        ("-2.5 | floor", "-3"),
        ("-2.5 | ceil", "-2"),
        ("-7 | abs", "7"),
        ("-1.50 | abs", "1.5"),
        ("'-1.50' | abs", "1.50"),
    ],
)
def test_numbers_are_exact(expression: str, text: str) -> None:
    assert render(f"{{{{ {expression} }}}}", VALUES) == text


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("contact.word | plus: 1", "Line 1: “seven” is not a number."),
        ("contact.score | plus: contact.word", "Line 1: “seven” is not a number."),
        ("contact.yes | plus: 1", "Line 1: “true” is not a number."),
        ("contact.list | ceil", "Line 1: “1” is not a number."),
        ("'1e9' | plus: 1", "Line 1: “1e9” is not a number."),
        ("contact.score | divided_by: 0", "Line 1: A number cannot be divided by zero."),
        ("contact.price | divided_by: contact.missing", "Line 1: A number cannot be divided by zero."),
        ("contact.long | plus: 1", "Line 1: A number in this text has more than 28 digits."),
        ("contact.price | round: 11", "Line 1: The filter “round” takes 0 to 10 decimals."),
        ("contact.price | round: -1", "Line 1: The filter “round” takes 0 to 10 decimals."),
    ],
)
def test_what_cannot_be_calculated_says_so(expression: str, message: str) -> None:
    with pytest.raises(TextError) as raised:
        render(f"{{{{ {expression} }}}}", VALUES)

    assert str(raised.value) == message
