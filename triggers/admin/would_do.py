"""What a workflow would have done for an event: each action with its moment, on a simulated clock. Writes nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from triggers import registry
from triggers.explaining.dry_run import dry_run
from triggers.models import Event, Workflow
from triggers.wording.look import icon_of_action

# As many as a reader looks at beside the answer.
SHOWN: Final = 12


@dataclass(frozen=True)
class Would:
    """One action: its icon, what it would do, and when."""

    icon: str
    text: str
    at: datetime
    failed: bool


def would_do(workflow: Workflow, event: Event) -> list[Would]:
    """The live version's actions for the event, with today's values; empty where the event's code is gone."""
    if workflow.current is None or event.type not in registry.events:
        return []
    steps = dry_run(workflow.current.document, event, now=event.occurred_at).steps
    return [
        Would(icon_of_action(step.action), step.text or step.label, step.at, step.status == "fail")
        for step in steps[:SHOWN]
    ]
