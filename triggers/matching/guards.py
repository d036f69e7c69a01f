"""What keeps a workflow from running again, too often, or on its own effect.

Each start that matched is admitted or refused with a reason a person can read; refusals become
skipped runs. The order is that of engine-notes 3: lineage, depth, budget, rate, re-entry.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Max
from django.utils.translation import gettext as _

from triggers import registry
from triggers.matching.compiled import Compiled
from triggers.models.event import Event
from triggers.models.run import Run
from triggers.workflows import document
from triggers.workflows.document import Document


@dataclass(frozen=True)
class Start:
    """A workflow about to start for an event, with the verdict that let it."""

    entry: Compiled
    event: Event
    verdict: dict[str, Any] | None = None

    @property
    def document(self) -> Document:
        return document.of_version(self.entry.version_id)

    @property
    def scope(self) -> str | None:
        """Within what this trigger starts once only, as its event type says."""
        kind = registry.events.get(self.event.type)
        once = kind.once(self.entry.options, self.event.data) if kind is not None else None
        return f"{self.entry.workflow_id}/{self.entry.uid}@{once}" if once else None

    @property
    def reentry(self) -> str:
        """What the workflow says of starting again; nothing where each event of this type is to start it."""
        kind = registry.events.get(self.event.type)
        return "every" if kind is not None and kind.reenters else self.document.settings.reentry

    @property
    def is_finite(self) -> bool:
        kind = registry.events.get(self.event.type)
        return kind is not None and kind.finite

    @property
    def subject(self) -> str:
        """Whom re-entry counts: the contact, or the event's own subject where there is no contact."""
        if self.event.contact_id is not None:
            return f"contact:{self.event.contact_id}"
        return f"{self.event.subject_type}:{self.event.subject_id}"

    @property
    def link(self) -> str:
        """This start's entry in the lineage of whatever it causes."""
        return f"{self.entry.workflow_id}@{self.subject}"


@dataclass(frozen=True)
class Admission:
    """Whether a start may become a run: the keys it will hold, or why not. `trips` pauses the workflow."""

    start: Start
    refused: str = ""
    trips: bool = False
    once_key: str | None = None
    active_key: str | None = None
    restarts: bool = False


def admit(starts: Sequence[Start], now: datetime) -> list[Admission]:
    """Judges all starts of a batch with a constant number of queries; later ones count the earlier."""
    history = _History(starts, now)
    return [history.judge(start) for start in starts]


class _History:
    """What the guards need to know of earlier runs, loaded once for a batch and kept up while it goes on."""

    def __init__(self, starts: Sequence[Start], now: datetime) -> None:
        self.now = now
        self.budget = _runs_by_root(starts)
        self.rate = _runs_last_hour(starts, now)
        keyed = [start for start in starts if start.reentry != "every"]
        self.once = _existing(starts, now)
        self.active = _active(keyed)
        self.latest = _latest(keyed)

    def judge(self, start: Start) -> Admission:
        refused, trips = self._loops(start)
        if refused:
            return Admission(start, refused, trips)
        admission = self._reentry(start)
        if not admission.refused:
            self._count(admission)
        return admission

    def _loops(self, start: Start) -> tuple[str, bool]:
        event = start.event
        own_effect = start.link in event.lineage and not start.document.settings.allow_own_effects
        if own_effect and not start.is_finite:
            return _("The workflow caused this itself for the same subject; it does not run on its own effect."), False
        if event.depth > settings.CONCOURS_MAX_DEPTH:
            return _("Loop stopped: %(n)d workflows had already set each other off.") % {
                "n": settings.CONCOURS_MAX_DEPTH
            }, True
        if event.root is not None and self.budget[event.root] >= settings.CONCOURS_RUN_BUDGET:
            return _("Loop stopped: one event had already started %(n)d runs.") % {
                "n": settings.CONCOURS_RUN_BUDGET
            }, True
        if event.contact_id is not None and self.rate[start.link] >= settings.CONCOURS_RATE_PER_CONTACT:
            return _("Loop stopped: %(n)d runs for this contact within an hour.") % {
                "n": settings.CONCOURS_RATE_PER_CONTACT
            }, True
        return "", False

    def _reentry(self, start: Start) -> Admission:
        policy = start.reentry
        key = _once_key(start, self.now)
        if policy == "cooldown":
            last = self.latest.get(start.link)
            hours = start.document.settings.cooldown_hours
            if last is not None and last > self.now - timedelta(hours=hours):
                return Admission(start, _("It ran for this contact within the last %(h)d hours.") % {"h": hours})
        if key is not None and key in self.once:
            return Admission(start, ALREADY[policy])
        if policy == "one_active" and start.link in self.active:
            return Admission(start, _("A run for this contact is still active."))
        active = start.link if policy in ("one_active", "restart") else None
        return Admission(start, once_key=key, active_key=active, restarts=policy == "restart")

    def _count(self, admission: Admission) -> None:
        start = admission.start
        if start.event.root is not None:
            self.budget[start.event.root] += 1
        self.rate[start.link] += 1
        self.latest[start.link] = self.now
        if admission.once_key:
            self.once.add(admission.once_key)
        if admission.active_key:
            self.active.add(admission.active_key)


