"""Becoming an affiliate and being enrolled: once, by whatever door, and at once as well."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from affiliates import enrolling
from affiliates.models import Affiliate, Enrolment
from affiliates.tests import make
from contacts.models import Contact
from contacts.tests import make as contacts
from triggers.models import Event


@pytest.mark.django_db
def test_a_contact_is_an_affiliate_once() -> None:
    mia = contacts.contact()

    made, again = enrolling.make(mia, code="mia-cooks"), enrolling.make(mia, status="pending", code="other")

    assert (made[0].code, made[0].status, made[1]) == ("mia-cooks", "active", True)
    assert again == (made[0], False)
    assert Affiliate.objects.get().code == "mia-cooks"


@pytest.mark.django_db
def test_codes_are_made_that_say_nothing() -> None:
    codes = [enrolling.make(contacts.contact(email=f"{n}@example.org"))[0].code for n in range(20)]

    assert len(set(codes)) == 20
    assert {len(code) for code in codes} == {8}
    assert all(code[0].isalpha() for code in codes)


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["Jonas", "4711", "ab", "a b c", "jönas", "-jonas", "j" * 41, "jonas\n"])
def test_what_is_no_code_is_refused_at_its_field(code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        enrolling.make(contacts.contact(), code=code)

    assert list(refused.value.message_dict) == ["code"]
    assert not Affiliate.objects.exists()


@pytest.mark.django_db
def test_a_code_that_is_taken_is_refused() -> None:
    make.affiliate("Jonas")

    with pytest.raises(ValidationError) as refused:
        enrolling.make(contacts.contact(), code="jonas")

    assert list(refused.value.message_dict) == ["code"]


@pytest.mark.django_db
def test_signing_up_makes_a_pending_affiliate_of_a_contact() -> None:
    shop = make.campaign()

    made = enrolling.sign_up(shop, "Leo Maier", "leo@example.org")
    again = enrolling.sign_up(shop, "Leo Maier", "LEO@example.org")

    leo = Contact.objects.get()
    assert (leo.first_name, leo.last_name, leo.source) == ("Leo", "Maier", "Shop")
    assert (made.affiliate.contact, made.affiliate.status) == (leo, "pending")
    assert again == made
    assert [event.type for event in Event.objects.filter(type__startswith="affiliate.").order_by("pk")] == [
        "affiliate.created", "affiliate.campaign_enrolled",
    ]  # fmt: skip


@pytest.mark.django_db
def test_signing_up_takes_nothing_from_who_is_active() -> None:
    shop, jonas = make.campaign(), make.affiliate("Jonas")

    made = enrolling.sign_up(shop, "Jonas", "jonas@example.org")

    assert (made.affiliate, made.affiliate.status) == (jonas, "active")


@pytest.mark.django_db
def test_a_closed_campaign_takes_nobody_in_who_signs_up() -> None:
    shop = make.campaign(open=False)

    with pytest.raises(ValidationError, match="Shop takes nobody in at present"):
        enrolling.sign_up(shop, "Leo", "leo@example.org")

    assert not Contact.objects.exists()
    assert enrolling.enrol(make.affiliate(), shop)[1] is True


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_two_who_enrol_at_once_are_one_enrolment_and_one_event() -> None:
    mia, shop, ready = contacts.contact(), make.campaign(), Barrier(4)

    def one(_number: int) -> Any:
        ready.wait(10)
        try:
            made, _is_new = enrolling.make(mia)
            return enrolling.enrol(made, shop)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(one, range(4)))

    assert sum(is_new for _row, is_new in found) == 1
    assert {row.pk for row, _is_new in found} == {Enrolment.objects.get().pk}
    assert Event.objects.filter(type="affiliate.created").count() == 1
    assert Event.objects.filter(type="affiliate.campaign_enrolled").count() == 1
