"""Phone numbers from what people type."""

import pytest
from django.core.exceptions import ValidationError

from contacts.phones import parse

IN_FULL = "Enter the phone number with its country code, such as +49 30 123456, or choose a country."


@pytest.mark.parametrize(
    ("raw", "region", "number"),
    [
        ("+49 30 123456", "", "+4930123456"),
        ("030 / 12 34 56", "DE", "+4930123456"),
        ("030 123456", "de", "+4930123456"),
        ("+49 (0)30 123456", "", "+4930123456"),
        ("  +4930123456  ", "", "+4930123456"),
        ("0049 30 123456", "", "+4930123456"),
        ("0049 30 123456", "DE", "+4930123456"),
        ("011 49 30 123456", "US", "+4930123456"),
        ("(202) 555-0123", "US", "+12025550123"),
        ("+1 202 555 0123", "DE", "+12025550123"),
        ("1-800-FLOWERS", "US", "+18003569377"),
        ("tel:+1-202-555-0123", "", "+12025550123"),
        ("+49 30 123456 ext. 5", "", "+4930123456"),
        ("٠٣٠ ١٢٣٤٥٦", "DE", "+4930123456"),
        ("+44 7700 900123", "", "+447700900123"),
    ],
)
def test_a_number_becomes_e164(raw: str, region: str, number: str) -> None:
    assert parse(raw, region) == number


@pytest.mark.parametrize(
    ("region", "raw", "number"),
    [
        ("AT", "01 58858-0", "+431588580"),
        ("AU", "(02) 9374 4000", "+61293744000"),
        ("BE", "02 123 45 67", "+3221234567"),
        ("BR", "(11) 2345-6789", "+551123456789"),
        ("CH", "044 668 18 00", "+41446681800"),
        ("CZ", "212 345 678", "+420212345678"),
        ("DK", "32 12 34 56", "+4532123456"),
        ("ES", "912 34 56 78", "+34912345678"),
        ("FR", "01.23.45.67.89", "+33123456789"),
        ("GB", "020 7946 0018", "+442079460018"),
        ("GR", "21 2345 6789", "+302123456789"),
        # Italy keeps its zero
        ("IT", "02 1234 5678", "+390212345678"),
        ("IN", "074104 10123", "+917410410123"),
        ("JP", "03-1234-5678", "+81312345678"),
        ("MX", "55 1234 5678", "+525512345678"),
        ("NL", "020-123 4567", "+31201234567"),
        ("NP", "01-4567890", "+97714567890"),
        ("PL", "12 345 67 89", "+48123456789"),
        # Russia's trunk prefix is 8
        ("RU", "8 (495) 123-45-67", "+74951234567"),
        ("SE", "08-123 456 78", "+46812345678"),
        ("TR", "0 (212) 345 67 89", "+902123456789"),
    ],
)
def test_a_number_as_its_country_writes_it(region: str, raw: str, number: str) -> None:
    assert parse(raw, region) == number


@pytest.mark.parametrize(
    ("raw", "region", "why"),
    [
        ("030 123456", "", IN_FULL),
        ("030 123456", "AQ", IN_FULL),
        ("+999 12345678", "", "No country has the code that “+999 12345678” begins with."),
        ("call me", "DE", "“call me” is no phone number."),
        ("", "DE", "“” is no phone number."),
        ("+49 1", "", "The phone number has too few digits."),
        ("+1 555 010", "", "The phone number has too few digits."),
        ("555-0100", "US", "Enter the phone number with its area code."),
        ("+49 1111111111111111", "", "The phone number has too many digits."),
        ("+" + "1" * 59, "", "The phone number has too many digits."),
        ("+49 30 123456 " + "x" * 60, "", "This is too long for a phone number."),
    ],
)
def test_what_is_no_number_is_refused_with_what_to_do(raw: str, region: str, why: str) -> None:
    with pytest.raises(ValidationError) as refused:
        parse(raw, region)

    assert refused.value.messages == [why]
