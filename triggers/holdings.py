"""What the engine keeps about people: events, runs with what was sent, non-starts, notices, the admin's history."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from triggers import privacy
from triggers.models import ActionRun, Attempt, Event, Listener, Miss, Notice, PreparedRequest, Run
from triggers.privacy import Blank, Delete, Holding, Person
from triggers.running.stopping import cancel
from triggers.wording import people

FORGOTTEN = _("The person asked to be forgotten.")
BLANK_MISS: Final[dict[str, Any]] = {"field": "", "expected": "", "actual": "", "reason": FORGOTTEN}
BLANK_EVENT = Blank({"data": {}, "changes": {}, "origin": "", "match_error": ""})
BLANK_RUN = Blank({"vars": {}, "verdict": None, "reason": FORGOTTEN})
BLANK_ACTION = Blank({"config": {}, "result": {}, "summary": "", "error": ""})
BLANK_ATTEMPT = Blank({"request": {}, "response": "", "error": ""})


def register() -> None:
    privacy.closers["runs"] = stop
    for holding in _declared():
        privacy.register(replace(holding, turn=privacy.HISTORY))


def _declared() -> list[Holding]:
    return [
        Holding(
            "events", "triggers.Event", _events, BLANK_EVENT,
            told=("type", "occurred_at", "data", "changes", "actor", "origin"),
        ),
        Holding(
            "runs", "triggers.Run", lambda who: Run.objects.filter(contact_id__in=who.ids), BLANK_RUN,
            told=("workflow", "created_at", "finished_at", "status", "reason", "vars", "verdict"),
        ),
        # A run that began for this person and went over to another is the other's; why it began is not.
        Holding(
            "verdicts", "triggers.Run",
            lambda who: Run.objects.filter(event__contact_id__in=who.ids).exclude(contact_id__in=who.ids),
            Blank({"verdict": None}),
        ),
        Holding(
            "actions", "triggers.ActionRun", _actions, BLANK_ACTION,
            told=("action", "status", "started_at", "finished_at", "summary", "config", "result", "error"),
            label=_("actions of workflows"),
        ),
        Holding(
            "attempts", "triggers.Attempt",
            lambda who: Attempt.objects.filter(action_run__run__contact_id__in=who.ids), BLANK_ATTEMPT,
            told=("started_at", "outcome", "request", "response", "error"), label=_("what was sent outside"),
        ),
        Holding(
            "prepared", "triggers.PreparedRequest",
            lambda who: PreparedRequest.objects.filter(action_run__run__contact_id__in=who.ids), Delete(),
            told=("created_at", "request"), label=_("what is still to be sent"),
        ),
        Holding("waits", "triggers.Listener", lambda who: Listener.objects.filter(contact_id__in=who.ids), Delete()),
        Holding(
            "misses", "triggers.Miss", lambda who: Miss.objects.filter(event_id__in=_events(who).values("pk")),
            Blank(BLANK_MISS), told=("at", "field", "actual", "reason"),
        ),
        Holding("notices", "triggers.Notice", _notices, Delete(), told=("created_at", "text")),
    ]  # fmt: skip


def stop(who: Person, now: datetime) -> None:
    """Stops the person's active runs, visibly, and lets nothing start for what has happened so far."""
    cancel(Run.objects.filter(contact_id__in=who.ids), str(FORGOTTEN), now)
    Event.objects.filter(contact_id__in=who.ids, matched_at=None).update(matched_at=now, muted=True)


def calls_under_way(who: Person) -> bool:
    """Whether a call for this person has been made whose record may still come."""
    return _actions(who).filter(status=ActionRun.Status.RUNNING).exists()


def blank_events(event_ids: Collection[int]) -> None:
    """Blanks events that name a person without a contact's number, and whatever was done for them."""
    runs = Run.objects.filter(event_id__in=event_ids)
    actions = ActionRun.objects.filter(run__in=runs.values("pk"))
    Attempt.objects.filter(action_run__in=actions.values("pk")).update(**BLANK_ATTEMPT.values)
    PreparedRequest.objects.filter(action_run__in=actions.values("pk")).delete()
    actions.update(**BLANK_ACTION.values)
    runs.update(**BLANK_RUN.values)
    Miss.objects.filter(event_id__in=event_ids).update(**BLANK_MISS)
    Event.objects.filter(pk__in=event_ids).update(**BLANK_EVENT.values)


def log_of(model: Any, ids: "QuerySet[Any] | Collection[int]") -> "QuerySet[Any]":
    """What staff did to these records by hand, as the admin's history tells it."""
    numbers = [str(pk) for pk in ids]
    return LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(model), object_id__in=numbers)


def _events(who: Person) -> "QuerySet[Event]":
    return Event.objects.filter(contact_id__in=who.ids)


def _actions(who: Person) -> "QuerySet[ActionRun]":
    return ActionRun.objects.filter(run__contact_id__in=who.ids)


def _notices(who: Person) -> "QuerySet[Notice]":
    return Notice.objects.filter(link__in=[people.contact_url(number) for number in who.ids])
