"""What a play brought about, in the words of the notation: events, and which workflows ran for them."""

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING

from pipelines.maps.play.notation import EVENTS
from pipelines.models import LoopStop
from triggers import registry
from triggers.action_types import Hold
from triggers.models import ActionRun, Event, Run
from triggers.run_context import RunContext
from triggers.wording.words import quoted
from triggers.workflows import document

if TYPE_CHECKING:
    from pipelines.maps.play.stage import Stage

SPOKEN = {key: short for short, key in EVENTS.items()}


class Log:
    """Reads, after each act, what is new since the last one."""

    def __init__(self, stage: "Stage") -> None:
        self.stage = stage
        self.names = {workflow.pk: name for name, workflow in stage.workflows.items()}
        self.events: list[str] = []
        self.runs: list[str] = []
        self._event = self._run = self._loop = 0

    def note(self, now: datetime) -> list[str]:
        """The new events, and notes the runs and stopped loops that came with them."""
        new = list(Event.objects.filter(contact_id=self.stage.lead_id, pk__gt=self._event).order_by("pk"))
        if new:
            self._event = new[-1].pk
        said = [self._event_said(event) for event in new if event.type in SPOKEN]
        self.events += said
        self.runs += self._new_runs(now)
        return said

    def _event_said(self, event: Event) -> str:
        data, short = event.data, SPOKEN[event.type]
        if event.type.startswith("map"):
            name = next(name for name, each in self.stage.maps.items() if each.pk == data["map_id"])
            return f"{short} {name} {data['outcome']}" if "outcome" in data else f"{short} {name}"
        return f"{short} {data['track']}.{data['step']}" if "step" in data else f"{short} {data['track']}"

    def _new_runs(self, now: datetime) -> list[str]:
        """In the order in which they ran: those that a conditional chose right after it."""
        rows = Run.objects.filter(contact_id=self.stage.lead_id, pk__gt=self._run, workflow__in=self.names)
        runs = list(rows.exclude(status=Run.Status.SKIPPED).select_related("event").order_by("pk"))
        done: dict[int, list[ActionRun]] = defaultdict(list)
        for action in ActionRun.objects.filter(run__in=[run.pk for run in runs]).order_by("position"):
            done[action.run_id].append(action)
        children: dict[int | None, list[Run]] = defaultdict(list)
        for run in runs:
            children[run.parent].append(run)
        placed = [
            (run.event_id, 0, run.pk, said) for run in children[None] for said in self._said(run, done, children, now)
        ]
        loops = LoopStop.objects.filter(journey__contact=self.stage.lead_id, pk__gt=self._loop).order_by("pk")
        for loop in loops:
            name = next(name for name, each in self.stage.maps.items() if each.pk == loop.map_id)
            placed.append((loop.after_event, 1, loop.pk, f"loop stopped:{name}"))
            self._loop = loop.pk
        self._run = max([self._run, *(run.pk for run in runs)])
        return [said for *_place, said in sorted(placed, key=lambda each: each[:3])]

    def _said(
        self, run: Run, done: dict[int, list[ActionRun]], children: dict[int | None, list[Run]], now: datetime
    ) -> list[str]:
        said = [self._label(run, done[run.pk], now)]
        for child in children[run.pk]:
            # One whose channel is another's did nothing.
            if any(action.status != ActionRun.Status.SKIPPED or _chooses(action) for action in done[child.pk]):
                said += self._said(child, done, children, now)
        return said

    def _label(self, run: Run, done: list[ActionRun], now: datetime) -> str:
        name = self.names[run.workflow_id]
        choice = next((action for action in done if _chooses(action)), None)
        if choice is not None:
            return f"{name}:{self._chosen(choice)}"
        return f"{name} (email held)" if self._is_held(run, done, now) else name

    def _chosen(self, choice: ActionRun) -> str:
        """What the conditional chose, also where that was switched off."""
        for name, flow in self.stage.workflows.items():
            if choice.result.get("workflow") == flow.slug or quoted(flow.slug) in choice.error:
                return name
        return "no match"

    def _is_held(self, run: Run, done: list[ActionRun], now: datetime) -> bool:
        """Whether a mail that the run has left to be sent will wait for an address."""
        doc = document.of_version(run.version_id)
        waiting = next((action for action in done if action.uid == run.at and not action.finished_at), None)
        kind = registry.actions.get(waiting.action) if waiting is not None else None
        if waiting is None or kind is None or kind.touches != "outside":
            return False
        node = doc.nodes[waiting.uid]
        ctx = RunContext(run, run.event, doc, node, waiting.key, now, dry=True)
        return isinstance(kind.model_validate(node.config).simulate(ctx), Hold)


def _chooses(action: ActionRun) -> bool:
    return action.action == "workflow.choose"
