"""The workflow document: read from JSON into a tree of nodes that a run can walk.

Reading never fails on what publishing has checked; what is wrong with a draft is told by `checking`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop as _
from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_validator

from triggers.models.organisation import Organisation, validate_zone
from triggers.models.workflow import WorkflowVersion

Json = dict[str, Any]
# A local clock time, and the name of a run's variable.
CLOCK: Final = r"^([01]\d|2[0-3]):[0-5]\d$"
VARIABLE: Final = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
_REENTRY: Final[dict[str, JsonValue]] = {
    "every": _("Every time"),
    "once_per_contact": _("Once per contact"),
    "once_per_object": _("Once per deal, order or other record"),
    "cooldown": _("Not again within so many hours"),
    "one_active": _("Not while a run is under way"),
    "restart": _("Start over: the run under way ends"),
}
Reentry = Literal["every", "once_per_contact", "once_per_object", "cooldown", "one_active", "restart"]


class Window(BaseModel):
    """When sends may leave: weekdays 1 (Monday) to 7, from and to as HH:MM of the workflow's time zone."""

    model_config = ConfigDict(extra="forbid")
    weekdays: list[int] = Field(default=[1, 2, 3, 4, 5, 6, 7], min_length=1, title=_("On these days"))
    start: str = Field("00:00", alias="from", pattern=CLOCK, title=_("From"))
    end: str = Field("24:00", alias="to", pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$", title=_("To"))

    @field_validator("weekdays")
    @classmethod
    def _days(cls, value: list[int]) -> list[int]:
        if not all(1 <= day <= 7 for day in value):
            raise ValueError("Weekdays are numbers from 1 (Monday) to 7 (Sunday).")
        return value


class Settings(BaseModel):
    """A workflow's limits; the defaults are what a new workflow has."""

    model_config = ConfigDict(extra="forbid")
    reentry: Reentry = Field("every", title=_("Same contact again"), json_schema_extra={"labels": _REENTRY})
    cooldown_hours: int = Field(24, ge=1, le=24 * 365, title=_("Hours before it may run again"))
    rate_per_hour: int | None = Field(None, ge=1, title=_("At most so many runs an hour"))
    windows: list[Window] = Field([], title=_("Messages leave only"))
    timezone: str = Field("account", title=_("Time zone"), json_schema_extra={"source": "zone"})
    stop_on_error: bool = Field(True, title=_("An action that fails stops the run"))
    allow_own_effects: bool = Field(False, title=_("It may run on what it caused itself"))
    notify: list[str] = Field([], title=_("Who is told when it is paused by itself"))

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        if value not in ("account", "contact"):
            validate_zone(value)
        return value


@dataclass(frozen=True)
class Entry:
    """A trigger or an exit."""

    uid: str
    event: str
    config: Json
    conditions: Json | None


@dataclass(frozen=True)
class Outlet:
    """One way out of a node, with the nodes that stand there."""

    name: str
    nodes: tuple["Node", ...]


@dataclass(frozen=True)
class Node:
    """An action of the tree. A branch or a split is one whose outlets are its cases."""

    uid: str
    action: str
    config: Json
    only_if: Json | None = None
    on_error: str | None = None
    name: str = ""
    outlets: tuple[Outlet, ...] = ()


@dataclass(frozen=True)
class Document:
    """A whole workflow, with the order of its nodes."""

    triggers: tuple[Entry, ...]
    exits: tuple[Entry, ...]
    actions: tuple[Node, ...]
    settings: Settings
    nodes: dict[str, Node] = field(default_factory=dict)
    _next: dict[str, str | None] = field(default_factory=dict)

    def first(self) -> Node | None:
        return self.actions[0] if self.actions else None

    def after(self, uid: str, outcome: str = "") -> Node | None:
        """The node a run goes to when `uid` ended with `outcome`: its outlet's first, else what follows."""
        for outlet in self.nodes[uid].outlets:
            if outlet.name == outcome and outlet.nodes:
                return outlet.nodes[0]
        following = self._next[uid]
        return self.nodes[following] if following else None

    def listens(self) -> bool:
        """Whether its runs may hear of events that come after the one they began with."""
        return any(node.action in ("goal", "wait.for_event") for node in self.nodes.values())

    def goals(self) -> list[Node]:
        return [node for node in self.nodes.values() if node.action == "goal"]

    def goals_from(self, uid: str) -> list[Node]:
        """The goals at this node and after it, in reading order."""
        return [goal for goal in self.goals() if self.position(goal.uid) >= self.position(uid)]

    def position(self, uid: str) -> int:
        """Reading order, from 0; a uid no longer in the document comes last."""
        return list(self.nodes).index(uid) if uid in self.nodes else len(self.nodes)

    def zone(self, contact_zone: str | None, organisation: Organisation) -> ZoneInfo:
        """The zone the workflow reckons in; the organisation's where a contact has none."""
        chosen = self.settings.timezone
        if chosen == "contact" and contact_zone:
            return ZoneInfo(contact_zone)
        return organisation.zone if chosen in ("account", "contact") else ZoneInfo(chosen)


def read(document: Json) -> Document:
    """The tree of a checked document, without what is switched off."""
    actions = tuple(_node(item) for item in on(document.get("actions", [])))
    nodes: dict[str, Node] = {}
    following: dict[str, str | None] = {}
    _chain(actions, None, nodes, following)
    return Document(
        triggers=tuple(_entry(item) for item in document.get("triggers", [])),
        exits=tuple(_entry(item) for item in document.get("exits", [])),
        actions=actions,
        settings=Settings.model_validate(document.get("settings", {})),
        nodes=nodes,
        _next=following,
    )


@lru_cache(maxsize=2000)
def of_version(version_id: int) -> Document:
    """The tree of a published version; versions never change, so it is read once per process."""
    return read(WorkflowVersion.objects.values_list("document", flat=True).get(pk=version_id))


@lru_cache(maxsize=10_000)
def publisher_of(version_id: int) -> int | None:
    """The number of the user who published a version; None when a command did."""
    return WorkflowVersion.objects.values_list("created_by_id", flat=True).get(pk=version_id)


def on(items: Iterable[Any]) -> Iterator[Any]:
    """The actions that are not switched off; with one that is, what stands in its ways is passed over, too."""
    return (item for item in items if item.get("off") is not True)


def outlets(item: Json) -> Iterator[tuple[str, Any, tuple[str | int, ...]]]:
    """Name, list of nodes and path of each way out of a node as it stands in the JSON."""
    for kind in ("branch", "split"):
        for index, case in enumerate(item.get(kind, [])):
            yield case.get("uid", ""), case.get("then", []), (kind, index, "then")
    if "branch" in item:
        yield "else", item.get("else", []), ("else",)
    for name, nodes in item.get("outcomes", {}).items():
        yield name, nodes, ("outcomes", name)


def objects(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list in any JSON; none where it is no list."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def ways(item: Any) -> list[tuple[str, Any, tuple[str | int, ...]]]:
    """The ways out of a node as `outlets` tells them; none where its shape is wrong."""
    try:
        return list(outlets(dict(item)))
    except (AttributeError, TypeError):
        return []


def _entry(item: Json) -> Entry:
    return Entry(item["uid"], item["event"], item.get("config", {}), item.get("conditions"))


def _node(item: Json) -> Node:
    kind = next((kind for kind in ("branch", "split") if kind in item), None)
    cases = [{k: v for k, v in case.items() if k != "then"} for case in item.get(kind or "", [])]
    return Node(
        uid=item["uid"],
        action=kind or item["action"],
        config={"cases": cases} if kind else item.get("config", {}),
        only_if=item.get("only_if"),
        on_error=item.get("on_error"),
        name=item.get("name", ""),
        outlets=tuple(
            Outlet(name, tuple(_node(child) for child in on(children))) for name, children, _path in outlets(item)
        ),
    )


def _chain(
    siblings: tuple[Node, ...], then: str | None, nodes: dict[str, Node], following: dict[str, str | None]
) -> None:
    """Notes for every node what comes after it; after the last of an outlet comes what follows its owner."""
    for index, node in enumerate(siblings):
        nodes[node.uid] = node
        following[node.uid] = siblings[index + 1].uid if index + 1 < len(siblings) else then
        for outlet in node.outlets:
            _chain(outlet.nodes, following[node.uid], nodes, following)
