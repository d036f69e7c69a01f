"""step.complete: a workflow completes a step."""

import pytest

from contacts.tests.actions import play
from pipelines.tests.maps import make

pytestmark = pytest.mark.django_db


def test_it_completes_the_step_with_a_value() -> None:
    journey = make.assigned("T1 std a! b!")

    done = play.perform(
        "step.complete", journey.contact, "by note", step=make.step("T1.a").pk, value="{{ event.body }}"
    )

    step = make.at(journey, "T1.a")
    assert (done.status, done.summary) == ("done", "Completes the step “a”.")
    assert (step.status, step.value, step.done_by) == ("done", "by note", "workflow")


def test_a_step_that_is_not_open_is_passed_over_with_the_reason() -> None:
    journey = make.assigned("T1 std a!", "T2 std b!")

    done = play.perform("step.complete", journey.contact, step=make.step("T2.b").pk)

    assert (done.status, done.summary) == ("skipped", "“b” is not open for this lead.")


def test_a_value_that_the_control_refuses_fails_it() -> None:
    journey = make.assigned("T1 std a!=country")

    done = play.perform("step.complete", journey.contact, step=make.step("T1.a").pk, value="Nowhere")

    assert (done.status, done.error[:9]) == ("failed", "country: ")
    assert make.at(journey, "T1.a").status == "open"


def test_a_step_that_is_not_there_is_refused_at_its_field() -> None:
    assert play.problems("step.complete", step=4711) == [
        (".step", "There is no step “4711”. It may have been deleted; choose another.")
    ]
