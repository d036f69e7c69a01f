"""The notation of scenario files: a map and a sequence of acts, with the exact events of each.

Every value is read as text, so that `yes` stays a word and `07` keeps its nought.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from django.utils.translation import gettext as _

KINDS = {"std": "standard", "flex": "flex", "video": "video"}
EVENTS = {
    "map.open": "map.opened", "map.close": "map.closed", "track.open": "track.opened", "track.close": "track.closed",
    "step.open": "step.opened", "step.close": "step.closed",
}  # fmt: skip


class BadScenario(ValueError):
    """The file cannot be read as a scenario; the message says where."""


@dataclass(frozen=True)
class StepLine:
    """`name!` is required, `name~` optional; `=f` mirrors the field f."""

    name: str
    required: bool
    mirrors: str

    @classmethod
    def read(cls, text: str) -> "StepLine":
        name, _equals, field = text.partition("=")
        return cls(name.rstrip("!~"), not name.endswith("~"), field)


@dataclass(frozen=True)
class TrackLine:
    name: str
    kind: str
    steps: tuple[StepLine, ...]

    @classmethod
    def read(cls, text: str) -> "TrackLine":
        name, kind, *steps = (*text.split(), "", "")[: max(2, len(text.split()))]
        if kind not in KINDS:
            raise BadScenario(_("“%(line)s”: a track is a name, std, flex or video, and its steps.") % {"line": text})
        return cls(name, KINDS[kind], tuple(StepLine.read(step) for step in steps))


@dataclass(frozen=True)
class Moment:
    """One of the six events, of an element or of any (`*`): `map.close M won`, `step.close V.*`."""

    event: str
    of: str
    outcome: str = "any"

    @classmethod
    def read(cls, text: str) -> "Moment":
        kind, *rest = text.split()
        if kind not in EVENTS:
            raise BadScenario(_("“%(text)s” is no event of a map.") % {"text": text})
        return cls(EVENTS[kind], rest[0] if rest else "*", rest[1] if len(rest) > 1 else "any")


@dataclass(frozen=True)
class Binding:
    moment: Moment
    trigger: str

    @classmethod
    def read(cls, text: str) -> "Binding":
        event, arrow, trigger = text.partition("->")
        if not arrow:
            raise BadScenario(_("“%(text)s”: write an event, an arrow -> and a trigger.") % {"text": text})
        return cls(Moment.read(event.strip()), trigger.strip())


@dataclass(frozen=True)
class Line:
    """An act, and the events that it is to record: None where nothing is said of them, "rejected" where it is refused."""

    act: str
    expected: list[str] | str | None


@dataclass(frozen=True)
class Scenario:
    """One document of a file."""

    id: str
    title: str
    given: Mapping[str, list[TrackLine]]
    triggers: Mapping[str, Mapping[str, Any]]
    automations: Mapping[str, Mapping[str, Any]]
    bind: list[Binding]
    channel: str
    fields: Mapping[str, str]
    has_email: bool
    when: list[Line]
    never: list[str]
    runs: list[str] | None


def read(text: str) -> Iterator[Scenario]:
    """The scenarios of a file. Raises BadScenario."""
    try:
        documents = list(yaml.load_all(text, Loader=yaml.BaseLoader))
    except yaml.YAMLError as error:
        raise BadScenario(str(error)) from None
    for number, document in enumerate(documents, start=1):
        if document:
            yield _scenario(document, str(number))


def listed(value: Any) -> list[str]:
    """A list, a single text as a list of one, and nothing as none."""
    return [value] if isinstance(value, str) and value else [str(each) for each in value or []]


def is_yes(value: Any) -> bool:
    return str(value).casefold() in ("true", "yes", "on", "1")


def _scenario(found: Any, number: str) -> Scenario:
    if not isinstance(found, dict) or not isinstance(found.get("given"), dict):
        raise BadScenario(_("Document %(n)s has no maps under “given”.") % {"n": number})
    return Scenario(
        id=found.get("id") or number,
        title=found.get("title", ""),
        given={name: [TrackLine.read(line) for line in lines] for name, lines in found["given"].items()},
        triggers={name: value or {} for name, value in (found.get("triggers") or {}).items()},
        automations={name: value or {} for name, value in (found.get("automations") or {}).items()},
        bind=[Binding.read(line) for line in listed(found.get("bind"))],
        channel=found.get("channel") or "form",
        fields=found.get("fields") or {},
        has_email=is_yes(found.get("email", "true")),
        when=[_line(item) for item in found.get("when") or []],
        never=listed(found.get("never")),
        runs=None if found.get("runs") is None else listed(found["runs"]),
    )


def _line(item: Any) -> Line:
    if isinstance(item, str):
        return Line(item, None)
    if not isinstance(item, dict) or len(item) != 1:
        raise BadScenario(_("“%(item)s” is no act.") % {"item": item})
    [(act, expected)] = item.items()
    return Line(act, expected if isinstance(expected, list) else expected or [])
