"""A merge field gets a fallback where it is printed bare, and nowhere else."""

import pytest

from triggers.text.checking import bare_fields
from triggers.text.fallbacks import with_default

NAME = "contact.first_name"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Dear {{ contact.first_name }},", 'Dear {{ contact.first_name | default: "customer" }},'),
        ("{{contact.first_name}}", '{{contact.first_name | default: "customer"}}'),
        ("{{- contact.first_name -}}!", '{{- contact.first_name | default: "customer" -}}!'),
        ("{{ contact.first_name | upcase }}", '{{ contact.first_name | upcase | default: "customer" }}'),
        ('{{ contact.first_name|default: "you" }}', '{{ contact.first_name|default: "you" }}'),
        ("{{ contact.first_name_old }}{{ contact.first_name.x }}", "{{ contact.first_name_old }}{{ contact.first_name.x }}"),
        ("{% if contact.first_name %}Hi{% endif %}", "{% if contact.first_name %}Hi{% endif %}"),
        ("no field", "no field"),
    ],
)  # fmt: skip
def test_a_place_that_prints_the_field_gets_the_word(before: str, after: str) -> None:
    assert with_default(before, NAME, "customer") == after
    assert NAME not in bare_fields(after)
