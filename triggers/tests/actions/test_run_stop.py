"""run.stop: the run ends here, as done."""

import pytest

from triggers.actions.run_stop import RunStop
from triggers.tests import make
from triggers.tests.actions import play

pytestmark = pytest.mark.django_db
NEVER = make.action("never", "data.set", values={"x": "y"})


@pytest.mark.parametrize(("config", "reason"), [({"reason": "Sold."}, "Sold."), ({}, "Ended by its own action.")])
def test_what_follows_is_not_done(config: dict[str, str], reason: str) -> None:
    run = play.start(make.action("a1", "run.stop", **config), NEVER)

    assert (run.status, run.reason, make.trail(run)) == ("done", reason, [("a1", "done")])
    assert run.finished_at is not None


def test_a_dry_run_ends_there() -> None:
    [step] = play.rehearse(make.action("a1", "run.stop", reason="Sold."), NEVER)

    assert (step.status, step.text) == ("stop", "Sold.")


def test_preview() -> None:
    assert RunStop().preview(None) == "Ends the run."  # type: ignore[arg-type]
