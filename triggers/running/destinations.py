"""Receivers outside: how many calls each may have in flight, and when one is left alone.

Five failures in a row open a breaker that tries again ever more rarely; refused credentials hold the
receiver until somebody repairs it; 410 or five days of failure switch it off.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Min
from django.utils.translation import gettext as _

from triggers.action_types import Done, Fail, Hold, Outcome, Retry, Unsure
from triggers.models.event import Lane
from triggers.models.run import Destination, Run

# Calls in flight to one receiver.
CAP: Final = 4
# One that keeps a call waiting this long gets no second beside it, so that it cannot take up all workers.
SLOW_AFTER: Final = timedelta(seconds=2)
BREAKS_AFTER: Final = 5
LONGEST_BREAK: Final = timedelta(hours=1)
SWITCHES_OFF_AFTER: Final = timedelta(days=5)


def busy(now: datetime) -> set[str]:
    """Receivers that have as many calls in flight as they may; one that fails or lets us wait gets one."""
    flights = _in_flight(now)
    failing = Destination.objects.filter(key__in=flights, failures__gt=0).values_list("key", flat=True)
    shaky = set(failing) if flights else set()
    return {key for key, (n, slow) in flights.items() if n >= (1 if slow or key in shaky else CAP)}


@dataclass(frozen=True)
class Standing:
    """A receiver as it stands: why nothing goes there, until when its breaker is open, whether one more call may begin."""

    held: str = ""
    opens: datetime | None = None
    has_room: bool = True


def standing(key: str, now: datetime) -> Standing:
    """How the receiver stands.

    Keeps its row locked until the claim is committed: `busy` alone lets workers that look at the same moment
    all take its last place.
    """
    if not key:
        return Standing()
    row = _locked(key)
    n, slow = _in_flight(now, target=key).get(key, (0, False))
    held = "" if row.status == Destination.Status.OK else row.reason
    return Standing(held, row.open_until, n < (1 if slow or row.failures else CAP))


def _in_flight(now: datetime, **only: str) -> dict[str, tuple[int, bool]]:
    """By receiver: how many calls are with it, and whether one of them has waited for long.

    A call whose lease is over is in flight no more: lost workers must not keep their receiver busy for ever.
    """
    rows = Run.objects.filter(status=Run.Status.RUNNING, lane=Lane.OUTSIDE, due_at__gt=now, **only).exclude(target="")
    waiting = now + timedelta(seconds=settings.CONCOURS_LEASE_SECONDS) - SLOW_AFTER
    found = rows.values_list("target").annotate(n=Count("pk"), first=Min("due_at"))
    return {key: (n, first < waiting) for key, n, first in found}


def held_reason(key: str) -> str:
    """Why nothing may be sent to this receiver until a person acts; empty when it may."""
    if not key:
        return ""
    found = Destination.objects.filter(key=key).exclude(status=Destination.Status.OK).first()
    return found.reason if found else ""


def not_before(key: str, due: datetime | None) -> datetime | None:
    """A retry's due time, put off to when the receiver's breaker closes again, spread over the minute after."""
    opens = Destination.objects.filter(key=key).values_list("open_until", flat=True).first()
    return due if due is None or opens is None or opens <= due else spread(opens)


def spread(moment: datetime) -> datetime:
    """A moment within the minute after, another one each time."""
    return moment + timedelta(seconds=random.uniform(0, 60))  # noqa: S311 -- spread, not secrecy


def learn(key: str, outcome: Outcome, status_code: int | None, now: datetime) -> None:
    """Takes note of how a call to the receiver went."""
    if not key:
        return
    failed = isinstance(outcome, Retry | Unsure)
    refused = isinstance(outcome, Hold)
    gone = isinstance(outcome, Fail) and outcome.disable
    if not (failed or refused or gone):
        if isinstance(outcome, Done):
            Destination.objects.filter(key=key, failures__gt=0).update(failures=0, open_until=None, failing_since=None)
        return
    row = _locked(key)
    row.failures += 1
    row.failing_since = row.failing_since or now
    if refused:
        row.status, row.reason = Destination.Status.HELD, _why(outcome)
    elif gone or now - row.failing_since > SWITCHES_OFF_AFTER:
        row.status, row.reason = Destination.Status.DISABLED, _why(outcome)
    elif row.failures >= BREAKS_AFTER:
        # The exponent is bounded too: 2**45 half minutes are more than a timedelta holds.
        doublings = min(row.failures - BREAKS_AFTER, 10)
        row.open_until = now + min(timedelta(seconds=30 * 2**doublings), LONGEST_BREAK)
    row.save()


def repaired(key: str, now: datetime) -> int:
    """Staff say the receiver works again: its held runs go on, spread over a minute. How many there were."""
    Destination.objects.filter(key=key).update(
        status=Destination.Status.OK, reason="", failures=0, open_until=None, failing_since=None
    )
    held = Run.objects.filter(target=key, status=Run.Status.HELD, due_at=None)
    ids = list(held.values_list("pk", flat=True))
    for place, run_id in enumerate(ids):
        due = now + timedelta(seconds=60 * place / len(ids))
        Run.objects.filter(pk=run_id, status=Run.Status.HELD).update(status=Run.Status.PENDING, due_at=due, reason="")
    return len(ids)


def _locked(key: str) -> Destination:
    found = Destination.objects.select_for_update().filter(key=key).first()
    if found is None:
        try:
            with transaction.atomic():
                return Destination.objects.create(key=key)
        except IntegrityError:
            return Destination.objects.select_for_update().get(key=key)
    return found


def _why(outcome: Outcome) -> str:
    return getattr(outcome, "why", "")[:300] or _("It refused the last call.")
