"""What the models of courses refuse, and what they keep."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from contacts.tests import make as contacts
from courses import granting
from courses.models import Access, Enrolment, Lesson, Product
from courses.tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address", ["http://films.example.org/a.mp4", "javascript:alert(1)", "//x.example/a.mp4", "a.mp4"]
)
def test_a_film_has_an_https_address_or_one_of_ours(address: str) -> None:
    lesson = make.lessons_of(make.course())[0]
    lesson.video_url = address

    with pytest.raises(ValidationError) as refused:
        lesson.full_clean()

    assert list(refused.value.message_dict) == ["video_url"]


@pytest.mark.parametrize("address", ["", "https://films.example.org/a.mp4", "/media/a.mp4"])
def test_those_are_taken(address: str) -> None:
    lesson = make.lessons_of(make.course())[0]
    lesson.video_url = address

    lesson.full_clean()


def test_an_empty_number_outside_is_none_and_another_is_there_once() -> None:
    one, other = make.course(external_id=""), make.course("Sanding", external_id="")

    assert (one.external_id, other.external_id) == (None, None)
    Product.objects.filter(pk=one.pk).update(external_id="C-1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.filter(pk=other.pk).update(external_id="C-1")


def test_an_offer_is_held_once_and_an_enrolment_is_there_once() -> None:
    anna, product = contacts.contact(), make.course()
    offer = make.offer(product)
    granting.grant(anna, offer)

    for model, fields in ((Access, {"offer": offer}), (Enrolment, {"product": product})):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(contact=anna, **fields)


def test_what_somebody_holds_or_learned_is_not_deleted() -> None:
    product = make.course()
    offer = make.offer(product)
    granting.grant(contacts.contact(), offer)

    for row in (offer, product):
        with pytest.raises(ProtectedError), transaction.atomic():
            row.delete()


def test_lessons_stand_in_their_order() -> None:
    product = make.course(categories=2, lessons=2)
    Lesson.objects.filter(title="Lesson 2.2").update(position=0)

    assert [each.title for each in Lesson.objects.all()] == ["Lesson 1.1", "Lesson 1.2", "Lesson 2.2", "Lesson 2.1"]
    assert product.categories.count() == 2
