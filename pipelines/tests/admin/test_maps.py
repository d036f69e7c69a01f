"""Maps and journeys in the admin."""

import pytest
from django.urls import reverse

from pipelines.models import Journey, Map
from pipelines.tests.maps import make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["map", "track", "journey"])
def test_lists_and_pages_open(name: str) -> None:
    journey = make.assigned("V video v!", "T1 std a!")
    key = {"map": journey.map_id, "track": make.track("T1").pk, "journey": journey.pk}[name]
    boss = visit.boss()

    listed = boss.get(reverse(f"admin:pipelines_{name}_changelist"))
    page = boss.get(reverse(f"admin:pipelines_{name}_change", args=[key]))

    assert (listed.status_code, page.status_code) == (200, 200)


def test_a_map_that_leads_have_been_in_is_not_deleted() -> None:
    journey = make.assigned("T1 std a!")

    answer = visit.boss().post(reverse("admin:pipelines_map_delete", args=[journey.map_id]), {"post": "yes"})

    assert answer.status_code == 403
    assert Map.objects.count() == 1


def test_a_deleted_track_is_hidden() -> None:
    journey = make.assigned("T1 std a!")
    track = make.track("T1")

    visit.boss().post(reverse("admin:pipelines_track_delete", args=[track.pk]), {"post": "yes"})

    track.refresh_from_db()
    assert track.deleted_at is not None
    assert journey.tracks.count() == 1


def test_a_journey_is_only_looked_at() -> None:
    journey = make.assigned("T1 std a!")

    answer = visit.boss().post(reverse("admin:pipelines_journey_change", args=[journey.pk]), {"status": "closed"})

    assert answer.status_code == 403
    assert Journey.objects.get().status == "open"
