"""What happened on a journey, newest first: acts, tracks, workflows with what they did or why not, stopped loops."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.custom.definitions import definitions
from contacts.models import Contact
from pipelines.maps import controls
from pipelines.models import Journey
from triggers.models import ActionRun, Event, Miss, Run, Workflow
from triggers.wording import people, telling

# Rows that are read of each table; a journey has far fewer.
MOST: Final = 300
TONES: Final = {"failed": "bad", "uncertain": "wait", "held": "wait"}


@dataclass(frozen=True)
class Line:
    """One row: when, what, in which tone, and where to read on."""

    at: datetime
    rank: int
    icon: str
    what: SafeString
    detail: str = ""
    url: str = ""
    tone: str = ""


@dataclass
class _Moment:
    """The events of one moment, by type, in their order."""

    events: dict[str, list[Event]] = field(default_factory=lambda: defaultdict(list))


def story(journey: Journey) -> list[Line]:
    """Newest first, in a bounded number of queries."""
    events = list(Event.objects.filter(subject_type="pipelines.journey", subject_id=journey.pk).order_by("-pk")[:MOST])
    lines = [*_events(journey, events), *_runs(journey), *_misses(events), *_loops(journey), *_links(journey)]
    return sorted(lines, key=lambda line: (line.at, line.rank), reverse=True)


def _events(journey: Journey, events: Sequence[Event]) -> Iterator[Line]:
    who = people.actor_names(events)
    known = definitions()
    values = {step.step_id: controls.words(step, known) for step in journey.steps.all()}
    at: dict[datetime, _Moment] = defaultdict(_Moment)
    for event in reversed(events):
        at[event.occurred_at].events[event.type].append(event)
    for moment, told in at.items():
        for event in told.events["map.opened"]:
            yield Line(
                moment, event.pk, "flag", _said(_("Put into {map} by {who}"), map=event.data["map"], who=who[event.pk])
            )
        for event in told.events["step.closed"]:
            yield Line(
                moment,
                event.pk,
                "task",
                _completed(journey, event, who[event.pk]),
                values.get(event.data["step_id"], ""),
            )
        tracks = told.events["track.closed"] + told.events["track.opened"]
        if tracks:
            yield Line(moment, tracks[-1].pk, "branch", _tracks(told), _opened_steps(told))
        elif told.events["step.opened"]:
            names = _bold([event.data["step"] for event in told.events["step.opened"]])
            yield Line(moment, told.events["step.opened"][-1].pk, "again", format_html(_("{} came back"), names))
        for event in told.events["map.closed"]:
            outcome = dict(Contact.LeadStatus.choices).get(event.data["outcome"], event.data["outcome"])
            what = _said(_("Closed as {outcome} by {who}"), outcome=str(outcome).lower(), who=who[event.pk])
            yield Line(moment, event.pk, "stop", what, event.data.get("reason", ""))


def _completed(journey: Journey, event: Event, who: str) -> SafeString:
    by = event.data.get("completed_by")
    words = {"step": event.data["step"]}
    if by == "field":
        return _said(_("{step} was completed: its field was filled in"), **words)
    name = str(journey.contact) if by == "lead" else capfirst(who)
    return _said(_("{name} completed {step}"), name=name, **words)


def _tracks(told: _Moment) -> SafeString:
    closed = [event.data["track"] for event in told.events["track.closed"]]
    opened = [event.data["track"] for event in told.events["track.opened"]]
    if closed and opened:
        return format_html(_("Track {} closed; {} opened"), _bold(closed), _bold(opened))
    if closed:
        return format_html(_("Track {} closed"), _bold(closed))
    return format_html(_("{} opened"), _bold(opened))


def _opened_steps(told: _Moment) -> str:
    n = len(told.events["step.opened"])
    return ngettext("%(n)d step to do", "%(n)d steps to do", n) % {"n": n} if n else ""


def _runs(journey: Journey) -> Iterator[Line]:
    mine = Run.objects.filter(contact_id=journey.contact_id, subject_type="pipelines.journey", subject_id=journey.pk)
    runs = list(mine.select_related("workflow").order_by("-pk")[:MOST])
    done: dict[int, list[str]] = defaultdict(list)
    for action in ActionRun.objects.filter(run__in=[run.pk for run in runs]).order_by("position"):
        if action.summary or action.error:
            done[action.run_id].append(action.summary or action.error)
    for run in runs:
        what = _said(_("Workflow {name}"), name=run.workflow.name)
        if run.status != Run.Status.DONE:
            what = format_html("{}: {}", what, str(run.get_status_display()).lower())
        detail = " ".join(filter(None, [*done[run.pk], run.reason]))
        url = reverse("admin:triggers_run_change", args=[run.pk])
        yield Line(run.created_at, run.pk, "bolt", what, detail, url, TONES.get(run.status, ""))


def _misses(events: Sequence[Event]) -> Iterator[Line]:
    """Workflows that would have started, and why they did not; those of other elements say nothing here."""
    by_number = {event.pk: event for event in events}
    rows = list(Miss.objects.filter(event_id__in=by_number).exclude(field__startswith="event.")[:MOST])
    names = dict(Workflow.objects.filter(pk__in={row.workflow_id for row in rows}).values_list("pk", "name"))
    for row in rows:
        what = _said(_("Workflow {name}: not started"), name=names.get(row.workflow_id, row.workflow_id))
        yield Line(row.at, row.pk, "minus", what, telling.why_not_started(row, by_number[row.event_id]))


def _loops(journey: Journey) -> Iterator[Line]:
    for loop in journey.loops.select_related("map"):
        what = _said(_("Not moved to {map}"), map=loop.map)
        yield Line(loop.at, loop.pk, "warning", what, _("Workflows would have sent the lead in a circle."), "", "wait")


def _links(journey: Journey) -> Iterator[Line]:
    if journey.link_made_at is not None:
        by = journey.link_made_by
        what = (
            _said(_("{name} made a new link to the lead's page"), name=by.get_full_name() or by.get_username())
            if by
            else _said(_("A new link to the lead's page was made"))
        )
        yield Line(journey.link_made_at, 0, "key", what, _("Links sent before do not work any more."))


def _said(template: str, **words: object) -> SafeString:
    return format_html(template, **{name: format_html("<strong>{}</strong>", word) for name, word in words.items()})


def _bold(names: Sequence[str]) -> SafeString:
    return format_html_join(_(" and "), "<strong>{}</strong>", ((name,) for name in names))
