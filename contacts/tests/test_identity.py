"""Finding contacts, and that nobody is made twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction
from django.db.models.functions import Lower

from contacts import services
from contacts.identity import find, find_further, identities, one_at_a_time
from contacts.models import Contact
from contacts.tests import make


@pytest.mark.django_db
@pytest.mark.parametrize(
    "match",
    [
        {"email": "mia@example.org"},
        {"email": " MIA@Example.ORG "},
        {"phone": "+49 30 123456"},
        {"external_id": "c-7"},
        {"email": "mia@example.org", "phone": "+4930123456", "external_id": "c-7"},
        {"email": "mia@example.org", "phone": "", "external_id": None},
    ],
)
def test_a_contact_is_found_by_everything_given(match: dict[str, Any]) -> None:
    mia = make.contact(email="Mia@example.org", phone="+4930123456", external_id="c-7")
    make.contact(email="ben@example.org")

    assert find(match) == mia


@pytest.mark.django_db
@pytest.mark.parametrize(
    "match",
    [
        {"email": "ben@example.org"},
        {"email": "mia@example.org", "phone": "+4930999999"},
        {"email": "mia@example.org", "external_id": "c-8"},
        {"external_id": "C-7"},
        {"email": ""},
        {},
    ],
)
def test_nobody_is_found_when_something_given_differs_or_nothing_is(match: dict[str, Any]) -> None:
    make.contact(email="Mia@example.org", phone="+4930123456", external_id="c-7")
    make.contact(email="", phone="", external_id="")

    assert find(match) is None


@pytest.mark.django_db
def test_of_several_the_oldest_is_found() -> None:
    first, _second = make.contact(phone="+4930123456"), make.contact(phone="+4930123456")

    assert find({"phone": "+4930123456"}) == first


@pytest.mark.django_db
def test_a_phone_without_country_code_is_read_as_of_the_region() -> None:
    mia = make.contact(phone="+4930123456")

    assert find({"phone": "030 123456"}, region="DE") == mia


@pytest.mark.parametrize(
    ("match", "why"),
    [
        ({"phone": "030 123456"},
         {"phone": ["Enter the phone number with its country code, such as +49 30 123456, or choose a country."]}),
        ({"email": "mia"}, {"email": ["Enter a valid email address."]}),
        ({"first_name": "Mia"}, {"first_name": ["Find contacts by external_id, email or phone."]}),
    ],
)  # fmt: skip
def test_what_cannot_be_looked_for_is_refused(match: dict[str, str], why: dict[str, list[str]]) -> None:
    with pytest.raises(ValidationError) as refused:
        find(match)

    assert refused.value.message_dict == why


def test_identities_are_in_the_form_in_which_they_are_compared() -> None:
    found = identities({"email": "Mia@Example.org", "phone": "030 123456", "external_id": " c-7 "}, "DE")

    assert found == {"email": "mia@example.org", "phone": "+4930123456", "external_id": "c-7"}


@pytest.mark.django_db
def test_finding_by_email_uses_its_index() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")

    plan = Contact.objects.alias(email_lower=Lower("email")).filter(email_lower="mia@example.org").explain()

    assert "contact_email" in plan


@pytest.mark.django_db(transaction=True)
def test_the_lock_wants_a_transaction_to_last_for() -> None:
    with pytest.raises(transaction.TransactionManagementError, match="begin one"):
        one_at_a_time(["email:mia@example.org"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("match", "values"),
    [
        ({"email": "mia@example.org"}, {"first_name": "Mia"}),
        ({"external_id": "c-7"}, {"email": "mia@example.org"}),
        ({"phone": "030 123456"}, {"country": "DE"}),
    ],
)
def test_posts_of_one_person_at_once_make_one_contact(match: dict[str, str], values: dict[str, str]) -> None:
    ready = Barrier(8)

    def post(_number: int) -> tuple[int, bool]:
        ready.wait(10)
        try:
            contact, created = services.find_or_create(match, values)
            return contact.pk, created
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(post, range(8)))

    assert sorted(created for _pk, created in answers) == [False] * 7 + [True]
    assert len({pk for pk, _created in answers}) == 1
    assert Contact.objects.count() == 1
    assert len(make.events("contact.created")) == 1


@pytest.mark.django_db
def test_a_domain_that_a_browser_wrote_as_ascii_is_the_same() -> None:
    mia = make.contact(email="mia@münchen.example")

    assert find({"email": "Mia@xn--mnchen-3ya.example"}) == mia


@pytest.mark.django_db
def test_a_further_address_finds_its_contact_too_and_what_only_looks_like_it_does_not() -> None:
    older = make.contact(email="a@example.org", extra_emails=["Anna_S@Example.org", "jürgen@example.org"])
    make.contact(email="b@example.org", extra_emails=["anna_s@example.org"], extra_phones=["+4930123456"])
    phoned = Contact.objects.get(email="b@example.org")

    assert find_further({"email": "anna_s@example.org"}) == older
    assert find_further({"phone": "+49 30 123456"}) == phoned
    assert find_further({"email": "annaXs@example.org"}) is None
    assert find_further({"email": "s@example.org"}) is None
    assert find_further({"phone": "", "email": None}) is None
