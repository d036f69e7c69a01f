"""map.opened: a lead is put into a map."""

import pytest

from contacts.models import Contact
from pipelines.maps import verbs
from pipelines.tests.maps import make
from triggers.models import Run

pytestmark = pytest.mark.django_db


def test_it_tells_whose_journey_through_which_map() -> None:
    journey = make.assigned("T1 std a!", channel="phone")

    [event] = make.events("map.opened")
    assert event.data == {
        "journey_id": journey.pk, "contact_id": journey.contact_id, "map_id": journey.map_id, "map": "M",
        "channel": "phone", "wave": 1,
    }  # fmt: skip
    assert (event.subject_type, event.subject_id) == ("pipelines.journey", journey.pk)
    assert event.dedup_key == f"map.opened:{journey.pk}"
    assert event.matched_at is not None


def test_its_workflows_have_run_when_the_assignment_returns() -> None:
    flow = make.attached("map.opened", make.action("a1", "note.create", body="Hello"))

    journey = make.assigned("T1 std a!")

    assert make.last_run(flow).status == Run.Status.DONE
    assert journey.contact.notes.get().body == "Hello"


@pytest.mark.parametrize(("channel", "started"), [("both", True), ("form", True), ("phone", False)])
def test_a_channel_narrows_it(channel: str, started: bool) -> None:
    flow = make.attached("map.opened", channel=channel)

    make.assigned("T1 std a!", channel="form")

    assert Run.objects.filter(workflow=flow).exists() is started


def test_another_map_does_not_concern_it_and_leaves_no_miss() -> None:
    from triggers.models import Miss

    other = make.a_map("X std a!", name="Other")
    flow = make.attached("map.opened", map=other.pk)

    make.assigned("T1 std a!")

    assert not Run.objects.filter(workflow=flow).exists()
    assert not Miss.objects.filter(workflow_id=flow.pk).exists()


def test_several_go_in_the_order_of_their_positions_however_often_they_are_published() -> None:
    from triggers import services

    flows = [make.attached("map.opened", name=f"F{n}", position=3 - n) for n in range(3)]
    services.publish(flows[2])

    journey = make.assigned("T1 std a!")

    order = Run.objects.filter(contact_id=journey.contact_id).order_by("pk").values_list("workflow__name", flat=True)
    assert list(order) == ["F2", "F1", "F0"]


def test_coming_back_is_a_new_journey_with_events_of_its_own() -> None:
    journey = make.assigned("T1 std a!")
    other = make.a_map("X std b!", name="Other")

    verbs.assign(journey.contact_id, other)
    verbs.assign(journey.contact_id, journey.map)

    assert make.told(Contact.objects.get(pk=journey.contact_id)).count("map.opened M") == 2
