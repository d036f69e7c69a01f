"""lead.close: the lead is lost, won or closed."""

import pytest

from contacts.models import Contact
from contacts.tests.actions import play
from pipelines.tests.maps import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("status", "said"),
    [("lost", "Closes the lead as lost."), ("won", "Closes the lead as won."), ("closed", "Closes the lead.")],
)
def test_it_closes_the_lead_with_a_reason(status: str, said: str) -> None:
    journey = make.assigned("T1 std a!")

    done = play.perform("lead.close", journey.contact, "too far", status=status, reason="Says: {{ event.body }}")

    journey.refresh_from_db()
    assert (done.status, done.summary) == ("done", said)
    assert (journey.outcome, journey.reason) == (status, "Says: too far")
    assert Contact.objects.get(pk=journey.contact_id).lead_status == status


def test_a_lead_that_is_closed_already_stays_as_it_is() -> None:
    journey = make.assigned("T1 std a!")
    play.perform("lead.close", journey.contact, status="won")

    play.perform("lead.close", journey.contact, status="lost")

    journey.refresh_from_db()
    assert journey.outcome == "won"
    assert len(make.events("map.closed")) == 1


def test_a_lead_in_no_map_is_closed_too() -> None:
    person = make.lead()

    play.perform("lead.close", person)

    person.refresh_from_db()
    assert person.lead_status == "lost"
