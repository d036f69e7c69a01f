"""Which calls start a workflow, and what it is told of them."""

import pytest

from conversations.ivr import calls
from conversations.ivr.script import Heard, Say
from conversations.tests.ivr.line import CALLER, NOW, OURS, heard, line, rung
from triggers.models import Event, Run
from triggers.tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("numbers", "starts"), [([], 1), ([OURS], 1), (["+491", OURS], 1), (["+491"], 0)])
def test_by_the_number_that_was_called(numbers: list[str], starts: int) -> None:
    line(make.action("a", "ivr.hangup"), numbers=numbers)

    rung()

    assert Run.objects.count() == starts


def test_what_it_tells() -> None:
    rung()

    event = Event.objects.get(type="ivr.started")
    assert (event.actor, event.actor_id, event.origin) == ("provider", "twilio", "call CA1")
    assert event.data | {"contact_id": 0, "ivr_call_id": 0} == {
        "ivr_call_id": 0, "call_id": "CA1", "provider": "twilio", "contact_id": 0, "from_number": CALLER,
        "to_number": OURS, "digits": "", "speech": "",
    }  # fmt: skip


def test_what_another_menu_heard_before_is_told_with_it() -> None:
    calls.ring("twilio", "CA1", CALLER, OURS, NOW, Heard(digits="42", speech="sales"))

    event = Event.objects.get(type="ivr.started")
    assert (event.data["digits"], event.data["speech"]) == ("42", "sales")


@pytest.mark.parametrize(("pressed", "says"), [("1", "Sales."), ("2", "Nobody.")])
def test_what_is_pressed_last_is_at_hand_whatever_the_action_is_called(pressed: str, says: str) -> None:
    is_one = {"field": "ivr_call.digits", "op": "is", "value": "1"}
    sales, nobody = (make.action(uid, "ivr.say", text=text) for uid, text in (("s", "Sales."), ("n", "Nobody.")))
    branch = {"uid": "b", "branch": [{"uid": "b1", "name": "One", "if": is_one, "then": [sales]}], "else": [nobody]}
    line(make.action("ask", "ivr.gather", text="Press."), branch)
    rung()

    assert heard(0, digits=pressed).verbs == (Say(says, "en-GB"),)
