"""One opportunity action at a time, in a workflow that a change of a deal starts."""

from typing import Any

from contacts.tests.actions import play
from pipelines import services
from pipelines.models import Opportunity
from triggers.models import ActionRun


def perform(key: str, deal: Opportunity, /, **config: Any) -> ActionRun:
    """What the action did with the run's own deal."""
    flow = play.live(key, event="opportunity.changed", **config)
    services.update(deal, {"source": f"{deal.source}."})
    return play.drained(flow)
