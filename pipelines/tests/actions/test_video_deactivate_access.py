"""video.deactivate_access: whether the lead may watch the videos of its map."""

import pytest

from contacts.tests.actions import play
from pipelines.tests.maps import make

pytestmark = pytest.mark.django_db


def test_it_sets_the_access_of_the_journey() -> None:
    journey = make.assigned("V video v!")
    journey.video_access = not False
    journey.save()

    done = play.perform("video.deactivate_access", journey.contact)

    journey.refresh_from_db()
    assert (done.status, done.summary) == ("done", "Keeps the lead from watching the videos of its map.")
    assert journey.video_access is False


def test_a_lead_in_no_map_is_passed_over() -> None:
    done = play.perform("video.deactivate_access", make.lead())

    assert (done.status, done.summary) == ("skipped", "The lead stands in no map.")
