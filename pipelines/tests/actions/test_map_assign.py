"""map.assign: a contact that stands in no map is put into one."""

import pytest

from contacts.tests.actions import play
from pipelines.models import Journey
from pipelines.tests.maps import make

pytestmark = pytest.mark.django_db


def test_it_puts_the_contact_into_the_map() -> None:
    made, person = make.a_map("T1 std a!"), make.lead()

    done = play.perform("map.assign", person, map=made.pk)

    assert (done.status, done.summary) == ("done", "Puts the contact into “M”.")
    assert make.journey(person).map == made
    assert make.events("map.opened")[0].cause == done.key


def test_one_that_stands_in_a_map_is_left_there() -> None:
    journey, other = make.assigned("T1 std a!"), make.a_map("X std b!", name="Other")

    done = play.perform("map.assign", journey.contact, map=other.pk)

    assert (done.status, done.summary) == ("skipped", "It stands in “M” already.")
    assert Journey.objects.get() == journey


def test_a_map_that_takes_no_leads_fails_it() -> None:
    made = make.a_map("T1 std a!")
    made.active = False
    made.save()

    done = play.perform("map.assign", make.lead(), map=made.pk)

    assert (done.status, done.error) == ("failed", "“M” is switched off and takes no new leads.")
    assert not Journey.objects.exists()


def test_a_map_that_is_not_there_is_refused_at_its_field() -> None:
    assert play.problems("map.assign", map=4711) == [
        (".map", "There is no map “4711”. It may have been deleted; choose another.")
    ]
