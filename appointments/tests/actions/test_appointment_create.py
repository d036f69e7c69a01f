"""Workflows book appointments: at a time, at the first free one, or tell that there is none."""

from typing import Any

import pytest

from appointments.models import Appointment
from appointments.tests import make
from contacts.tests import make as contacts
from triggers import sweeping
from triggers.models import Run
from triggers.tests import make as workflows

pytestmark = pytest.mark.django_db


def booked(now: Any = make.NOW, **config: Any) -> Run:
    """A run of a workflow that books and then cancels again."""
    create = workflows.action("book", "appointment.create", **{"calendar": make.Calendar.objects.get().pk, **config})
    create["outcomes"] = {"no_slot": [workflows.action("note", "note.create", body="No time")]}
    workflows.workflow(create, timezone="Europe/Berlin")
    workflows.tag(workflows.contact())
    sweeping.drain(now)
    return Run.objects.get()


@pytest.mark.parametrize(("at", "start"), [
    ("", make.NOW.replace(hour=8)), ("2026-03-03T09:00", make.TUESDAY), ("2026-03-03T08:00Z", make.TUESDAY),
    ("2026-03-03 10:00+02:00", make.TUESDAY),
])  # fmt: skip
def test_it_books_and_the_run_goes_on_with_it(at: str, start: Any) -> None:
    make.calendar()

    run = booked(at=at, title="Plan with {{ contact.first_name }}", status="new")

    made = Appointment.objects.get()
    assert (made.start_at, made.title, made.status, made.source) == (start, "Plan with Anna", "new", "workflow")
    assert run.vars["#appointment"] == made.pk
    assert make.told()[0]["modified_by"] == "workflow"


@pytest.mark.parametrize("at", ["2026-03-03T22:00", "2026-03-01T09:00"])
def test_without_a_free_time_it_says_so(at: str) -> None:
    make.calendar()

    run = booked(at=at)

    assert workflows.trail(run) == [("book", "done"), ("note", "done")]
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(("at", "why"), [
    ("soon", "no moment"), ("2026-13-40T09:00", "no moment"), ("2026-03-29T02:30", "clocks go forward"),
])  # fmt: skip
def test_what_is_no_moment_fails_with_the_reason(at: str, why: str) -> None:
    make.calendar()

    run = booked(at=at)

    assert run.status == "failed"
    assert why in run.reason


def test_a_member_is_asked_for_by_name() -> None:
    make.calendar("Talk", contacts.user("ana"), contacts.user("bea"))

    booked(at="2026-03-03T09:00", member="bea")

    assert str(Appointment.objects.get().user) == "bea"
