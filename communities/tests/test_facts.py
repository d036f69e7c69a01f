"""`community.groups` in conditions and messages."""

from typing import Any

import pytest

from communities import services
from communities.facts import CommunityFacts
from communities.tests import make
from contacts.tests import make as contacts

pytestmark = pytest.mark.django_db


def test_all_are_loaded_in_two_queries(django_assert_num_queries: Any) -> None:
    people = [contacts.contact() for _each in range(3)]
    services.grant(people[0], [make.group(), make.group("Circle")])
    services.grant(people[1], [make.group("Cohort 7")])

    with django_assert_num_queries(2):
        found = CommunityFacts().load([*(each.pk for each in people), 9999])

    assert [found[each.pk]["groups"] for each in people] == [{"Founders", "Circle"}, {"Cohort 7"}, set()]
    assert 9999 not in found
