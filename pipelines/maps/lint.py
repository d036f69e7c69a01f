"""What is likely to go wrong with a map as it is defined, and with the workflows attached to it."""

from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import gettext as _

from pipelines.maps import mirrors
from pipelines.models import Map, Step, Track
from triggers.models import Trigger, WorkflowVersion
from triggers.problems import Problem
from triggers.workflows.cycles import nodes

MAILS: Final = ("email.send", "sms.send", "message.send", "video.send_access")
Node = dict[str, Any]


def lint(target: Map) -> list[Problem]:
    """Warnings, each at a track or a step by its number; a map that cannot be assigned has errors."""
    tracks = list(target.tracks.filter(deleted_at=None).order_by("position", "pk"))
    steps = list(Step.objects.filter(track__in=tracks, deleted_at=None).order_by("position", "pk"))
    return [*_lacks(target, tracks, steps), *_attached(target, tracks, steps)]


def _lacks(target: Map, tracks: list[Track], steps: list[Step]) -> Iterator[Problem]:
    if not tracks:
        yield Problem((), _("“%(map)s” has no track yet. Add one with its steps first.") % {"map": target})
    filled = {step.track_id for step in steps}
    for track in tracks:
        if track.pk not in filled:
            yield _at(track, _("The track “%(track)s” has no step yet. Add one first.") % {"track": track}, error=True)
    for step in steps:
        if step.mirrors and not mirrors.is_mirrorable(step.mirrors):
            yield _at(step, mirrors.no_such_field(step.mirrors), error=True)


def _attached(target: Map, tracks: list[Track], steps: list[Step]) -> Iterator[Problem]:
    """What the workflows attached to the map will do that nobody may have meant."""
    by_track = {track.pk: track for track in tracks}
    by_step = {step.pk: step for step in steps}
    mailed: dict[int, int] = {}
    for trigger, actions in _workflows(target, by_track, by_step):
        step, track = by_step.get(trigger.config.get("step")), by_track.get(trigger.config.get("track"))
        if trigger.event_type == "step.closed" and step is not None and not step.required:
            yield _at(step, _("“%(step)s” is optional: where it is left out, “%(workflow)s” never starts.") % {
                "step": step, "workflow": trigger.workflow}, )  # fmt: skip
        if (
            trigger.event_type == "track.opened"
            and track is not None
            and any(each["action"] in MAILS for each in actions)
        ):
            mailed[track.pk] = trigger.workflow_id
        yield from _of_actions(trigger, actions, step, by_step)
    yield from _mailed_at_once(tracks, set(mailed))


def _of_actions(
    trigger: Trigger, actions: list[Node], step: Step | None, by_step: dict[int, Step]
) -> Iterator[Problem]:
    words = {"workflow": trigger.workflow}
    for node in actions:
        config = node.get("config") or {}
        if node["action"] == "track.flex":
            if trigger.event_type == "step.opened" and step is not None and step.track_id == config.get("track"):
                text = _("“%(workflow)s” chooses steps when one of them opens: the others have opened with it by then.")
                yield _at(step, text % words)
            if not config.get("keep"):
                yield _on(trigger, _("“%(workflow)s” leaves no step of the track: it closes at once.") % words)
        if node["action"] == "workflow.choose" and not config.get("otherwise") and _may_be_empty(config, by_step):
            text = _("“%(workflow)s” chooses by a value that may be missing then; say what starts otherwise.")
            yield _on(trigger, text % words)


def _mailed_at_once(tracks: list[Track], mailed: set[int]) -> Iterator[Problem]:
    run: list[Track] = []
    for track in [*tracks, None]:
        if track is not None and track.kind == Track.Kind.VIDEO:
            run.append(track)
            continue
        if len([each for each in run if each.pk in mailed]) > 1:
            text = _("%(n)d video tracks in a row open together: the lead gets all their messages at once.")
            yield _at(run[0], text % {"n": len(run)})
        run = []


def _may_be_empty(config: Node, by_step: dict[int, Step]) -> bool:
    """Whether nothing makes sure that there is a value: no required step of the map enters it."""
    namespace, _dot, name = str(config.get("field", "")).partition(".")
    if namespace == "journey" and name.startswith("steps."):
        step = by_step.get(int(name.removeprefix("steps."))) if name.removeprefix("steps.").isdigit() else None
        return step is None or not step.required
    if namespace == "contact":
        return not any(step.required and step.mirrors == name for step in by_step.values())
    return False


def _workflows(target: Map, tracks: dict[int, Track], steps: dict[int, Step]) -> Iterator[tuple[Trigger, list[Node]]]:
    """The live triggers attached to the map or an element of it, with the actions of their workflows."""
    types = ("map.opened", "map.closed", "track.opened", "track.closed", "step.opened", "step.closed", "journey.timer")
    rows = Trigger.objects.filter(event_type__in=types, kind=Trigger.Kind.START).select_related("workflow")
    mine = [
        row for row in rows
        if row.config.get("map") == target.pk or row.config.get("track") in tracks or row.config.get("step") in steps
    ]  # fmt: skip
    versions = WorkflowVersion.objects.in_bulk([row.workflow.current_id for row in mine if row.workflow.current_id])
    for row in mine:
        document = versions[row.workflow.current_id or 0].document
        yield row, [node for node, _path in nodes(document.get("actions"), ()) if "action" in node]


def _at(element: Track | Step, message: str, *, error: bool = False) -> Problem:
    return Problem(("tracks" if isinstance(element, Track) else "steps", element.pk), message, warning=not error)


def _on(trigger: Trigger, message: str) -> Problem:
    config = trigger.config
    for name in ("step", "track", "map"):
        if config.get(name) is not None:
            return Problem((f"{name}s", config[name]), message, warning=True)
    return Problem((), message, warning=True)
