"""The next firings of all live time-based triggers together: when, for whom, and which workflow."""

import hashlib
import heapq
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.cache import cache
from pydantic import ValidationError

from triggers import clock, scanning
from triggers.event_types import Due
from triggers.models import Trigger
from triggers.wording import people

SHOWN: Final = 50
# Each asks the database by itself; those of more triggers are not looked up.
ASKED: Final = 40
# The same for a list of workflows, which is opened more often.
LISTED: Final = 20
KEPT_SECONDS: Final = 300


@dataclass(frozen=True)
class Firing:
    """One moment at which a trigger comes up for somebody; its conditions are asked then."""

    at: datetime
    label: str
    who: str
    who_url: str
    workflow: str
    workflow_url: str


def ahead(now: datetime) -> dict[str, Any]:
    """`firings`, soonest first, and `unasked`: how many live triggers were too many to ask."""
    kinds = {kind.key: kind for kind in clock.timed()}
    live = Trigger.objects.filter(kind=Trigger.Kind.START, event_type__in=kinds).select_related("workflow")
    triggers = list(live.order_by("workflow__name", "uid"))
    found = heapq.nsmallest(SHOWN, _each(triggers[:ASKED], kinds, now), key=lambda each: each[0])
    return {"firings": _named(found, kinds), "unasked": max(len(triggers) - ASKED, 0)}


def next_of(workflow_ids: Iterable[int], now: datetime) -> dict[int, datetime]:
    """When the clock next brings something for each of these workflows; told a few minutes late.

    Each timed trigger asks the database by itself: of very many, only the first are looked up.
    """
    kinds = {kind.key: kind for kind in clock.timed()}
    live = Trigger.objects.filter(kind=Trigger.Kind.START, event_type__in=kinds, workflow__in=list(workflow_ids))
    found: dict[int, datetime] = {}
    for trigger in live.order_by("workflow_id", "uid")[:LISTED]:
        at = cache.get_or_set(
            _key(trigger), lambda each=trigger: _first(kinds[each.event_type], each, now), KEPT_SECONDS
        )
        if at is not None and at > now:
            found[trigger.workflow_id] = min(at, found.get(trigger.workflow_id, at))
    return found


def _key(trigger: Trigger) -> str:
    """Another one for other options: they are what is asked for."""
    told = json.dumps(trigger.config, sort_keys=True)
    return f"firing:{trigger.pk}:{hashlib.sha256(told.encode()).hexdigest()[:20]}"


def _first(kind: type[Due], trigger: Trigger, now: datetime) -> datetime | None:
    try:
        options = scanning.options_of(kind, trigger)
    except ValidationError:
        return None
    return next((each.moment for each in scanning.upcoming(kind, options, now, count=1)), None)


def _each(
    triggers: Iterable[Trigger], kinds: dict[str, type[Due]], now: datetime
) -> Iterable[tuple[datetime, Any, Trigger]]:  # fmt: skip
    for trigger in triggers:
        kind = kinds[trigger.event_type]
        try:
            options = scanning.options_of(kind, trigger)
        except ValidationError:
            # Told among the workflows that cannot be asked.
            continue
        for moment, payload in _soonest(kind, options, now):
            yield moment, payload, trigger


def _soonest(kind: type[Due], options: Any, now: datetime) -> Iterable[tuple[datetime, Any]]:
    return [(each.moment, each.payload) for each in scanning.upcoming(kind, options, now, count=SHOWN)]


def _named(found: list[tuple[datetime, Any, Trigger]], kinds: dict[str, type[Due]]) -> list[Firing]:
    names = people.contact_names(getattr(payload, "contact_id", None) for _at, payload, _trigger in found)
    rows = []
    for at, payload, trigger in found:
        contact = getattr(payload, "contact_id", None)
        rows.append(
            Firing(
                at, str(kinds[trigger.event_type].label), names.get(contact or 0, ""), people.contact_url(contact),
                trigger.workflow.name, people.admin_url("triggers.workflow", trigger.workflow_id),
            )
        )  # fmt: skip
    return rows
