"""The workflows of a play: what a scenario's triggers and automations say, as documents of the product."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from django.utils.translation import gettext as _

from pipelines.maps.play.notation import BadScenario, Binding, Moment, Scenario, is_yes, listed
from pipelines.models import Map, Step, Track
from triggers.models import Workflow

Json = dict[str, Any]
PLAIN: Mapping[str, tuple[str, Json]] = {
    "email lead": ("email.send", {"subject": "Play", "text": "Play", "category": "transactional"}),
    "note": ("note.create", {"body": "Play"}),
    "todo": ("task.create", {"title": "Play"}),
    "send video access": ("video.send_access", {}),
    "activate video access": ("video.activate_access", {}),
    "deactivate video access": ("video.deactivate_access", {}),
    "close lead": ("lead.close", {"status": "lost"}),
    "close lead as patient": ("lead.close", {"status": "won"}),
    "close lead as won": ("lead.close", {"status": "won"}),
    "close lead as lost": ("lead.close", {"status": "lost"}),
    "close lead as closed": ("lead.close", {"status": "closed"}),
}
# Fields that no step mirrors, and a conditional may ask for all the same.
OWN = ("channel", "lead_status")


class Stage(Protocol):
    """What the names of a scenario stand for; each look-up raises BadScenario where there is nothing of the name."""

    scenario: Scenario
    bindings: list[Binding]
    workflows: dict[str, Workflow]

    def map(self, name: str) -> Map: ...

    def all_tracks(self, name: str) -> Sequence[Track]: ...

    def track(self, name: str) -> Track: ...

    def step(self, name: str) -> Step: ...

    def step_of(self, track: Track, name: str) -> Step: ...

    def field(self, name: str) -> str: ...


def document(stage: Stage, name: str) -> Json:
    """The workflow document of a trigger or an automation."""
    scenario = stage.scenario
    if name in scenario.automations:
        said = scenario.automations[name]
        return _document([_timer(stage, said)], _actions(stage, said))
    said = scenario.triggers[name]
    entries = [
        {"uid": f"b{position}-{n}", "event": each.moment.event, "config": {**config, "position": position}}
        for position, each in enumerate(stage.bindings)
        if each.trigger == name
        for n, config in enumerate(_addresses(stage, each.moment))
    ]
    channel = said.get("channel", "both")
    for entry in entries:
        entry["config"]["channel"] = channel  # type: ignore[index]
    actions = [_conditional(stage, said)] if "if" in said else _actions(stage, said)
    if not entries:
        # Started by a conditional only: what filters its own events filters its actions.
        entries = [{"uid": "b", "event": "workflow.enrolled", "config": {}}]
        if channel != "both":
            leaf = {"field": "contact.channel", "op": "is", "value": channel}
            actions = [{**node, "only_if": leaf} for node in actions]
    return _document(entries, actions)


def is_inactive(scenario: Scenario, name: str) -> bool:
    said = scenario.triggers.get(name) or scenario.automations.get(name) or {}
    return is_yes(said.get("inactive", "false"))


def _document(triggers: list[Json], actions: list[Json]) -> Json:
    return {"triggers": triggers, "exits": [], "actions": actions, "settings": {"stop_on_error": False}}


def _addresses(stage: Stage, moment: Moment) -> Iterator[Json]:
    """The options that stand for an event: one set for each element of that name."""
    if moment.of == "*":
        yield {}
    elif moment.event.startswith("map"):
        outcome = {"outcome": moment.outcome} if moment.event == "map.closed" else {}
        yield {"map": stage.map(moment.of).pk, **outcome}
    else:
        track_name, _dot, step_name = moment.of.partition(".")
        for track in stage.all_tracks(track_name) if track_name != "*" else []:
            step = {"step": stage.step_of(track, step_name).pk} if step_name not in ("", "*") else {}
            yield {"track": track.pk, **step}
        if track_name == "*":
            yield {}


def _timer(stage: Stage, said: Mapping[str, Any]) -> Json:
    since = Moment.read(said["since"])
    config = {name: value for name, value in next(_addresses(stage, since)).items() if name != "outcome"}
    amount, unit = next(
        (said[key], unit) for unit in ("days", "hours", "minutes") for key in (f"after_{unit}",) if key in said
    )
    unless = [
        {"event": each.event, **{k: v for k, v in address.items() if k in ("track", "step")}}
        for each in map(Moment.read, listed(said.get("unless")))
        for address in _addresses(stage, each)
        if each.event != "map.opened"
    ]
    config |= {"anchor": since.event, "delay": int(amount), "unit": unit, "unless": unless}
    if "times" in said:
        config |= {"times": int(said["times"]), "every": int(said.get(f"every_{unit}", amount))}
    channel = said.get("channel", "both")
    leaf = {"field": "event.channel", "op": "is", "value": channel}
    return {
        "uid": "t", "event": "journey.timer", "config": config, "conditions": leaf if channel != "both" else None,
    }  # fmt: skip


def _actions(stage: Stage, said: Mapping[str, Any]) -> list[Json]:
    nodes = [_action(stage, text) for text in listed(said.get("do"))]
    nodes = nodes or [("data.set", {"values": {"seen": "yes"}})]
    return [{"uid": f"a{n}", "action": key, "config": config} for n, (key, config) in enumerate(nodes)]


def _action(stage: Stage, text: str) -> tuple[str, Json]:
    if text in PLAIN:
        return PLAIN[text]
    verb, _space, rest = text.partition(" ")
    if text.startswith("change map "):
        return "map.change", {"map": stage.map(text.removeprefix("change map ").strip()).pk}
    if verb == "set":
        name, _equals, value = rest.partition("=")
        field, value = stage.field(name.strip()), value.strip()
        return "contact.update", {"values": {field: value}} if value else {"clear": [field]}
    if verb == "flex":
        track_name, _keep, *names = rest.split()
        track = stage.track(track_name)
        return "track.flex", {"track": track.pk, "keep": [stage.step_of(track, name).pk for name in names]}
    if verb == "complete":
        step, _space, value = rest.partition(" ")
        return "step.complete", {"step": stage.step(step).pk, "value": value}
    raise BadScenario(_("“%(text)s” is nothing a trigger can do.") % {"text": text})


def _conditional(stage: Stage, said: Mapping[str, Any]) -> Json:
    kind, _space, name = said["if"].partition(" ")
    if kind == "field":
        field = f"contact.{name if name in OWN else stage.field(name.strip())}"
    elif kind == "step":
        field = f"journey.steps.{stage.step(name.strip()).pk}"
    else:
        raise BadScenario(_("“%(text)s”: ask for a field or a step.") % {"text": said["if"]})
    cases = {str(value): _slug(stage, target) for value, target in (said.get("cases") or {}).items()}
    otherwise = _slug(stage, said["otherwise"]) if said.get("otherwise") else ""
    config = {"field": field, "cases": cases, "otherwise": otherwise}
    return {"uid": "a0", "action": "workflow.choose", "config": config}


def _slug(stage: Stage, name: str) -> str:
    if name not in stage.workflows:
        raise BadScenario(_("There is no trigger “%(name)s”.") % {"name": name})
    return stage.workflows[name].slug