class _Reasons:
    """Why a once-key was taken, by policy; looked up when needed so that it follows the reader's language."""

    def __getitem__(self, policy: str) -> str:
        if policy == "once_per_contact":
            return _("It has run for this contact before, and runs once per contact.")
        if policy == "once_per_object":
            return _("It has run for this record before, and runs once per record.")
        if policy == "every":
            return _("It has run for this before, and its trigger starts once only.")
        return _("It ran for this contact a short while ago.")


ALREADY = _Reasons()


def _once_key(start: Start, now: datetime) -> str | None:
    policy, event = start.reentry, start.event
    if policy == "once_per_contact":
        return start.link
    if policy == "once_per_object":
        return f"{start.entry.workflow_id}@{event.subject_type}:{event.subject_id}"
    if policy == "cooldown":
        # The bucket decides between two matchers at the same moment; the last run's time decides the rest.
        return start.scope or f"{start.link}/{int(now.timestamp() // (start.document.settings.cooldown_hours * 3600))}"
    return start.scope


def _runs_by_root(starts: Iterable[Start]) -> Counter[int]:
    roots = {start.event.root for start in starts if start.event.root is not None}
    if not roots:
        return Counter()
    counted = counting().filter(root__in=roots).values_list("root").annotate(n=Count("pk"))
    return Counter({root: n for root, n in counted if root is not None})


def _runs_last_hour(starts: Iterable[Start], now: datetime) -> Counter[str]:
    contacts = {start.event.contact_id for start in starts if start.event.contact_id is not None}
    if not contacts:
        return Counter()
    workflows = {start.entry.workflow_id for start in starts}
    counted = (
        counting()
        .filter(contact_id__among=contacts, workflow_id__in=workflows, created_at__gt=now - timedelta(hours=1))
        .values_list("workflow_id", "contact_id")
        .annotate(n=Count("pk"))
    )
    return Counter({f"{workflow}@contact:{contact}": n for workflow, contact, n in counted})


def _existing(starts: Iterable[Start], now: datetime) -> set[str]:
    keys = {key for start in starts if (key := _once_key(start, now))}
    return {k for k in Run.objects.filter(once_key__in=keys).values_list("once_key", flat=True) if k} if keys else set()


def _active(starts: Iterable[Start]) -> set[str]:
    links = {start.link for start in starts}
    if not links:
        return set()
    active = Run.objects.filter(active_key__in=links, status__in=Run.ACTIVE)
    return {key for key in active.values_list("active_key", flat=True) if key}


def _latest(starts: Iterable[Start]) -> dict[str, datetime]:
    """When each cooled-down workflow last started for each contact."""
    cooled = [s for s in starts if s.reentry == "cooldown" and s.event.contact_id is not None]
    if not cooled:
        return {}
    rows = (
        counting()
        .filter(
            workflow_id__in={s.entry.workflow_id for s in cooled},
            contact_id__in={s.event.contact_id for s in cooled},
        )
        .values_list("workflow_id", "contact_id")
        .annotate(at=Max("created_at"))
    )
    return {f"{workflow}@contact:{contact}": at for workflow, contact, at in rows}


def counting() -> Any:
    """Runs that count: what was skipped, tested or only observed did not happen."""
    counted = (Run.Mode.LIVE, Run.Mode.CHILD, Run.Mode.REPLAY)
    return Run.objects.filter(mode__in=counted).exclude(status=Run.Status.SKIPPED)
