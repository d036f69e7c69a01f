"""What customers book on a public page tells of it; what staff, the API and workflows book does not."""

import pytest

from appointments.tests import make
from triggers import sweeping
from triggers.models import Run
from triggers.tests import make as workflows

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("enrol", "starts"), [("contact", 1), ("both", 2), ("guests", 1)])
def test_a_customers_booking_starts_it_for_whom_it_asks(enrol: str, starts: int) -> None:
    calendar = make.calendar()
    config = {"enrol": enrol, "calendars": [calendar.pk]}
    workflows.workflow(
        triggers=[{"uid": "t1", "event": "appointment.customer_booked", "config": config, "conditions": None}]
    )

    make.post(calendar, make.coming(), guests="tom@example.org")
    sweeping.drain()

    assert Run.objects.filter(status="done").count() == starts


@pytest.mark.parametrize("source", ["staff", "api", "workflow"])
def test_what_others_book_is_no_booking_of_a_customer(source: str) -> None:
    make.booked(make.calendar(), source=source)

    assert make.told("appointment.customer_booked") == []
    assert len(make.told()) == 1
