"""What would happen: a sequence of acts on a made-up lead, by the real engine with the workflows that are live.

Everything is undone at the end. An act is what the journey's page would post, with the step's number in the
definition; the whole sequence is played anew each time, so nothing has to be kept between two looks.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.models import Contact
from pipelines.maps import doing, standing, timers, verbs
from pipelines.maps.moment import standing_at
from pipelines.maps.standing import Standing
from pipelines.models import Journey, JourneyStep, LoopStop, Map
from triggers import registry, scanning
from triggers.action_types import Done
from triggers.matching import immediate
from triggers.models import ActionRun, Event, Miss, Run
from triggers.problems import Invalid
from triggers.rehearsal import rehearsal
from triggers.run_context import RunContext
from triggers.wording import sentences, telling
from triggers.workflows import document

MOST: Final = 40
MOST_DAYS: Final = 60
COPIED: Final = (
    "first_name", "last_name", "email", "phone", "company", "job_title", "street", "city", "state", "postal_code",
    "country", "time_zone", "language", "birth_date", "source", "custom_fields", "dnd", "score", "owner",
)  # fmt: skip


@dataclass
class Told:
    """What one act brought about, in its order; `refused` is why it was not taken."""

    act: str
    events: list[str] = field(default_factory=list)
    runs: list["Ran"] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)
    refused: str = ""


@dataclass
class Ran:
    """A workflow that ran: what it did at once, what would leave, and what would not, with the reason."""

    workflow: str
    lines: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Played:
    """The whole sequence, and where the lead stands after it; nothing stands where the map cannot be assigned."""

    told: list[Told]
    at: Standing | None
    now: datetime


def play(target: Map, channel: str, person: Contact | None, acts: list[str]) -> Played:
    """Plays the acts from the assignment on, and undoes everything. `acts` are query strings."""
    with rehearsal(with_live=True):
        return _Player(target, channel, person).play(acts[:MOST])


class _Player:
    """The made-up lead, its clock, and what has been told so far."""

    def __init__(self, target: Map, channel: str, person: Contact | None) -> None:
        self.map, self.ahead = target, timedelta(0)
        values = {name: getattr(person, name) for name in COPIED} if person else _nobody()
        self.lead = Contact.objects.create(**values, channel=channel)
        self._event = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self._run = self._loop = self._miss = 0

    @property
    def now(self) -> datetime:
        return timezone.now() + self.ahead

    def play(self, acts: list[str]) -> Played:
        told = [self._told(_("Put into “%(map)s”") % {"map": self.map}, QueryDict("act=assign"))]
        for act in acts:
            data = QueryDict(act)
            told.append(self._told(self._words(data), data))
        journey = self._journey()
        at = standing.of(journey, self.now) if journey is not None else None
        if at is not None:
            # Its rows are gone when it is drawn: what the page reads of them is read now.
            at.journey.refresh_from_db()
            _touch(at)
        return Played(told, at, self.now)

    def _journey(self) -> Journey | None:
        rows = Journey.objects.select_related("map", "contact__owner")
        found: Journey | None = rows.filter(contact=self.lead, is_current=True).first()
        return found

    def _told(self, words: str, data: QueryDict) -> Told:
        told = Told(words)
        try:
            with transaction.atomic(), standing_at(self.now):
                self._do(data)
        except Invalid as refused:
            told.refused = " ".join(problem.message for problem in refused.problems)
        except ValidationError as refused:
            told.refused = " ".join(refused.messages)
        self._note(told)
        return told

    def _do(self, data: QueryDict) -> None:
        act, journey = data.get("act", ""), self._journey()
        if act == "assign" or journey is None:
            verbs.assign(self.lead.pk, self.map, self.now)
        elif act == "days":
            self._pass(data.get("days", ""))
        else:
            step = self._step(journey, data.get("step", ""))
            doing.do(act, journey, str(step.pk) if step else "", data, self.now, data.get("by") or "agent")

    def _pass(self, days: str) -> None:
        for _day in range(min(int(days), MOST_DAYS) if days.isdigit() else 1):
            self.ahead += timedelta(days=1)
            with standing_at(self.now):
                scanning.scan(timers.TYPE, self.now)
                due = Event.objects.filter(type=timers.TYPE, contact_id=self.lead.pk, matched_at=None)
                immediate.carry_out(list(due.order_by("pk")), self.now)

    def _step(self, journey: Journey, number: str) -> JourneyStep | None:
        found: JourneyStep | None = (
            journey.steps.filter(step=int(number)).first() if number.isdigit() and len(number) < 19 else None
        )
        return found

    def _words(self, data: QueryDict) -> str:
        act, journey = data.get("act", ""), self._journey()
        step = self._step(journey, data.get("step", "")) if journey is not None else None
        words = {"step": step.name if step else "", "value": " ".join(data.getlist("value"))}
        if act == "days":
            n = int(data.get("days", "1")) if data.get("days", "").isdigit() else 1
            return ngettext("%(n)d day passes", "%(n)d days pass", n) % {"n": n}
        said = {
            "complete": _("“%(step)s” is done: %(value)s") if words["value"] else _("“%(step)s” is done"),
            "change": _("“%(step)s” is changed: %(value)s"), "uncheck": _("“%(step)s” is opened again"),
            "watch": _("“%(step)s” is watched"), "advance": _("The agent advances"),
            "close": _("The lead is closed as %(status)s"), "reopen": _("The lead is opened again"),
        }  # fmt: skip
        return said.get(act, act) % {**words, "status": data.get("status", "")}

    def _note(self, told: Told) -> None:
        """Reads what is new since the act before."""
        events = list(Event.objects.filter(contact_id=self.lead.pk, pk__gt=self._event).order_by("pk"))
        self._event = max([self._event, *(event.pk for event in events)])
        told.events = [f"{telling.label(event)}: {_details(event)}" for event in events]
        runs = Run.objects.filter(contact_id=self.lead.pk, pk__gt=self._run).select_related("workflow", "event")
        for run in runs.order_by("pk"):
            told.runs.append(self._ran(run))
            self._run = run.pk
        by_number = {event.pk: event for event in events}
        for miss in Miss.objects.filter(event_id__in=by_number).exclude(field__startswith="event."):
            told.misses.append(telling.why_not_started(miss, by_number[miss.event_id]))
        for loop in LoopStop.objects.filter(journey__contact=self.lead.pk, pk__gt=self._loop).select_related("map"):
            told.misses.append(_("Not moved to “%(map)s”: it would go in a circle.") % {"map": loop.map})
            self._loop = loop.pk

    def _ran(self, run: Run) -> Ran:
        ran = Ran(run.workflow.name)
        doc = document.of_version(run.version_id)
        for done in ActionRun.objects.filter(run=run).order_by("position"):
            if done.finished_at or done.summary or done.error:
                ran.lines.append((done.status, done.summary or done.error or sentences.title(done.action, done.config)))
                continue
            ran.lines.append(self._would(run, doc, done))
        if run.status == Run.Status.SKIPPED or not ran.lines:
            ran.lines.append((run.status, run.reason or str(run.get_status_display())))
        return ran

    def _would(self, run: Run, doc: Any, done: ActionRun) -> tuple[str, str]:
        """What an action would do that waits for its turn: a mail that would leave, or why it would not."""
        node, kind = doc.nodes.get(done.uid), registry.actions.get(done.action)
        if node is None or kind is None:
            return done.status, sentences.title(done.action, done.config)
        try:
            ctx = RunContext(run, run.event, doc, node, done.key, self.now, dry=True)
            outcome = kind.model_validate(node.config).simulate(ctx)
        except (Invalid, ValueError) as error:
            return "failed", str(error)
        said = str(getattr(outcome, "summary", "") or getattr(outcome, "why", ""))
        return ("started" if isinstance(outcome, Done) else "held"), said or sentences.title(done.action, node.config)


def _details(event: Event) -> str:
    data = event.data
    return str(data.get("step") or data.get("track") or data.get("map") or telling.details(event))


def _nobody() -> dict[str, Any]:
    return {"first_name": _("Sample"), "last_name": _("Lead"), "email": "lead@example.org", "phone": "+4930901820"}


def _touch(at: Standing) -> None:
    str(at.sentence), at.missing, at.day
