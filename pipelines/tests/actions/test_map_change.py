"""map.change: the lead moves to another map."""

import pytest

from contacts.tests.actions import play
from pipelines.models import Journey, LoopStop
from pipelines.tests.maps import make
from triggers.models import Notice
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db


def test_it_moves_the_lead_silently() -> None:
    journey, other = make.assigned("T1 std a!"), make.a_map("X std b!", name="Other")

    done = play.perform("map.change", journey.contact, map=other.pk)

    journey.refresh_from_db()
    assert (done.status, done.summary) == ("done", "Moves the lead to “Other”.")
    assert (journey.status, journey.is_current) == (Journey.Status.LEFT, False)
    assert make.told(journey.contact)[3:] == ["map.opened Other", "track.opened X", "step.opened b"]


def test_a_map_without_steps_fails_it_and_the_lead_stays() -> None:
    journey, other = make.assigned("T1 std a!"), make.a_map("X std", name="Other")

    done = play.perform("map.change", journey.contact, map=other.pk)

    assert (done.status, done.error) == ("failed", "The track “X” has no step yet. Add one first.")
    assert make.journey(journey.contact) == journey


def test_a_circle_is_stopped_and_staff_are_told() -> None:
    clara = engine.user("clara")
    first, other = make.a_map("T1 std a!"), make.a_map("X std b!", name="Other")
    make.attached("map.opened", make.action("a1", "map.change", map=other.pk), name="There", map=first.pk)
    make.attached("map.opened", make.action("a1", "map.change", map=first.pk), name="Back", map=other.pk)
    person = make.lead(owner=clara)
    from pipelines.maps import verbs

    verbs.assign(person.pk, first)

    assert make.journey(person).map == other
    assert LoopStop.objects.get().map == first
    assert Notice.objects.get(user=clara).text == (
        "Anna was not moved to “M”: workflows would have sent it in a circle."
    )


def test_a_circle_through_waits_stops_by_itself_and_the_workflow_is_paused() -> None:
    from datetime import timedelta

    from django.utils import timezone

    from pipelines.maps import verbs
    from pipelines.models import Journey as Row
    from triggers.sweeping import drain

    first, other = make.a_map("T1 std a!"), make.a_map("X std b!", name="Other")
    flows = [
        make.attached(
            "map.opened", make.action("w", "wait.duration", minutes=1), make.action("a1", "map.change", map=to.pk),
            name=name, map=of.pk,
        )
        for name, of, to in (("There", first, other), ("Back", other, first))
    ]  # fmt: skip
    person, now = make.lead(), timezone.now()
    verbs.assign(person.pk, first)

    for minute in range(1, 40):
        drain(now + timedelta(minutes=2 * minute))

    for flow in flows:
        flow.refresh_from_db()
    assert Row.objects.filter(contact=person).count() <= 10
    assert "paused" in {flow.status for flow in flows}
