"""The contacts a tree accepts: judged in Python wherever the database cannot tell, and told apart where not all were seen."""

from typing import Any

import pytest
from django.utils import timezone

from contacts.models import Contact
from triggers.conditions.tree import InvalidTree
from triggers.explaining import crowd
from triggers.tests import make

pytestmark = pytest.mark.django_db
GERMAN = {"field": "contact.country", "op": "is", "value": "DE"}
VIP = {"field": "contact.tags", "op": "has_any", "value": ["vip"]}


def people(*countries: str) -> list[int]:
    return [make.contact(country=country, email=f"{n}@example.org").pk for n, country in enumerate(countries)]


def test_members_come_in_order_and_from_where_one_left_off() -> None:
    first, _french, third = people("DE", "FR", "DE")

    assert list(crowd.members(GERMAN, timezone.now())) == [first, third]
    assert list(crowd.members(GERMAN, timezone.now(), after=first)) == [third]
    assert len(list(crowd.members(None, timezone.now()))) == 3


def test_the_look_counts_all_and_names_the_first() -> None:
    ids = people("DE", "DE", "FR")

    assert crowd.look(GERMAN, timezone.now(), 500, 1) == crowd.Look(2, ids[:1])
    assert crowd.look(None, timezone.now(), 500, 9) == crowd.Look(3, ids)


def test_tags_are_compared_as_the_judge_does(django_assert_max_num_queries: Any) -> None:
    anna = make.contact()
    make.tag(anna, "VIP")
    people("DE", "FR")

    assert crowd.look({"all": [VIP]}, timezone.now(), 500, 9) == crowd.Look(1, [anna.pk])
    assert crowd.look({"not": VIP}, timezone.now(), 500, 9).number == 2


def test_where_there_are_more_than_are_looked_at_it_says_at_least() -> None:
    Contact.objects.bulk_create([Contact(first_name=f"P{n}") for n in range(crowd.CHUNK + 1)])
    untagged = {"field": "contact.tags", "op": "has_none", "value": ["VIP"]}

    found = crowd.look(untagged, timezone.now(), crowd.CHUNK, 2)

    assert (found.number, len(found.first), found.is_least) == (crowd.CHUNK, 2, True)
    assert crowd.look(untagged, timezone.now(), 2 * crowd.CHUNK, 2).number == crowd.CHUNK + 1


def test_a_field_that_is_none_of_a_contacts_is_refused() -> None:
    with pytest.raises(InvalidTree):
        crowd.look({"field": "event.tag", "op": "is", "value": "VIP"}, timezone.now(), 500, 1)
