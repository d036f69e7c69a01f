"""Points for events, and the fading of scores: taken from a queue and from columns, in batches, each step once.

An event is noted in the transaction that matches it, so none is missed however late it commits (its number alone
would not tell: numbers are given out before the commit). The note goes in the transaction that gives the points.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils.translation import ngettext

from contacts.models import Contact, ScoreChange, ScoreDue, ScorePolicy, ScoreRule
from contacts.scores import score_rules, scoring
from triggers.context import act_as
from triggers.evidence import gather
from triggers.models import Event, Organisation
from triggers.models.event import Lane

log = logging.getLogger(__name__)

BATCH: Final = 200
LONGEST_BACKOFF: Final = timedelta(hours=1)
ORIGIN: Final = "score"


def note(events: Sequence[Event], now: datetime) -> None:
    """Queues the events that a rule asks about. A replay is told to one workflow alone, and gives nothing."""
    types = {event.type for event in events}
    asked = set(ScoreRule.objects.filter(active=True, event_type__in=types).values_list("event_type", flat=True))
    due = [e for e in events if e.type in asked and e.contact_id is not None and e.only_workflow is None]
    if due:
        ScoreDue.objects.bulk_create(
            [ScoreDue(event_id=event.pk, lane=event.lane) for event in due], ignore_conflicts=True
        )


def due_lanes(now: datetime) -> set[Lane]:
    """The lanes in which points are to be given; scores fade in the lane of bulk work."""
    lanes = {Lane(lane) for lane in _waiting(now).order_by().values_list("lane", flat=True).distinct()}
    return lanes | ({Lane.BULK} if _fading(ScorePolicy.get(), now).exists() else set())


def work(lane: Lane, now: datetime) -> int:
    """One batch of what is due in a lane; how many rows were taken, 0 when nothing is due."""
    return give_due(lane, now) + (decay_due(now) if lane == Lane.BULK else 0)


@transaction.atomic
def give_due(lane: Lane, now: datetime, limit: int = BATCH) -> int:
    """Gives the points of the oldest events that wait for them; how many events were taken."""
    due = list(_waiting(now).filter(lane=lane).select_for_update(skip_locked=True).order_by("id")[:limit])
    if not due:
        return 0
    try:
        with transaction.atomic():
            _settle(due, now)
    except Exception:
        log.exception("giving the points of %d events failed; giving them one by one", len(due))
        for each in due:
            _settle_alone(each, now)
    return len(due)


def decay_due(now: datetime, limit: int = 500) -> int:
    """Fades the scores that nothing has happened to for long, once for each period passed; how many were taken."""
    policy = ScorePolicy.get()
    return 0 if policy.decay == ScorePolicy.Decay.NONE else _decay(policy, now, limit)


@transaction.atomic
def _decay(policy: ScorePolicy, now: datetime, limit: int) -> int:
    rows = _fading(policy, now).select_for_update(of=("self",), skip_locked=True).order_by("score_active_at")
    contacts = list(rows[:limit])
    every = timedelta(days=policy.decay_days)
    steps = []
    for contact in contacts:
        assert contact.score_active_at is not None
        periods = (now - contact.score_active_at) // every
        before, contact.score = contact.score, _faded(contact.score, periods, policy)
        contact.score_active_at += periods * every
        steps.append(_step(contact, before, decayed_to=contact.score_active_at, reason=_idle(policy, periods), at=now))
    if steps:
        ScoreChange.objects.bulk_create(steps)
        with act_as(actor="clock", actor_id="", origin=ORIGIN):
            _write(contacts)
    return len(contacts)


def _waiting(now: datetime) -> Any:
    return ScoreDue.objects.filter(Q(after=None) | Q(after__lte=now))


def _fading(policy: ScorePolicy, now: datetime) -> Any:
    """The contacts whose score has stood still for a whole period, and is above where fading ends."""
    if policy.decay == ScorePolicy.Decay.NONE:
        return Contact.objects.none()
    still = now - timedelta(days=policy.decay_days)
    return Contact.objects.filter(score__gt=max(policy.floor or 0, 0), score_active_at__lte=still)


def _faded(score: int, periods: int, policy: ScorePolicy) -> int:
    """The score after so many periods: halves are rounded down, and nothing fades below 0 or the lower limit."""
    left = score >> periods if policy.decay == ScorePolicy.Decay.HALF else score - periods * policy.decay_points
    return max(left, policy.floor or 0, 0)


def _idle(policy: ScorePolicy, periods: int) -> str:
    days = periods * policy.decay_days
    return ngettext("Nothing happened for %(n)d day", "Nothing happened for %(n)d days", days) % {"n": days}


def _settle(due: Sequence[ScoreDue], now: datetime) -> None:
    """Gives the points of these events and takes them from the queue."""
    events = list(Event.objects.filter(pk__in=[each.event_id for each in due]).order_by("pk"))
    rules = score_rules.of_types(event.type for event in events)
    facts = gather(events, {name for ready in rules.values() for each in ready for name in each.namespaces})
    zone = Organisation.get().zone
    given = [(event, score_rules.met(event, rules, facts[event.pk], now, zone)) for event in events]
    _Giving([(event, met) for event, met in given if met], now).carry_out()
    ScoreDue.objects.filter(pk__in=[each.pk for each in due]).delete()


def _settle_alone(due: ScoreDue, now: datetime) -> None:
    try:
        with transaction.atomic():
            _settle([due], now)
    except Exception:
        log.exception("the points of event %s cannot be given", due.event_id)
        wait = min(timedelta(minutes=2 ** min(due.attempts, 10)), LONGEST_BACKOFF)
        ScoreDue.objects.filter(pk=due.pk).update(attempts=F("attempts") + 1, after=now + wait)


@dataclass
class _Giving:
    """One batch: the contacts locked in order, what limited rules have moved for them, and the steps to write."""

    given: list[tuple[Event, list[ScoreRule]]]
    now: datetime
    contacts: dict[int, Contact] = field(default_factory=dict)
    policy: ScorePolicy = field(default_factory=ScorePolicy.get)

    def carry_out(self) -> None:
        if not self.given:
            return
        ids = {event.contact_id for event, _rules in self.given}
        locked = Contact.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
        self.contacts = {contact.pk: contact for contact in locked}
        self.moved = self._moved()
        events = [event.pk for event, _rules in self.given]
        self.done = set(ScoreChange.objects.filter(event_id__in=events).values_list("rule_id", "event_id"))
        groups: dict[tuple[Any, ...], list[tuple[Event, list[ScoreRule]]]] = defaultdict(list)
        for event, rules in self.given:
            groups[_cause(event)].append((event, rules))
        for group in groups.values():
            self._give(group)

    def _moved(self) -> dict[tuple[int, int], int]:
        """Points by rule and contact, of rules that have a limit."""
        limited = {rule.pk for _event, rules in self.given for rule in rules if rule.cap is not None}
        rows = ScoreChange.objects.filter(rule__in=limited, contact__in=self.contacts).order_by()
        sums = rows.values_list("rule_id", "contact_id").annotate(points=Sum("delta")) if limited else ()
        return {(rule, contact): abs(points) for rule, contact, points in sums}

    def _give(self, group: list[tuple[Event, list[ScoreRule]]]) -> None:
        """Events of one cause: their steps, then each contact's score in one write, marked with that cause."""
        steps, names = [], defaultdict(list)
        touched: dict[int, Contact] = {}
        for event, rules in group:
            contact = self.contacts.get(event.contact_id or 0)
            for rule in rules if contact is not None else ():
                assert contact is not None
                step = self._step_of(contact, event, rule)
                if rule.points > 0:
                    contact.score_active_at = max(contact.score_active_at or event.occurred_at, event.occurred_at)
                    touched[contact.pk] = contact
                if step is not None:
                    steps.append(step)
                    names[contact.pk].append(rule.name)
                    touched[contact.pk] = contact
        ScoreChange.objects.bulk_create(steps)
        told = {pk: ", ".join(dict.fromkeys(rules)) for pk, rules in names.items()}
        with act_as(**_effects(group[0][0])), scoring.naming(told):
            _write(touched.values())

    def _step_of(self, contact: Contact, event: Event, rule: ScoreRule) -> ScoreChange | None:
        """Moves the contact's score in memory; None where nothing moves."""
        if (rule.pk, event.pk) in self.done:
            return None
        points, key = rule.points, (rule.pk, contact.pk)
        if rule.cap is not None:
            room = max(rule.cap - self.moved.get(key, 0), 0)
            points = max(min(points, room), -room)
        before = contact.score
        contact.score = scoring.moved_by(before, points, self.policy)
        if contact.score == before:
            return None
        self.moved[key] = self.moved.get(key, 0) + abs(contact.score - before)
        return _step(contact, before, rule=rule, event_id=event.pk, reason=rule.name[:120], at=self.now)


def _step(contact: Contact, before: int, **values: Any) -> ScoreChange:
    return ScoreChange(contact=contact, delta=contact.score - before, before=before, after=contact.score, **values)


def _write(contacts: Iterable[Contact]) -> None:
    Contact.objects.bulk_update(contacts, ["score", "score_active_at"], batch_size=BATCH)


def _cause(event: Event) -> tuple[Any, ...]:
    """What the effects of the event share: all people's own acts are one group, each workflow's its own."""
    return (event.cause, event.root, event.depth, tuple(event.lineage), event.lane)


def _effects(event: Event) -> dict[str, Any]:
    """How the changes are marked: one deeper in the event's lineage, so that a loop through scores ends."""
    return {
        "actor": "system", "actor_id": "", "origin": ORIGIN, "cause": event.cause, "root": event.root,
        "depth": event.depth + 1, "lineage": tuple(event.lineage), "bulk": event.lane == Lane.BULK,
    }  # fmt: skip
