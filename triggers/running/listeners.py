"""Runs that wait for an event, and goals: matched in the same pass as triggers.

A wait hears events younger than the one its run last heard, also when they came before the wait did:
a reply that arrives while the run is still creating its task must not be lost.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from triggers import evidence, poke, registry
from triggers.conditions.judge import passes
from triggers.conditions.tree import compile_tree, fields_of
from triggers.models.event import Event, Lane
from triggers.models.organisation import Organisation
from triggers.models.run import ActionRun, Listener, Run
from triggers.workflows import document
from triggers.workflows.document import Node


def notify(events: Sequence[Event], now: datetime) -> None:
    """Wakes the waits that these events answer, and marks the goals they reach."""
    told = [event for event in events if event.contact_id is not None]
    if not told:
        return
    listening = Listener.objects.filter(
        contact_id__among={event.contact_id for event in told}, event_type__in={event.type for event in told}
    ).select_related("run")
    for listener in listening:
        heard = [e for e in told if (e.contact_id, e.type) == (listener.contact_id, listener.event_type)]
        answer = first_answer(listener.run, listener.uid, heard, now)
        if answer is not None:
            _wake(listener, answer, now)


def listen_for_goals(runs: Iterable[Run]) -> None:
    """Lets runs hear of the goals ahead of them."""
    rows = [
        Listener(
            run=run, uid=goal.uid, kind=Listener.Kind.GOAL,
            event_type=goal.config["event"], contact_id=run.contact_id,
        )
        for run in runs
        for goal in document.of_version(run.version_id).goals_from(run.at)
    ]  # fmt: skip
    Listener.objects.bulk_create(rows, ignore_conflicts=True)


def move(runs: QuerySet[Run], nodes: Mapping[str, Node]) -> None:
    """Lets runs that have come to another version hear of its goals, and of what its wait waits for."""
    theirs = Listener.objects.filter(run__in=runs)
    theirs.filter(kind=Listener.Kind.GOAL).delete()
    for uid in set(theirs.values_list("uid", flat=True)):
        theirs.filter(uid=uid).update(event_type=nodes[uid].config.get("event", ""))
    listen_for_goals(runs)


def look_back(run: Run, uid: str, event_type: str, now: datetime) -> Event | None:
    """The oldest event since the run last heard one that already answers the wait just begun."""
    since = Event.objects.filter(contact_id=run.contact_id, type=event_type, pk__gt=run.heard or 0)
    return first_answer(run, uid, list(since.order_by("id")[:50]), now)


def first_answer(run: Run, uid: str, events: Iterable[Event], now: datetime) -> Event | None:
    """The first of these events that the node's conditions accept."""
    doc = document.of_version(run.version_id)
    node = doc.nodes.get(uid)
    for event in sorted(events, key=lambda event: event.pk):
        if node is not None and event.pk > (run.heard or 0) and _accepts(node.config, event, now):
            return event
    return None


def _accepts(config: document.Json, event: Event, now: datetime) -> bool:
    kind = registry.events.get(event.type)
    if kind is None:
        return False
    tree = config.get("conditions")
    wanted = {name.partition(".")[0] for name in fields_of(tree)} & registry.facts.keys()
    facts = evidence.gather([event], wanted)[event.pk]
    return passes(compile_tree(tree, evidence.lookup(kind)), facts, now, Organisation.get().zone)


def _wake(listener: Listener, event: Event, now: datetime) -> None:
    runs = Run.objects.filter(pk=listener.run_id)
    if listener.kind == Listener.Kind.GOAL:
        runs.filter(status__in=Run.ACTIVE).update(jump=listener.uid, heard=event.pk)
        runs.filter(status__in=[Run.Status.WAITING, Run.Status.HELD]).update(status=Run.Status.PENDING, due_at=now)
    elif runs.filter(status=Run.Status.WAITING, at=listener.uid).update(
        status=Run.Status.PENDING, due_at=now, heard=event.pk
    ):
        answered(listener.run_id, listener.uid, event, now)
    Listener.objects.filter(pk=listener.pk).delete()
    # The workers that match look at their own lane alone.
    poke.after_commit(Lane(listener.run.lane))


def answered(run_id: int, uid: str, event: Event, now: datetime) -> None:
    """Records that the wait ended because the event came."""
    ActionRun.objects.filter(run_id=run_id, uid=uid).update(
        status=ActionRun.Status.DONE, outcome="happened", finished_at=now, until=None,
        summary=_("It happened."), result={"event_id": event.pk},
    )  # fmt: skip
