"""`affiliate` and `affiliate_enrolment` in conditions and messages."""

from decimal import Decimal
from typing import Any

import pytest

from affiliates import selling
from affiliates.facts import AffiliateFacts, EnrolmentFacts
from affiliates.tests import make
from contacts.models import Contact
from contacts.tests import make as contacts
from triggers import text

pytestmark = pytest.mark.django_db


def test_all_are_loaded_in_a_constant_number_of_queries(django_assert_num_queries: Any) -> None:
    shop = make.campaign()
    for number in range(3):
        own = make.enrolment(make.affiliate(f"a{number}bc"), shop)
        make.referral(contacts.contact(email=f"{number}@example.org"), own)
        make.sale(own)
    people = list(Contact.objects.values_list("pk", flat=True))

    with django_assert_num_queries(6):
        AffiliateFacts().load(people)
    with django_assert_num_queries(4):
        EnrolmentFacts().load([1, 2, 3])


def test_an_affiliate_with_what_was_sold_and_earned() -> None:
    own, mia = make.enrolment(), contacts.contact()
    make.sale(own, "100"), make.sale(own, "20.50")
    selling.give_back(make.sale(own, "60"), Decimal(60))
    make.referral(mia, own)

    found = AffiliateFacts().load([own.affiliate.contact_id, mia.pk, 9999])

    jonas, other = found[own.affiliate.contact_id], found[mia.pk]
    assert (jonas["is_affiliate"], jonas["code"], jonas["campaigns"], jonas["sales"]) == (True, "jonas", {"Shop"}, 2)
    assert (jonas["revenue_amount"], jonas["commission_amount"]) == (Decimal("120.5"), Decimal("12.05"))
    assert "120.50" in jonas["revenue"]
    assert (other["is_affiliate"], other["code"], other["sales"]) == (False, None, 0)
    assert (other["referred_by"], other["referred_at"]) == ("jonas", make.NOON)
    assert 9999 not in found
    assert set(jonas) == set(other) == set(AffiliateFacts().fields())


def test_currencies_are_told_side_by_side_and_never_added() -> None:
    own = make.enrolment()
    make.sale(own, "100"), make.sale(own, "3000", "JPY")

    found = EnrolmentFacts().load([own.pk])[own.pk]

    assert (found["revenue_amount"], found["commission_amount"]) == (None, None)
    assert " · " in found["commission"]
    assert set(found) == set(EnrolmentFacts().fields())


def test_the_link_to_the_page_is_shown_in_no_verdict() -> None:
    assert AffiliateFacts().fields()["magic_link"].sensitive
    assert EnrolmentFacts().fields()["magic_link"].sensitive


def test_texts_may_name_them() -> None:
    own = make.enrolment()
    values = {"affiliate_enrolment": EnrolmentFacts().load([own.pk])[own.pk]}

    said = text.render("{{ affiliate_enrolment.name }}: {{ affiliate_enrolment.referral_link }}", values)

    assert said.startswith("Jonas: http")
    assert said.endswith("/r/jonas/shop/")
