"""workflow.remove: ends the contact's other runs."""

import pytest

from contacts.models import Contact
from triggers import sweeping
from triggers.models import Run
from triggers.tests import make
from triggers.tests.actions import play

pytestmark = pytest.mark.django_db
WAIT = make.action("w", "wait.duration", days=9)


def waiting(*names: str) -> dict[str, Run]:
    """Runs of Anna and of Ben that wait, by workflow and person."""
    flows = [make.workflow(WAIT, name=name) for name in names]
    for person in (make.contact(first_name="Anna"), make.contact(first_name="Ben")):
        make.tag(person, "first")
    sweeping.drain()
    people = ["anna", "ben"]
    return {f"{flow.slug} {who}": run for flow in flows for who, run in zip(people, make.runs(flow), strict=True)}


def states(runs: dict[str, Run]) -> dict[str, str]:
    return {name: Run.objects.get(pk=run.pk).status for name, run in runs.items()}


def removed(runs: dict[str, Run], **config: str) -> tuple[str, dict[str, int]]:
    """Takes Anna out, by a workflow that a note starts."""
    flow = make.workflow(
        make.action("a1", "workflow.remove", **config), name="Remove", triggers=[{**make.TAGGED, "event": "note.added"}]
    )
    Contact.objects.get(first_name="Anna").notes.create(body="x")
    sweeping.drain()
    [run] = make.runs(flow)
    done = run.actions.get()
    assert run.status == "done"
    return done.summary, done.result


def test_all_other_workflows() -> None:
    runs = waiting("Nurture", "Sell")

    assert removed(runs) == ("Ended 2 runs.", {"stopped": 2})
    assert states(runs) == {
        "nurture anna": "cancelled", "sell anna": "cancelled", "nurture ben": "waiting", "sell ben": "waiting",
    }  # fmt: skip
    gone = Run.objects.get(pk=runs["sell anna"].pk)
    assert gone.reason == f"Taken out by run {Run.objects.latest('id').pk}."
    assert make.trail(gone) == [("w", "cancelled")]


def test_one_workflow() -> None:
    runs = waiting("Nurture", "Sell")

    assert removed(runs, workflow="sell") == ("Ended 1 runs.", {"stopped": 1})
    assert states(runs)["nurture anna"] == "waiting"
    assert states(runs)["sell anna"] == "cancelled"


@pytest.mark.parametrize(
    ("config", "said"),
    [({}, "Ends all other runs of the contact."), ({"workflow": "sell"}, "Ends the contact's runs of “sell”.")],
)
def test_a_dry_run_says_so_and_ends_nothing(config: dict[str, str], said: str) -> None:
    runs = waiting("Sell")

    assert play.preview("workflow.remove", **config) == said
    assert set(states(runs).values()) == {"waiting"}
