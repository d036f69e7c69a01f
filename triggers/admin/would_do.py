"""What a workflow would do for an event: each action with its moment, on a simulated clock. Writes nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.html import strip_tags
from django.utils.text import Truncator

from triggers import registry
from triggers.admin.builder.schema import settings_of
from triggers.explaining.dry_run import DryRun, Step, dry_run
from triggers.models import Event, Workflow
from triggers.wording.look import icon_of_action

# As many as a reader looks at beside the answer.
SHOWN: Final = 12
LONG: Final = 2000


@dataclass(frozen=True)
class Would:
    """One action: its icon, what it would do, and when.

    `texts` are those it writes, label and text as it would be read; of a message, by the contact. `waits` for an
    event: `happened` says how the wait is taken to end.
    """

    uid: str
    icon: str
    text: str
    at: datetime
    failed: bool
    skipped: bool
    at_once: bool
    texts: list[tuple[str, str]]
    is_message: bool
    waits: bool
    happened: bool


def would_do(workflow: Workflow, event: Event) -> list[Would]:
    """The live version's actions for the event, with today's values; empty where the event's code is gone."""
    if workflow.current is None or event.type not in registry.events:
        return []
    played = dry_run(workflow.current.document, event, now=event.occurred_at)
    return list(told(played, event.occurred_at))[:SHOWN]


def told(played: DryRun, began: datetime) -> Iterator[Would]:
    """The steps of a dry run as a page shows them."""
    for step in played.steps:
        yield Would(
            step.uid, icon_of_action(step.action), step.text or step.label, step.at, step.status == "fail",
            step.status == "skip", step.at <= began, list(_texts(step.action, step.texts)),
            step.action in registry.actions and registry.actions[step.action].sends, _waits(step), step.outcome == "happened",
        )  # fmt: skip


def _waits(step: Step) -> bool:
    return step.action == "wait.for_event" and step.status == "wait"


def _texts(action: str, texts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    kind = registry.actions.get(action)
    labels = {setting.name: setting.label for setting in settings_of(kind)} if kind else {}
    for name, text in texts.items():
        plain = strip_tags(text).strip() if name == "html" else text.strip()
        yield labels.get(name, name), Truncator(plain).chars(LONG)
