"""Fields that messages read and that those who match have left empty."""

from typing import Any

import pytest
from django.utils import timezone

from triggers.explaining.gaps import Gap, gaps
from triggers.tests import make

GERMAN = {"field": "contact.country", "op": "is", "value": "DE"}


def draft(subject: str, text: str = "Good day") -> dict[str, Any]:
    mail = make.action("m", "email.send", subject=subject, text=text)
    return make.document(mail, triggers=[{**make.TAGGED, "conditions": GERMAN}])


@pytest.mark.django_db
def test_those_who_match_and_have_left_it_empty_are_counted() -> None:
    for number, (name, country) in enumerate([("", "DE"), ("", "DE"), ("Anna", "DE"), ("", "FR")]):
        make.tag(make.contact(first_name=name, country=country, email=f"{number}@example.org"))

    found = gaps(draft("Welcome {{ contact.first_name }} to {{ organisation.name }}"), timezone.now())

    path = ("actions", 0, "config", "subject")
    assert found == [Gap(path, "contact.first_name", "first name", 2, "Welcome  to …")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "subject",
    ["Welcome", "{{ contact.first_name | default: 'you' }}", "{% if contact.first_name %}{{ contact.first_name }}{% endif %}",
     "{{ vars.first_name }}", "{{ contact.first_name"],
)  # fmt: skip
def test_a_fallback_a_block_and_other_fields_leave_no_gap(subject: str) -> None:
    make.tag(make.contact(first_name="", country="DE"))

    assert gaps(draft(subject), timezone.now()) == []


@pytest.mark.django_db
def test_without_a_contact_there_is_nobody_to_count() -> None:
    document = draft("Welcome {{ contact.first_name }}") | {"triggers": []}

    assert gaps(document, timezone.now()) == []
