"""Signing up on an offer's page, and checking a certificate by its link."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from contacts.models import Contact
from contacts.tests import make as contacts
from courses import certifying, public
from courses.models import Access, Certificate
from courses.tests import make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
GOOD = {"name": "Anna Schmidt", "email": "anna@example.org"}


@pytest.fixture(autouse=True)
def _nobody_asked_yet() -> None:
    cache.clear()


def certificate(**fields: object) -> Certificate:
    return certifying.issue(contacts.contact(), make.template(make.course(), **fields), timezone.now(), uuid4())


def checked(row: Certificate) -> tuple[int, str]:
    answer = Client().get(f"/certificate/{row.number}/")
    return answer.status_code, visit.words(answer.content.decode())


def test_an_open_offer_shows_what_it_holds_and_takes_people_in() -> None:
    offer = make.offer(
        make.course(), make.course("Hidden", published=False), open=True, price_text="€ 49", access_days=1
    )

    page = visit.words(Client().get(f"/learn/offer/{offer.key}/").content.decode())
    answer = Client().post(f"/learn/offer/{offer.key}/", GOOD)

    assert "€ 49" in page
    assert "Oiling" in page
    assert "Hidden" not in page
    assert "Open to you for 1 day." in page
    assert "Look into your mailbox" in answer.content.decode()
    assert Access.objects.get().reason == "Signed up"


@pytest.mark.parametrize(
    ("given", "field"),
    [({"name": ""}, "name"), ({"email": ""}, "email"), ({"email": "anna"}, "email"), ({"name": "x" * 201}, "name"),
     ({"email": "a" * 250 + "@b.de"}, "email")],
)  # fmt: skip
def test_what_does_not_fit_is_told_at_its_field_and_nobody_is_made(given: dict[str, str], field: str) -> None:
    offer = make.offer(make.course(), open=True)

    answer = Client().post(f"/learn/offer/{offer.key}/", {**GOOD, **given})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Contact.objects.exists()


def test_a_closed_offer_takes_nobody_and_one_that_is_not_there_is_a_404() -> None:
    offer = make.offer(make.course())

    answers = [Client().get(f"/learn/offer/{offer.key}/"), Client().post(f"/learn/offer/{offer.key}/", GOOD)]

    assert [each.status_code for each in answers] == [410, 410]
    assert Client().get("/learn/offer/none/").status_code == 404
    assert not Contact.objects.exists()


def test_what_fills_in_the_field_that_nobody_sees_signs_nobody_up() -> None:
    offer = make.offer(make.course(), open=True)

    assert Client().post(f"/learn/offer/{offer.key}/", {**GOOD, public.TRAP: "x"}).status_code == 200
    assert not Contact.objects.exists()


def test_the_answer_is_the_same_for_whoever_is_known() -> None:
    contacts.contact(email="known@example.org")
    offer = make.offer(make.course(), open=True)

    known, new = (
        Client().post(f"/learn/offer/{offer.key}/", {**GOOD, "email": email})
        for email in ("known@example.org", "new@example.org")
    )

    assert known.content == new.content


def test_a_certificate_says_valid_expired_or_revoked() -> None:
    valid = certificate(title="Valid", valid_days=30)

    assert "Valid: " in checked(valid)[1]
    Certificate.objects.filter(pk=valid.pk).update(expires_at=timezone.now() - timedelta(days=1))
    assert "Expired on" in checked(valid)[1]
    Certificate.objects.filter(pk=valid.pk).update(revoked_at=timezone.now())
    status, words = checked(valid)
    assert status == 200
    assert "Revoked on" in words
    assert "Valid: " not in words


def test_a_guessed_one_is_a_plain_404() -> None:
    certificate()

    guessed, nowhere = Client().get("/certificate/22222222222222222222/"), Client().get("/nowhere/")

    assert (guessed.status_code, guessed.content) == (404, nowhere.content)


def test_numbers_are_long_and_no_two_are_alike() -> None:
    from courses.models.certificate import LENGTH, LETTERS, new_number

    made = {new_number() for _each in range(200)}

    assert len(made) == 200
    assert len(LETTERS) ** LENGTH > 2**96
    assert all(len(each) == LENGTH and set(each) <= set(LETTERS) for each in made)
