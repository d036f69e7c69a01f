"""Two leads become one: the survivor stands where it stood."""

import pytest

from contacts.dedupe import merging
from pipelines.maps import verbs
from pipelines.models import Journey
from pipelines.tests.maps import make

pytestmark = pytest.mark.django_db


def test_the_survivor_stays_in_its_map_and_the_others_journey_is_history() -> None:
    journey = make.assigned("T1 std a!")
    other = make.lead(email="b@example.org")
    verbs.assign(other.pk, make.a_map("X std b!", name="Other"))

    merging.merge(journey.contact_id, other.pk)

    journeys = Journey.objects.filter(contact=journey.contact_id).order_by("map__name")
    assert [(each.map.name, each.status, each.is_current) for each in journeys] == [
        ("M", "open", True), ("Other", "left", False),
    ]  # fmt: skip


def test_where_the_survivor_is_in_no_map_the_journey_goes_on_with_it() -> None:
    survivor = make.lead(email="b@example.org")
    journey = make.assigned("T1 std a!", "T2 std b!")

    merging.merge(survivor.pk, journey.contact_id)
    verbs.complete(survivor.pk, make.step("T1.a"))

    assert make.track_at(make.journey(survivor), "T2").status == "open"
