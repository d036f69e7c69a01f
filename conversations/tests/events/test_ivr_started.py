"""Which calls start a workflow, and what it is told of them."""

import pytest

from conversations.tests.ivr.line import CALLER, OURS, line, rung
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
        "to_number": OURS,
    }  # fmt: skip
