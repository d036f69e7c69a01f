"""What the page of a map shows: its drawing, its tracks and steps, what is attached to them, and its problems."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pipelines.maps import attached, controls, diagram, editing, lint
from pipelines.maps.attached import Attached
from pipelines.models import Map, Step, Track
from triggers.problems import Problem
from triggers.wording.look import pill


@dataclass
class StepRow:
    step: Step
    flows: list[Attached]
    problems: list[str]
    what: str


@dataclass
class TrackRow:
    track: Track
    steps: list[StepRow]
    flows: list[Attached]
    leads: int


def gather(target: Map) -> dict[str, Any]:
    """The whole page in a bounded number of queries."""
    tracks = list(target.tracks.filter(deleted_at=None).order_by("position", "pk"))
    steps = list(Step.objects.filter(track__in=tracks, deleted_at=None).order_by("position", "pk"))
    flows, counts, found = attached.to_map(target), editing.standing_in(target), lint.lint(target)
    by_place: dict[Any, list[Attached]] = defaultdict(list)
    for each in flows:
        by_place[each.place].append(each)
    said: dict[Any, list[str]] = defaultdict(list)
    for problem in found:
        said[problem.path].append(problem.message)
    rows = [
        TrackRow(
            track,
            [
                StepRow(step, by_place["step", step.pk], said["steps", step.pk], what(step))
                for step in steps if step.track_id == track.pk
            ],
            by_place["track", track.pk], counts.get(track.pk, 0),
        )
        for track in tracks
    ]  # fmt: skip
    return {
        "map": target, "rows": rows, "flows": by_place["map", target.pk] + by_place[None],
        "diagram": diagram.draw(tracks, steps, flows, counts), "problems": [_problem(each) for each in found],
        "sentence": _sentence(target, len(tracks), len(steps)), "colour": target.colour,
        "pill": pill("live", _("Active")) if target.active else pill("paused", _("Switched off")),
    }  # fmt: skip


def what(step: Step) -> str:
    """The step's control in words, with what belongs to it."""
    label = str(step.get_control_display())
    if step.mirrors:
        return f"{label}: {controls.field_label(step.mirrors)}"
    return f"{label}: {', '.join(step.choices)}" if step.choices else label


def _problem(problem: Problem) -> dict[str, Any]:
    """The problem with the way to its element on the page."""
    kinds = {"tracks": "track", "steps": "step", "maps": "flows-map"}
    place = problem.path[:2]
    href = f"#{kinds[str(place[0])]}-{place[1]}" if len(place) == 2 and place[0] in kinds else ""
    return {"message": problem.message, "warning": problem.warning, "href": href}


def _sentence(target: Map, tracks: int, steps: int) -> str:
    leads = target.journeys.filter(is_current=True, status="open").count()
    parts = [
        ngettext("%(n)d track", "%(n)d tracks", tracks) % {"n": tracks},
        ngettext("%(n)d step", "%(n)d steps", steps) % {"n": steps},
    ]
    standing = ngettext("%(n)d lead stands in it.", "%(n)d leads stand in it.", leads) % {"n": leads}
    none = _("No lead stands in it.")
    return f"{_(' with ').join(parts)}. {standing if leads else none}"
