"""Waits around an appointment follow it when it is moved, and end when it falls through."""

from datetime import timedelta
from typing import Any

import pytest

from appointments import services, waits
from appointments.models import Appointment, RunWait
from appointments.tests import make
from contacts.models import Contact
from triggers import sweeping
from triggers.models import Run
from triggers.tests import make as workflows

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def waiting(statuses: Any = ("confirmed",), **config: Any) -> Appointment:
    """An appointment on Tuesday at nine whose run waits."""
    trigger = {"uid": "t1", "event": "appointment.status_changed", "config": {"statuses": list(statuses)}}
    workflows.workflow(
        workflows.action("wait", "appointment.wait", **config),
        workflows.action("tag", "contact.add_tag", tags=["Reminded"]), triggers=[{**trigger, "conditions": None}],
    )  # fmt: skip
    made = make.booked(make.calendar())
    sweeping.drain(make.NOW)
    return made


def run() -> Run:
    return Run.objects.get()


@pytest.mark.parametrize(("config", "moment"), [
    ({"when": "before", "amount": 3, "unit": "hours"}, make.TUESDAY - 3 * HOUR), ({"when": "start"}, make.TUESDAY),
    ({"when": "end"}, make.TUESDAY + HOUR / 2), ({"when": "after", "amount": 2}, make.TUESDAY + HOUR / 2 + 48 * HOUR),
])  # fmt: skip
def test_it_waits_for_its_moment_and_goes_on_then(config: dict[str, Any], moment: Any) -> None:
    waiting(**config)
    assert (run().status, run().due_at) == ("waiting", moment)

    sweeping.drain(moment)

    assert run().status == "done"
    assert not RunWait.objects.exists()


@pytest.mark.parametrize("hours", [2, -2, 24])
def test_a_moved_appointment_takes_its_wait_along(hours: int) -> None:
    made = waiting(when="before", amount=1, unit="hours")
    start = make.TUESDAY + timedelta(hours=hours)

    services.move(made, start, make.NOW, override=True)

    assert run().due_at == start - HOUR
    sweeping.drain(start - HOUR - timedelta(seconds=1))
    assert run().status == "waiting"
    sweeping.drain(start - HOUR)
    assert run().status == "done"


def test_a_run_that_was_passed_over_asks_again_when_it_wakes() -> None:
    made = waiting(when="start")
    Appointment.objects.filter(pk=made.pk).update_untold(start_at=make.TUESDAY + HOUR, end_at=make.TUESDAY + 2 * HOUR)

    sweeping.drain(make.TUESDAY)

    assert (run().status, run().due_at) == ("waiting", make.TUESDAY + HOUR)


@pytest.mark.parametrize("status", ["cancelled", "no_show", "invalid"])
def test_one_that_falls_through_ends_the_run(status: str) -> None:
    made = waiting(when="after")

    services.set_status(made, status, make.NOW)

    assert run().status == "cancelled"
    assert "fell through" in run().reason
    assert not Contact.objects.get().tags.exists()


def test_a_deleted_one_ends_the_run_too() -> None:
    made = waiting(when="start")
    Appointment.objects.filter(pk=made.pk).delete()

    sweeping.drain(make.TUESDAY)

    assert (run().status, run().reason) == ("done", "The appointment of this run was deleted.")


def test_a_run_for_what_was_cancelled_is_not_ended_by_that() -> None:
    made = waiting(["cancelled"], when="start")

    services.cancel(made, make.NOW)
    sweeping.drain(make.NOW)
    assert run().status == "waiting"
    sweeping.drain(make.TUESDAY)

    assert run().status == "done"


def test_marks_of_runs_that_wait_no_more_go() -> None:
    waiting(when="start")
    Run.objects.update(status="cancelled")

    assert waits.purge(make.NOW) == 1
