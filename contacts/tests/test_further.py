"""Further addresses are filed in the transaction of their contact's change, by whatever door it comes."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from contacts import further, services
from contacts.dedupe import merging
from contacts.identity import find_further
from contacts.models import Contact, FurtherAddress
from contacts.tests import make

pytestmark = pytest.mark.django_db
HOME, PHONE = "mia@home.example", "+4930123456"


def filed() -> list[tuple[int, str]]:
    return list(FurtherAddress.objects.order_by("contact_id", "value").values_list("contact_id", "value"))


def by_save(mia: Contact) -> None:
    mia.extra_emails, mia.extra_phones = ["Mia@Home.example"], [PHONE]
    mia.save()


def by_service(mia: Contact) -> None:
    services.update(mia, {"extra_emails": ["Mia@Home.example"], "extra_phones": ["+49 30 123456"]})


def by_update(mia: Contact) -> None:
    Contact.objects.filter(pk=mia.pk).update(extra_emails=["Mia@Home.example"], extra_phones=[PHONE])


def by_bulk_update(mia: Contact) -> None:
    mia.extra_emails, mia.extra_phones = ["Mia@Home.example"], [PHONE]
    Contact.objects.bulk_update([mia], ["extra_emails", "extra_phones"])


@pytest.mark.parametrize("write", [by_save, by_service, by_update, by_bulk_update])
def test_by_every_door_what_was_just_written_is_found_and_what_went_is_not(write: Callable[[Contact], None]) -> None:
    mia = make.contact(extra_emails=["old@home.example"])
    make.contact(extra_emails=["ben@home.example"])

    write(mia)

    assert find_further({"email": HOME}) == find_further({"phone": PHONE}) == mia
    assert find_further({"email": "old@home.example"}) is None
    assert filed()[:2] == [(mia.pk, PHONE), (mia.pk, HOME)]


def test_new_contacts_are_found_one_by_one_and_in_bulk() -> None:
    one = make.contact(extra_emails=[HOME, "MIA@home.example"])
    two, _three = Contact.objects.bulk_create([Contact(extra_phones=[PHONE]), Contact(first_name="Ben")])

    assert filed() == [(one.pk, HOME), (two.pk, PHONE)]
    assert find_further({"phone": PHONE}) == two


def test_a_change_of_something_else_asks_nothing() -> None:
    mia = make.contact(extra_emails=[HOME])
    mia.first_name = "Maria"

    with CaptureQueriesContext(connection) as asked:
        mia.save()

    assert [query for query in asked.captured_queries if "furtheraddress" in query["sql"]] == []


def test_what_is_taken_back_was_never_filed() -> None:
    mia = make.contact()

    with transaction.atomic():
        by_save(mia)
        transaction.set_rollback(True)

    assert filed() == []


def test_a_stale_instance_does_not_unfile_what_another_wrote() -> None:
    mia = make.contact()
    stale = Contact.objects.get(pk=mia.pk)
    by_save(mia)

    stale.extra_phones = ["+4930777777"]
    stale.save()

    assert filed() == [(mia.pk, "+4930777777"), (mia.pk, HOME)]


def test_addresses_of_a_merged_contact_find_the_survivor() -> None:
    gone, stays = make.contact(extra_emails=[HOME]), make.contact(email="m@work.example")

    merging.merge(stays.pk, gone.pk)

    assert find_further({"email": HOME}) == stays
    assert {contact_id for contact_id, _value in filed()} == {stays.pk}


@pytest.mark.parametrize("odd", [[None, 7, {}], [" "], ["a" * 255], "mia@home.example", {"a": 1}])
def test_what_is_no_address_is_left_out(odd: object) -> None:
    make.contact(extra_emails=odd)

    assert filed() == []


def test_many_contacts_take_as_many_statements_as_few() -> None:
    def statements(count: int, domain: str) -> int:
        people = [Contact(extra_emails=[f"{n}@{domain}"]) for n in range(count)]
        with CaptureQueriesContext(connection) as asked:
            Contact.objects.bulk_create(people)
        return len([query for query in asked.captured_queries if "furtheraddress" in query["sql"]])

    assert statements(2, "a.example") == statements(200, "b.example") == 1


@pytest.mark.parametrize("match", [{"email": "700@home.example"}, {"phone": "+4930100700"}])
def test_the_plan_goes_by_index_on_both_databases(match: dict[str, str]) -> None:
    Contact.objects.bulk_create(
        Contact(extra_emails=[f"{n}@home.example"], extra_phones=[f"+4930{n + 100000}"]) for n in range(2000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as asked:
        assert find_further(match) is not None

    (query,) = asked.captured_queries
    with connection.cursor() as cursor:
        how = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        cursor.execute(f"{how} {query['sql']}")
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())

    by_value = "(value=?)" if connection.vendor == "sqlite" else "further_address_once"
    assert by_value in plan
    assert "Seq Scan" not in plan
    assert "SCAN " not in plan


def test_addresses_are_compared_without_case_and_blanks() -> None:
    assert further.compared(" Mia@Home.Example ") == HOME
