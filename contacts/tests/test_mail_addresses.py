"""Addresses that are the same are spelled the same."""

import pytest

from contacts.mail_addresses import tidied


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("Mia+News@MÜNCHEN.example", "Mia+News@münchen.example"),
        ("Mia+News@xn--mnchen-3ya.example", "Mia+News@münchen.example"),
        ("mia@XN--MNCHEN-3YA.Example", "mia@münchen.example"),
        ("mia@mail.xn--e1afmkfd.example", "mia@mail.пример.example"),
        ("mia@xn--0.example", "mia@xn--0.example"),
        ("mia@xn--é.example", "mia@xn--é.example"),
        ("no address", "no address"),
        ("", ""),
    ],
)
def test_a_domain_is_kept_as_it_is_read(address: str, kept: str) -> None:
    assert tidied(address) == kept
