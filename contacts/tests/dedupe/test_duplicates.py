"""Who is probably stored twice: found by what they share, and not asked about again once somebody said no."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.dedupe import duplicates, merging
from contacts.models import Contact, ContactKey, Duplicate, DuplicateSearch

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)


def search(now: datetime = NOW) -> list[tuple[int, int, list[str]]]:
    duplicates.ask(now)
    while duplicates.go_on(now):
        pass
    return [(row.first_id, row.second_id, row.reasons) for row in Duplicate.objects.filter(dismissed_at=None)]


def made(**values: Any) -> Contact:
    return Contact.objects.create(**values)


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ({"email": "Mia@Example.org"}, {"email": "mia@example.org"}, "email"),
        ({"email": "mia@example.org"}, {"email": "m@work.example", "extra_emails": ["MIA@example.org"]}, "email"),
        ({"phone": "+4930901820"}, {"phone": "+4989123456", "extra_phones": ["+4930901820"]}, "phone"),
        ({"external_id": "A-7"}, {"external_id": "A-7"}, "external"),
        (
            {"first_name": "Mia", "last_name": "Brandt", "company": "Oak GmbH"},
            {"first_name": "MIA", "last_name": " Brandt", "company": "oak  gmbh"}, "company",
        ),
        (
            {"first_name": "Zoë", "last_name": "Ek", "birth_date": date(1990, 5, 17)},
            {"first_name": "Zoe\u0308", "last_name": "Ek", "birth_date": date(1990, 5, 17)}, "birth",
        ),
    ],
)  # fmt: skip
def test_what_two_contacts_share_makes_them_probable_duplicates(one: Any, other: Any, reason: str) -> None:
    first, second = made(**one), made(**other)

    assert search() == [(first.pk, second.pk, [reason])]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"first_name": "Mia", "last_name": "Brandt"}, {"first_name": "Mia", "last_name": "Brandt"}),
        ({"first_name": "Mia", "company": "Oak"}, {"first_name": "Mia", "company": "Oak"}),
        ({"email": "", "phone": "", "external_id": "", "first_name": "A"}, {"first_name": "B"}),
        ({"email": "a@example.org"}, {"email": "b@example.org"}),
        ({"phone": "+4930901820"}, {"external_id": "+4930901820"}),
    ],
)
def test_less_says_nothing(one: Any, other: Any) -> None:
    made(**one), made(**other)

    assert search() == []


def test_several_reasons_are_surer_and_come_first() -> None:
    made(phone="+4930901820"), made(phone="+4930901820")
    sure = [made(email="mia@example.org", phone="+4940111222") for _n in range(2)]

    found = search()

    assert found[0] == (sure[0].pk, sure[1].pk, ["email", "phone"])
    assert Duplicate.objects.first().why() == "same e-mail, same phone"


def test_three_of_one_are_each_paired_with_the_oldest() -> None:
    one, two, three = (made(email="mia@example.org") for _n in range(3))

    assert {(a, b) for a, b, _why in search()} == {(one.pk, two.pk), (one.pk, three.pk)}


def test_what_a_crowd_shares_says_nothing() -> None:
    for _n in range(duplicates.CROWD + 1):
        made(phone="+4930901820")

    assert search() == []


def test_the_search_comes_through_in_batches_and_starts_anew_the_next_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "BATCH", 3)
    for n in range(7):
        made(email=f"{n % 4}@example.org")

    duplicates.ask(NOW)
    assert duplicates.go_on(NOW, batches=1) == 3
    assert DuplicateSearch.objects.get().position == Contact.objects.order_by("pk")[2].pk
    assert len(search()) == 3

    row = DuplicateSearch.objects.get()
    assert (row.position, row.finished_at, row.due_at) == (0, NOW, NOW + timedelta(days=1))
    assert (DuplicateSearch.due(NOW), DuplicateSearch.due(NOW + timedelta(days=1))) == (False, True)


def test_who_is_no_duplicate_any_more_is_taken_back() -> None:
    made(email="mia@example.org")
    second = made(email="mia@example.org")
    assert len(search()) == 1

    second.email = "other@example.org"
    second.save()

    assert search() == []
    assert ContactKey.objects.filter(contact=second).count() == 1


def test_looking_at_a_third_drops_no_reason_of_two_others() -> None:
    made(email="anna@example.org", phone="+49301234567")
    made(email="anna@example.org", phone="+49301234567")
    before = search()
    third = made(phone="+49301234567")

    duplicates.look_at([third], NOW)

    known = {(row.first_id, row.second_id): row.reasons for row in Duplicate.objects.all()}
    [(first, second, reasons)] = before
    assert known == {(first, second): reasons, (first, third.pk): ["phone"]}
    assert len(reasons) == 2


def test_a_no_is_remembered() -> None:
    made(email="mia@example.org"), made(email="mia@example.org")
    search()

    assert duplicates.dismiss(Duplicate.objects.all()) == 1
    assert search() == []
    assert Duplicate.objects.count() == 1


def test_merging_them_ends_the_suggestion() -> None:
    one, two, three = (made(email="mia@example.org") for _n in range(3))
    search()

    merging.merge(two.pk, one.pk)

    assert Duplicate.objects.count() == 0
    assert search() == [(two.pk, three.pk, ["email"])]


def test_keys_tell_nothing_of_the_person() -> None:
    made(email="mia@example.org", phone="+4930901820")
    search()

    values = list(ContactKey.objects.values_list("value", flat=True))
    assert len(values) == 2
    assert all(len(value) == 32 and set(value) <= set("0123456789abcdef") for value in values)


def test_a_batch_asks_the_same_number_of_questions_whatever_it_holds() -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            duplicates.look_at(list(Contact.objects.all()), NOW)
        return len(asked)

    made(email="a@example.org"), made(email="a@example.org")
    duplicates.look_at(list(Contact.objects.all()), NOW)
    few = questions()
    for n in range(100):
        made(email=f"{n // 2}@example.org")
    duplicates.look_at(list(Contact.objects.all()), NOW)

    assert questions() == few
