"""Certificates: once for an occasion, word by word as it was, and again once the last is over."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from contacts.tests import make as contacts
from courses import certifying, learning
from courses.models import Certificate, Enrolment
from courses.tests import make
from triggers.problems import Invalid

pytestmark = pytest.mark.django_db


def test_it_keeps_its_words_when_everything_changes() -> None:
    anna, product = contacts.contact(first_name="Anna", last_name="Schmidt"), make.course()
    row = certifying.issue(anna, make.template(product), make.at(10), uuid4())

    product.title = "Sanding"
    product.save()
    anna.first_name = "Hanna"
    anna.save()
    row.refresh_from_db()

    assert (row.name, row.course, row.text) == ("Anna Schmidt", "Oiling", "Anna Schmidt knows all about Oiling.")


def test_the_day_of_completion_stands_in_it() -> None:
    anna, product = contacts.contact(), make.course(lessons=1)
    template = make.template(product, text="On {{ course.completed_on }}.")
    learning.note(anna, make.lessons_of(product)[0], "completed", make.at(9))

    assert certifying.issue(anna, template, make.at(10), uuid4()).text.startswith("On ")
    assert "2026" in Certificate.objects.get().text


def test_there_is_one_while_it_is_valid_and_another_after_that() -> None:
    anna, template, now = contacts.contact(), make.template(make.course(), valid_days=10), make.at(10)
    first = certifying.issue(anna, template, now, uuid4())

    same = certifying.issue(anna, template, now + timedelta(days=9), uuid4())
    further = certifying.issue(anna, template, now + timedelta(days=10), uuid4())
    certifying.revoke(further, now + timedelta(days=11))
    third = certifying.issue(anna, template, now + timedelta(days=11), uuid4())

    assert same == first
    assert len({first.number, further.number, third.number}) == 3
    assert first.expires_at == now + timedelta(days=10)


def test_one_occasion_is_one_certificate_for_the_database_too() -> None:
    row = certifying.issue(contacts.contact(), make.template(make.course()), make.at(10), uuid4())

    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.create(key=row.key, contact=row.contact, template=row.template)


def test_what_is_revoked_is_not_revoked_again() -> None:
    row = certifying.issue(contacts.contact(), make.template(make.course()), make.at(10), uuid4())
    certifying.revoke(row, make.at(11))

    with pytest.raises(Invalid, match="revoked already"):
        certifying.revoke(row, make.at(12))
    assert Certificate.objects.get().revoked_at == make.at(11)


@pytest.mark.parametrize(
    "text", ["{{ contact.nothing }}", "{{ course.price }}", "{{ user.password }}", "{% if %}", "{{ x"]
)
def test_a_text_that_cannot_be_filled_in_is_told_at_its_field(text: str) -> None:
    template = make.template(make.course(), text=text)

    with pytest.raises(ValidationError) as refused:
        template.full_clean()

    assert list(refused.value.message_dict) == ["text"]


def test_a_template_that_breaks_does_not_undo_what_was_completed() -> None:
    anna, product = contacts.contact(), make.course(lessons=1)
    make.template(product, text="{% for x in (1..99999) %}{% for y in (1..99999) %}a{% endfor %}{% endfor %}",
                  on_completion=True)  # fmt: skip

    learning.note(anna, make.lessons_of(product)[0], "completed", make.at(9))

    assert Enrolment.objects.get().completed_at == make.at(9)
    assert not Certificate.objects.exists()
