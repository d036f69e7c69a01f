"""Workflows set the status of their appointment."""

import pytest

from appointments.models import Appointment
from appointments.tests import make
from triggers import sweeping
from triggers.models import ActionRun, Run
from triggers.tests import make as workflows

pytestmark = pytest.mark.django_db
BOOKED = {"uid": "t1", "event": "appointment.status_changed", "config": {}, "conditions": None}


@pytest.mark.parametrize(("status", "said"), [
    ("showed", "Set the status to “Showed up”."), ("confirmed", "The status was “Confirmed” already."),
])  # fmt: skip
def test_it_sets_the_status_and_does_not_run_on_its_own_effect(status: str, said: str) -> None:
    workflows.workflow(workflows.action("set", "appointment.update_status", status=status), triggers=[BOOKED])

    make.booked(make.calendar())
    sweeping.drain(make.NOW)

    assert Appointment.objects.get().status == status
    assert ActionRun.objects.get().summary == said
    assert Run.objects.filter(status="done").count() == 1


def test_without_an_appointment_it_fails_with_what_to_do() -> None:
    workflows.workflow(workflows.action("set", "appointment.update_status", status="showed"))

    workflows.tag(workflows.contact())
    sweeping.drain(make.NOW)

    assert "This run has no appointment" in Run.objects.get().reason
