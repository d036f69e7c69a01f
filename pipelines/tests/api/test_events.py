"""Events of maps are moments of our own acts: nobody reports them from outside."""

import pytest

from pipelines.tests.maps import make
from triggers.api.ingest import reportable
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db


def test_an_event_of_a_map_cannot_be_reported() -> None:
    journey = make.assigned("T1 std a!")
    [opened] = make.events("map.opened")

    answer = calls.client().post(
        "/api/v1/events/", {"type": "map.opened", "contact_id": journey.contact_id, "data": opened.data}, format="json"
    )

    assert answer.status_code == 400
    assert calls.errors(answer)["type"].startswith("“map.opened” follows our own records")
    assert len(make.events("map.opened")) == 1
    assert not [key for key in reportable() if key.startswith(("map.", "track.", "step."))]
