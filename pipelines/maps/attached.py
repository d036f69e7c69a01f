"""Which workflows are attached where in a map: to its own open and close, to a track's, to a step's, and to time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from pipelines.maps import timer_words
from pipelines.models import Map, Step, Track
from triggers.models import Workflow
from triggers.wording import sentences

TIMER: Final = "journey.timer"
MOMENTS: Final = {
    "map.opened": gettext_lazy("When a lead enters the map"), "map.closed": gettext_lazy("When the lead is closed"),
    "track.opened": gettext_lazy("When the track opens"), "track.closed": gettext_lazy("When the track closes"),
    "step.opened": gettext_lazy("When the step opens"), "step.closed": gettext_lazy("When the step is done"),
}  # fmt: skip
CONDITIONAL: Final = "workflow.choose"
Place = tuple[str, int]


@dataclass(frozen=True)
class Attached:
    """A trigger of a workflow and the element it is at: `place` is ("step", 7); none where it is for every map."""

    workflow: Workflow
    event: str
    place: Place | None
    moment: str
    config: Mapping[str, Any]
    actions: list[Any]
    document: Any
    is_live: bool

    @property
    def is_timer(self) -> bool:
        return self.event == TIMER

    @property
    def is_conditional(self) -> bool:
        return any(isinstance(node, Mapping) and node.get("action") == CONDITIONAL for node in self.actions)

    @property
    def does(self) -> str:
        """All that it does, in a few words each."""
        said = [phrase for node in self.actions if (phrase := sentences.phrase(node, self.document))]
        return str(capfirst(", ".join(said)))

    @property
    def first(self) -> str:
        """What it does first, in a few words."""
        for node in self.actions:
            if said := sentences.phrase(node, self.document):
                return str(capfirst(said))
        return self.workflow.name


def to_map(target: Map) -> list[Attached]:
    """All that is attached to the map or an element of it, drafts too, in the order of the workflows' names."""
    tracks = set(Track.objects.filter(map=target).values_list("pk", flat=True))
    steps = set(Step.objects.filter(track__in=tracks).values_list("pk", flat=True))
    return [each for each in every() if _is_of(each, target.pk, tracks, steps)]


def live_at(place: Place, event: str) -> list[Workflow]:
    """The live workflows that this event of this element starts."""
    found = {
        each.workflow.pk: each.workflow
        for each in every()
        if each.is_live and each.event == event and each.place == place
    }
    return list(found.values())


def every() -> Iterator[Attached]:
    """What any workflow attaches to maps. Workflows are few: staff write them."""
    rows = Workflow.objects.exclude(status=Workflow.Status.ARCHIVED).select_related("current").order_by("name")
    for workflow in rows:
        is_live = workflow.current is not None and workflow.is_matching
        document = workflow.current.document if workflow.current is not None and is_live else workflow.draft
        yield from _of(workflow, document, is_live)


def _of(workflow: Workflow, document: Any, is_live: bool) -> Iterator[Attached]:
    triggers = document.get("triggers") if isinstance(document, Mapping) else None
    actions = document.get("actions") if isinstance(document, Mapping) else None
    for entry in triggers if isinstance(triggers, list) else ():
        event = entry.get("event") if isinstance(entry, Mapping) else None
        config = entry.get("config") if isinstance(entry, Mapping) else None
        if event not in MOMENTS and event != TIMER:
            continue
        found = config if isinstance(config, Mapping) else {}
        moment = timer_words.moment(found) if event == TIMER else str(MOMENTS[event])
        actions_ = actions if isinstance(actions, list) else []
        yield Attached(workflow, event, place_of(found), moment, found, actions_, document, is_live)


def place_of(config: Mapping[str, Any]) -> Place | None:
    """The narrowest element that the options name."""
    for kind in ("step", "track", "map"):
        if isinstance(config.get(kind), int):
            return kind, config[kind]
    return None


def _is_of(each: Attached, target: int, tracks: set[int], steps: set[int]) -> bool:
    named = (("map", {target}), ("track", tracks), ("step", steps))
    return all(each.config.get(kind) in (None, *mine) for kind, mine in named)
