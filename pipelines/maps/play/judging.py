"""Compares what was played with what the file expects, and tells the differences."""

from typing import Any

from django.utils.translation import gettext as _

from pipelines.maps.play.notation import BadScenario, Line, Scenario
from pipelines.maps.play.player import Player
from triggers.problems import Invalid
from triggers.rehearsal import rehearsal

Json = dict[str, Any]


def play(scenario: Scenario) -> Json:
    """Plays the whole scenario and undoes it: `{"id", "ok", "acts", "runs", "differences"}`."""
    acts: list[Json] = []
    runs: list[str] = []
    events: list[str] = []
    try:
        with rehearsal():
            player = Player(scenario)
            acts = [player.play(line.act) for line in scenario.when]
            runs, events = player.log.runs, player.log.events
    except (BadScenario, Invalid) as error:
        return {"id": scenario.id, "ok": False, "acts": acts, "runs": runs, "differences": [str(error)]}
    found = differences(scenario, acts, events, runs)
    return {"id": scenario.id, "ok": not found, "acts": acts, "runs": runs, "differences": found}


def differences(scenario: Scenario, acts: list[Json], events: list[str], runs: list[str]) -> list[str]:
    """What is not as the scenario says, act by act; empty where all agrees."""
    found = [text for line, act in zip(scenario.when, acts, strict=True) if (text := _of_act(line, act))]
    for never in scenario.never:
        if never in events:
            found.append(_("%(event)s was recorded, and never should be.") % {"event": never})
    if scenario.runs is not None and scenario.runs != runs:
        found.append(_("runs: expected %(expected)s, got %(got)s") % {"expected": scenario.runs, "got": runs})
    return found


def _of_act(line: Line, act: Json) -> str:
    got = "rejected" if act.get("rejected") else act["events"]
    if line.expected is None or line.expected == got:
        return ""
    told = {"act": line.act, "expected": line.expected, "got": got, "why": act.get("why", "")}
    return (_("%(act)s: expected %(expected)s, got %(got)s. %(why)s") % told).strip()
