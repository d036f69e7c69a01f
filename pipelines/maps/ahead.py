"""What comes by itself on a journey: what time brings, what waits, and what the next closings start."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from pipelines.maps import timers
from pipelines.maps.attached import Attached, every
from pipelines.maps.standing import Standing
from pipelines.maps.timing import TimerOptions, Unless
from pipelines.models import Journey, JourneyTimer, Step, Track
from triggers.models import ActionRun, Run
from triggers.wording import moments, sentences
from triggers.workflows import document

MOST: Final = 8
ICONS: Final = (("email.", "mail"), ("video.", "mail"), ("task.", "task"), ("note.", "note"), ("user.", "bell"))


@dataclass(frozen=True)
class Coming:
    """One thing that will happen: what, when and what would stop it, and the page that says more."""

    icon: str
    title: str
    when: str
    url: str
    at: datetime | None = None


def coming(standing: Standing) -> list[Coming]:
    """The nearest first; what an act of people would start stands after what only waits for time."""
    journey = standing.journey
    if not journey.is_open:
        return []
    attached = [each for each in every() if each.is_live and _concerns(each, journey)]
    timed = [*_timed(standing, attached), *_waiting(standing)]
    timed.sort(key=lambda each: (each.at is None, each.at or standing.now))
    return [*timed, *_closing(standing, attached)][:MOST]


def _concerns(each: Attached, journey: Journey) -> bool:
    channel = each.config.get("channel", "both")
    return each.config.get("map") in (None, journey.map_id) and channel in ("both", journey.channel)


def _timed(standing: Standing, attached: list[Attached]) -> Iterator[Coming]:
    by_rule: dict[str, list[tuple[Attached, TimerOptions]]] = {}
    for each in attached:
        if each.is_timer:
            options = TimerOptions.model_validate(dict(each.config))
            by_rule.setdefault(options.rule(), []).append((each, options))
    if not by_rule:
        return
    rows = JourneyTimer.objects.filter(journey=standing.journey, rule__in=by_rule).order_by("due_at")
    for row in rows.filter(due_at__gt=standing.now)[:MOST]:
        for each, options in by_rule[row.rule]:
            if not timers.excluded({row.journey_id}, options.unless):
                yield _coming(each, _when(standing, row.due_at, options), row.due_at)


def _when(standing: Standing, due: datetime, options: TimerOptions) -> str:
    said = moments.short(due, standing.now)
    if standing.missing:
        said = _("%(when)s, once the lead is complete") % {"when": said}
    stops = _(" or ").join(filter(None, map(_unless, options.unless)))
    return _("%(when)s, unless %(stops)s") % {"when": said, "stops": stops} if stops else said


def _unless(each: Unless) -> str:
    """What stops it, in words."""
    if each.event == "map.closed":
        return _("the lead is closed")
    step = Step.objects.filter(pk=each.step).first() if each.step is not None else None
    track = Track.objects.filter(pk=each.track).first() if each.track is not None else None
    opened = each.event.endswith("opened")
    if each.event.startswith("step"):
        name = _("“%(name)s”") % {"name": step} if step else _("a step")
        return (_("%(name)s opens") if opened else _("%(name)s is done")) % {"name": name}
    name = _("“%(name)s”") % {"name": track} if track else _("a track")
    return (_("%(name)s opens") if opened else _("%(name)s closes")) % {"name": name}


def _waiting(standing: Standing) -> Iterator[Coming]:
    """Runs of this journey that wait for their time, or are held."""
    journey = standing.journey
    runs = Run.objects.filter(contact_id=journey.contact_id, subject_type="pipelines.journey", subject_id=journey.pk)
    waiting = list(runs.filter(status__in=[Run.Status.WAITING, Run.Status.HELD]).select_related("workflow")[:MOST])
    at = {(row.run_id, row.uid): row for row in ActionRun.objects.filter(run__in=waiting)}
    for run in waiting:
        doc, done = document.of_version(run.version_id), at.get((run.pk, run.at))
        node = doc.nodes.get(run.at)
        title = sentences.title(node.action, node.config, node.name) if node is not None else run.workflow.name
        when = moments.short(run.due_at, standing.now)
        if run.status == Run.Status.HELD or (done is not None and done.error):
            when = run.reason or (done.error if done else "") or _("Held")
        key = done.action if done is not None else ""
        url = reverse("admin:triggers_run_change", args=[run.pk])
        yield Coming(
            _icon(key), title, _("%(when)s · %(flow)s") % {"when": when, "flow": run.workflow}, url, run.due_at
        )


def _closing(standing: Standing, attached: list[Attached]) -> Iterator[Coming]:
    """What starts when an open step is done, an open track closes, or the next opens."""
    tracks = {track.row.track_id: track.name for track in standing.tracks if track.row and track.state != "closed"}
    steps = {step.row.step_id: step.row.name for track in standing.tracks for step in track.todo}
    following = {track.pk: track.name for track in standing.ahead[:2]}
    named = {
        "step.closed": (steps, _("When “%(name)s” is done")), "track.closed": (tracks, _("When “%(name)s” closes")),
        "track.opened": (following, _("When “%(name)s” opens")),
    }  # fmt: skip
    for each in attached:
        if each.event in named and each.place is not None:
            names, words = named[each.event]
            if each.place[1] in names:
                yield _coming(each, words % {"name": names[each.place[1]]})


def _coming(each: Attached, when: str, at: datetime | None = None) -> Coming:
    first = next((node for node in each.actions if isinstance(node, dict)), {})
    url = reverse("admin:triggers_workflow_change", args=[each.workflow.pk])
    return Coming(_icon(str(first.get("action", ""))), str(capfirst(each.first)), when, url, at)


def _icon(action: str) -> str:
    return next((icon for start, icon in ICONS if action.startswith(start)), "bolt")
