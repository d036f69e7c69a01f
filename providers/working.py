"""Doing what deliveries ask for: drains what is due, each thing by itself, so that a bad one stops no other.

A row is held by moving its `due_at` ahead, as a lease. What has to be asked outside is asked first, without
a transaction; then what is done and the mark that it was done commit together.
"""

import logging
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final

from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from providers.frame import Handled, Later, Unclear
from providers.models import Connection, ProviderDelivery
from triggers import files
from triggers.context import act_as
from triggers.models.event import Event, Lane
from triggers.running.outcomes import DELAYS
from triggers.secrets import SecretUnreadable

log = logging.getLogger(__name__)

BATCH: Final = 50
# Longer than the longest request outside; a worker that dies gives its rows back after it.
LEASE: Final = timedelta(seconds=60)
# Seconds after which nothing more of a batch is begun: a task has thirty, and one request outside takes up to ten.
TURN: Final = 10.0
Status = ProviderDelivery.Status


def due_lanes(now: datetime) -> set[Lane]:
    """The lane of deliveries, where there is anything to do."""
    return {Lane.FAST} if ProviderDelivery.objects.filter(due_at__lte=now).exists() else set()


def work(_lane: Lane, now: datetime) -> int:
    """One batch of what is due; how many were taken."""
    return go_on(now)


def go_on(now: datetime | None = None) -> int:
    """Takes a batch of what is due, the longest due first, and does each; how many. `now` stands still for tests."""
    claimed, until = _claim(now or timezone.now()), monotonic() + TURN
    for place, delivery in enumerate(claimed):
        if monotonic() > until:
            _give_back(claimed[place:], now or timezone.now())
            return place
        _do(delivery, now or timezone.now())
    return len(claimed)


@transaction.atomic
def _claim(now: datetime) -> list[ProviderDelivery]:
    due = ProviderDelivery.objects.filter(due_at__lte=now).order_by("due_at", "pk")
    found = list(due.select_for_update(skip_locked=True, of=("self",)).select_related("connection")[:BATCH])
    for delivery in found:
        delivery.tries += 1
        delivery.due_at = now + LEASE
    ProviderDelivery.objects.bulk_update(found, ["tries", "due_at"])
    return found


def _give_back(rest: list[ProviderDelivery], now: datetime) -> None:
    """What was not begun is due again, and was not tried."""
    for delivery in rest:
        held = ProviderDelivery.objects.filter(pk=delivery.pk, tries=delivery.tries)
        held.update(due_at=now, tries=delivery.tries - 1)


def _do(delivery: ProviderDelivery, now: datetime) -> None:
    connection = delivery.connection
    origin = f"{connection.kind.label} {connection.name}"[:120]
    try:
        with act_as(actor=Event.Actor.PROVIDER, actor_id=f"connection {connection.pk}", origin=origin):
            told = {**delivery.data, **({} if delivery.proven else {"unproven": True})}
            _finish(delivery, connection.kind.fetch(connection, told, now), now)
    except Unclear as error:
        _settle(delivery, now, status=Status.QUARANTINED, error=str(error))
    except (Later, SecretUnreadable, OperationalError) as error:
        _again(delivery, str(error), getattr(error, "after", None), now)
    except Exception:
        log.exception("delivery %s of connection %s broke", delivery.pk, connection.pk)
        _again(delivery, _("A fault of ours; it is in the log."), None, now)


@files.undone_on_failure()
@transaction.atomic
def _finish(delivery: ProviderDelivery, data: dict[str, Any], now: datetime) -> None:
    """Handles it and marks it, both or neither; nothing where another worker took it over meanwhile."""
    held = ProviderDelivery.objects.select_for_update(of=("self",)).filter(pk=delivery.pk, tries=delivery.tries)
    if held.exclude(due_at=None).first() is None:
        return
    done: Handled = delivery.connection.kind.handle(delivery.connection, data, now)
    _settle(
        delivery, now, status=Status.IGNORED if done.ignored else Status.DONE, error=done.ignored,
        contact_id=done.contact_id, event_id=done.event_id, problems=list(done.problems),
        data=delivery.connection.kind.remains(delivery.data),
    )  # fmt: skip


def _settle(delivery: ProviderDelivery, now: datetime, *, error: str = "", **values: Any) -> None:
    changed = {"error": error[:300], "due_at": None, "done_at": now, **values}
    ProviderDelivery.objects.filter(pk=delivery.pk, tries=delivery.tries).update(**changed)
    if values["status"] in (Status.QUARANTINED, Status.FAILED):
        trouble(delivery.connection, error, now)


def _again(delivery: ProviderDelivery, why: str, after: timedelta | None, now: datetime) -> None:
    """Later, by the plan of outside actions; after the last try it waits for a person."""
    if delivery.tries > len(DELAYS):
        _settle(delivery, now, status=Status.FAILED, error=why)
        return
    wait = max(DELAYS[delivery.tries - 1], after or timedelta(0))
    held = ProviderDelivery.objects.filter(pk=delivery.pk, tries=delivery.tries)
    held.update(due_at=now + wait, error=why[:300])
    trouble(delivery.connection, why, now)


def trouble(connection: Connection, why: str, now: datetime) -> None:
    """Notes the latest trouble of a connection, for its page."""
    Connection.objects.filter(pk=connection.pk).update(last_error=why[:300], last_error_at=now)
