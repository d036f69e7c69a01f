"""Many runs at once: asked first, done to those whose state allows it, the others told."""

import pytest

from triggers import sweeping
from triggers.action_types import Fail
from triggers.admin.bulk import BULK
from triggers.models import Run
from triggers.tests import make
from triggers.tests.admin import visit
from triggers.tests.probes import probe

pytestmark = pytest.mark.django_db
LIST = "/admin/triggers/run/"
WAIT = make.action("w", "wait.duration", days=2)


def waiting(number: int) -> list[Run]:
    flow = make.workflow(WAIT, make.action("a", "data.set", values={"went": "on"}))
    for n in range(number):
        make.tag(make.contact(), f"tag {n}")
    sweeping.drain()
    return make.runs(flow)


def chosen(action: str, runs: list[Run], **more: str) -> dict[str, object]:
    return {"action": action, "_selected_action": [run.pk for run in runs], "index": 0, **more}


def states() -> list[str]:
    return sorted(Run.objects.values_list("status", flat=True))


def test_it_asks_first_with_their_number_and_does_nothing_yet() -> None:
    runs = waiting(2)

    answer = visit.boss().post(LIST, chosen("stop_chosen", runs))

    said = visit.words(answer.content.decode())
    assert "Stop 2 runs?" in said
    assert "Waiting 2" in said
    assert states() == ["waiting", "waiting"]


def test_confirmed_they_are_stopped_with_the_reason() -> None:
    runs = waiting(2)

    told = visit.pressed(visit.boss(), LIST, **chosen("stop_chosen", runs, confirmed="1", said="A mistake"))

    assert told == "2 runs are stopped."
    assert set(Run.objects.values_list("status", "reason")) == {("cancelled", "A mistake")}


def test_what_a_state_does_not_allow_is_left_and_told() -> None:
    runs = waiting(1)
    with probe(Fail("Refused.")):
        failing = make.workflow(make.action("p", "probe", tag="x"), name="Failing")
        make.tag(make.contact(), "other")
        sweeping.drain()
    both = [*runs, *make.runs(failing)]

    told = visit.pressed(visit.boss(), LIST, **chosen("retry_chosen", both, confirmed="1"))

    assert told == "1 run goes on. 1 run was left as it is: Only a run that failed can be tried again."


def test_skipped_they_go_on_with_the_next_action() -> None:
    runs = waiting(2)

    told = visit.pressed(visit.boss(), LIST, **chosen("skip_chosen", runs, confirmed="1"))
    sweeping.drain()

    assert told == "2 runs go on with the next action."
    assert states()[:2] == ["done", "done"]


def test_who_may_not_operate_runs_is_offered_nothing_and_does_nothing() -> None:
    runs, viewer = waiting(1), visit.staff("view_run")
    offered = visit.boss().get(LIST).content.decode()

    page = viewer.get(LIST).content.decode()
    viewer.post(LIST, chosen("stop_chosen", runs, confirmed="1"))

    assert "stop_chosen" not in page
    assert states() == ["waiting"]
    assert all(each.name in offered for each in BULK)
