"""Taking a proven delivery in: one row for each thing it tells, all in one transaction, and the workers poked.

Once per id, however often and however concurrently it is sent: the unique rows decide (reliability, R6, R17).
"""

import hashlib
import logging
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from providers import reading
from providers.base import Delivery
from providers.frame import Item, Unclear
from providers.models import Connection, ProviderDelivery
from triggers import rows, sweeping
from triggers.api.parsers import Unreadable

log = logging.getLogger(__name__)
# PostgreSQL's name for two who wait for each other, and how often a delivery is stored anew after it.
DEADLOCK: Final = "40P01"
TRIES: Final = 5
Status = ProviderDelivery.Status
# A busy connection's row is not written at every delivery.
NOTED_EVERY: Final = timedelta(seconds=5)


@dataclass(frozen=True)
class Stored:
    """How many things a delivery told, and how many of them were new."""

    told: int
    new: int


def take_in(connection: Connection, delivery: Delivery, now: datetime, *, proven: bool = True) -> Stored:
    """Stores what the delivery tells, unless that was done before. What cannot be read is kept for a person."""
    try:
        items = connection.kind.items(delivery)
    except (Unreadable, Unclear) as error:
        return _quarantine(connection, delivery, str(error), now)
    except Exception:
        # Answered with a fault, it would come again for days, and each time break here.
        log.exception("connection %s: a delivery of %d bytes was not read", connection.pk, len(delivery.body))
        return _quarantine(connection, delivery, _("A fault of ours; it is in the log."), now)
    # Two of one id within a delivery are one; told otherwise, the second is flagged below.
    each = [_row(connection, item, now, proven) for item in items]
    if not each:
        _note(connection, now)
        return Stored(0, 0)
    each[0]["is_first"] = True
    # What follows may be lost with the process: the delivery then has no answer, comes again, and all of it is found.
    new = _store(each)
    if new:
        sweeping.wake("deliveries")
    if new < len(each):
        _flag_other_content(connection, each)
    _note(connection, now)
    return Stored(len(each), new)


def _store(each: Sequence[dict[str, Any]]) -> int:
    """Stores the rows that are new, all or none; how many there were.

    One statement is a transaction by itself, and costs the sender two round trips less. Two deliveries that tell the
    same things in other orders may each hold what the other waits for; the database ends one, which tries again.
    """
    for left in reversed(range(TRIES)):
        try:
            with nullcontext() if len(each) <= rows.BATCH else transaction.atomic():
                return len(rows.insert(ProviderDelivery, each, ignore_conflicts=True))
        except OperationalError as error:
            within = transaction.get_connection().in_atomic_block
            if not left or within or getattr(error.__cause__, "sqlstate", "") != DEADLOCK:
                raise
    raise AssertionError("unreachable")


def _row(connection: Connection, item: Item, now: datetime, proven: bool) -> dict[str, Any]:
    """The item as a row: waiting to be done, or why it will not be."""
    found = reading.digest(item.data)
    status, error = Status.WAITING, ""
    if item.problem:
        status, error = Status.QUARANTINED, item.problem[:300]
    elif not is_for(connection, item.account):
        status = Status.IGNORED
        error = (_("It is about another account: %(account)s.") % {"account": item.account})[:300]
    return {
        "connection_id": connection.pk, "dedupe_key": item.key or f"sha256:{found}", "once": item.once or None,
        "kind": item.kind[:80], "data": item.data, "digest": found, "is_first": False, "proven": proven,
        "received_at": now, "occurred_at": item.occurred_at, "status": str(status), "error": error,
        "due_at": now if status == Status.WAITING else None,
    }  # fmt: skip


def is_for(connection: Connection, account: str) -> bool:
    """Whether what names this account is the connection's. Several are written with commas; none takes all."""
    wanted = [each.strip().casefold() for each in connection.account_id.split(",") if each.strip()]
    return not wanted or not account or account.casefold() in wanted


def _flag_other_content(connection: Connection, each: Sequence[dict[str, Any]]) -> None:
    """Keeps what came under a used id with other content, once, beside what was done."""
    digests = {row["dedupe_key"]: row["digest"] for row in each}
    known = ProviderDelivery.objects.filter(connection=connection, dedupe_key__in=list(digests))
    stored = dict(known.values_list("dedupe_key", "digest"))
    others = [row for row in each if stored.get(row["dedupe_key"], "") not in ("", row["digest"])]
    flagged = [
        {
            **row, "dedupe_key": f"{row['dedupe_key'][:120]}~{row['digest'][:16]}", "once": None, "is_first": False,
            "status": str(Status.IGNORED), "due_at": None,
            "error": _("This id had come before with other content. Not acted on."),
        }
        for row in others
    ]  # fmt: skip
    if flagged:
        rows.insert(ProviderDelivery, flagged, ignore_conflicts=True)


@transaction.atomic
def _quarantine(connection: Connection, delivery: Delivery, why: str, now: datetime) -> Stored:
    found = hashlib.sha256(delivery.body).hexdigest()
    row = ProviderDelivery(
        connection=connection, dedupe_key=f"body:{found}", body=delivery.body, digest=found,
        is_first=True, received_at=now, status=Status.QUARANTINED, error=why[:300],
    )  # fmt: skip
    before = ProviderDelivery.objects.filter(connection=connection, dedupe_key=row.dedupe_key).exists()
    ProviderDelivery.objects.bulk_create([row], ignore_conflicts=True)
    _note(connection, now)
    return Stored(1, 0 if before else 1)


def _note(connection: Connection, now: datetime) -> None:
    last = connection.last_received_at
    if last is None or last < now - NOTED_EVERY:
        Connection.objects.filter(pk=connection.pk).update(last_received_at=now)
