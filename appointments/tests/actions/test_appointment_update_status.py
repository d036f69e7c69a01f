"""Workflows set the status of their appointment."""

import pytest

from appointments.actions.appointment_update_status import AppointmentUpdateStatus
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


def test_a_cancellation_keeps_its_reason_and_nothing_else_may_have_one() -> None:
    why = {"status": "cancelled", "reason": "{{ contact.first_name }} did not confirm"}
    workflows.workflow(workflows.action("set", "appointment.update_status", **why), triggers=[BOOKED])

    booked = make.booked(make.calendar())
    sweeping.drain(make.NOW)

    booked.refresh_from_db()
    assert booked.contact is not None
    assert (booked.status, booked.cancel_reason) == ("cancelled", f"{booked.contact.first_name} did not confirm")
    assert workflows.last_event("appointment.status_changed").data["cancel_reason"] == booked.cancel_reason
    [problem] = AppointmentUpdateStatus(status="showed", reason="No").problems("set")
    assert problem.path == ("reason",)


def test_without_an_appointment_it_fails_with_what_to_do() -> None:
    workflows.workflow(workflows.action("set", "appointment.update_status", status="showed"))

    workflows.tag(workflows.contact())
    sweeping.drain(make.NOW)

    assert "This run has no appointment" in Run.objects.get().reason
