"""Fetching files that did not come along: a message named their address (MMS), and a worker asks for them.

One client calls the addresses (`triggers.outside.net`): public ones only, bounded in size and time. What opens a
gateway's own addresses is asked of whoever registered in `openers`, and goes to the first address alone.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urljoin

from django.db import connection, transaction
from django.utils.translation import gettext as _

from conversations.inbound import attachments
from conversations.models import Attachment
from triggers import files
from triggers.models.event import Lane
from triggers.outside import net
from triggers.running.outcomes import DELAYS
from triggers.secrets import SecretUnreadable

log = logging.getLogger(__name__)
TASK: Final = ("conversations.fetch_attachments", "outside")
# A worker that is lost over a file gives it back after this; longer than all hops together.
LEASE: Final = timedelta(minutes=5)
HOPS: Final = 3
TIMEOUT: Final = (5.0, 20.0)
Status = Attachment.Status
# By the name that a gateway's key begins with: the headers that open this address of its account, if any do.
openers: Final[dict[str, Callable[[str, str], Mapping[str, str]]]] = {}


class _Later(Exception):
    """Not now; the message says why."""


class _Never(Exception):
    """It will not be had; the message says why."""


def due_lanes(now: datetime) -> set[Lane]:
    return {Lane.FAST} if Attachment.objects.filter(due_at__lte=now).exists() else set()


def work(lane: Lane, now: datetime) -> int:
    """Fetches one file that is due; whether there was one."""
    row = _claimed(now)
    if row is None:
        return 0
    try:
        content, kind = _fetched(row)
    except _Never as error:
        _give_up(row, str(error))
    except (_Later, net.NotSent, net.MaybeSent, SecretUnreadable) as error:
        _again(row, str(error), now)
    except Exception:
        log.exception("attachment %s could not be fetched", row.pk)
        _again(row, _("A fault of ours; it is in the log."), now)
    else:
        _stored(row, content, kind)
    return 1


@transaction.atomic
def _claimed(now: datetime) -> Attachment | None:
    """A file that is due, its next turn put off as a lease."""
    skip = connection.features.has_select_for_update_skip_locked
    due = Attachment.objects.filter(due_at__lte=now).order_by("due_at", "pk")
    row = due.select_for_update(skip_locked=skip, of=("self",)).first()
    if row is not None:
        row.due_at, row.tries = now + LEASE, row.tries + 1
        row.save(update_fields=["due_at", "tries"])
    return row


def _fetched(row: Attachment) -> tuple[bytes, str]:
    """The file and its type. Raises `_Later`, `_Never` or what the client raises."""
    url, headers = row.source, _headers(row)
    for _hop in range(HOPS + 1):
        try:
            answer = net.send("GET", url, headers=headers, timeout=TIMEOUT, limit=files.MAX_SIZE)
        except net.UnsafeUrl as error:
            raise _Never(str(error)) from None
        target = answer.headers.get("location", "")
        if answer.status not in (301, 302, 303, 307, 308) or not target:
            return _content(answer)
        # What opens the first address is nobody else's business.
        url, headers = urljoin(url, target), {}
    raise _Never(_("It was sent on from one address to the next too often."))


def _headers(row: Attachment) -> Mapping[str, str]:
    gateway = row.message.gateway if row.message else row.arrival.gateway if row.arrival else ""
    opener = openers.get(gateway.partition(":")[0])
    return opener(gateway, row.source) if opener else {}


def _content(answer: net.Response) -> tuple[bytes, str]:
    words = {"status": answer.status}
    if answer.status == 200:
        if answer.truncated:
            if len(answer.body) < files.MAX_SIZE:
                raise _Later(_("It broke off."))
            raise _Never(attachments.fault("a.txt", answer.body + b"."))
        return answer.body, answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    # Just written, a file may not be there yet; a refused token may be put right.
    if answer.status in (401, 403, 404, 408, 429) or answer.status >= 500:
        raise _Later(_("It was answered with %(status)d.") % words)
    raise _Never(_("It was answered with %(status)d.") % words)


@transaction.atomic
def _held(row: Attachment) -> bool:
    """Whether it is still ours: nobody else took it over, and nobody deleted it."""
    held = Attachment.objects.select_for_update(of=("self",)).filter(pk=row.pk, tries=row.tries)
    return held.exclude(due_at=None).first() is not None


def _stored(row: Attachment, content: bytes, kind: str) -> None:
    with files.undone_on_failure(), transaction.atomic():
        if not _held(row):
            return
        row.content_type, row.name = kind[:100], attachments.named(row.name, kind)
        row.reason, row.size, row.due_at = attachments.fault(row.name, content), len(content), None
        if row.reason:
            row.status = Status.LEFT_OUT
        else:
            attachments.store(row, content)
        row.save()


def _again(row: Attachment, why: str, now: datetime) -> None:
    """Later, by the plan of outside actions; after the last try it stays where it is, with its address."""
    if row.tries > len(DELAYS):
        _give_up(row, why)
        return
    held = Attachment.objects.filter(pk=row.pk, tries=row.tries)
    held.update(due_at=now + DELAYS[row.tries - 1], reason=why[:300])


def _give_up(row: Attachment, why: str) -> None:
    held = Attachment.objects.filter(pk=row.pk, tries=row.tries)
    held.update(due_at=None, status=Status.LEFT_OUT, reason=why[:300])


def retry(row: Attachment, now: datetime) -> bool:
    """Asks for it once more, from the first try on; whether that was of use."""
    again = Attachment.objects.filter(pk=row.pk, status=Status.LEFT_OUT).exclude(source="")
    return bool(again.update(status=Status.WAITING, due_at=now, tries=0, reason=""))
