"""Asking mail accounts for new mail: each when it is due, each mail once, and how far it got is kept in the row."""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from conversations.inbound.imap import MAX_SIZE, Folder, Head, MailServerError, opened
from conversations.inbound.mails import receive_mail
from conversations.models import Arrival, MailAccount, Message
from triggers.models.event import Lane
from triggers.secrets import SecretUnreadable

log = logging.getLogger(__name__)

TASK: Final = ("conversations.fetch_mail", "outside")
# Mails taken in at one visit; the next follows at once where there are more.
BATCH: Final = 50
# A worker that is lost over an account keeps it for so long.
LEASE: Final = timedelta(minutes=5)
LONGEST_PAUSE: Final = timedelta(hours=6)


def due_lanes(now: datetime) -> set[Lane]:
    return {Lane.FAST} if MailAccount.objects.filter(active=True, due_at__lte=now).exists() else set()


def work(lane: Lane, now: datetime) -> int:
    """Asks one account that is due; how many mails it took, at least 1 where it asked."""
    account = _claimed(now)
    return max(1, poll(account, now)) if account is not None else 0


def poll(account: MailAccount, now: datetime) -> int:
    """Fetches what is new and takes it in, mail by mail; how many. A mail that breaks is put down and passed over."""
    taken = 0
    try:
        with opened(account) as folder:
            _follow(account, folder)
            for head in folder.after(account.last_uid, BATCH):
                _take(account, folder, head, now)
                taken += 1
                account.last_uid = head.uid
                account.save(update_fields=["last_uid"])
    except (MailServerError, SecretUnreadable) as error:
        _put_off(account, str(error), now)
    else:
        account.polled_at, account.failures, account.error = now, 0, ""
        account.due_at = now if taken == BATCH else now + timedelta(minutes=account.every_minutes)
        account.save(update_fields=["polled_at", "failures", "error", "due_at"])
    return taken


def _claimed(now: datetime) -> MailAccount | None:
    """An account that is due, its next turn put off as a lease."""
    with transaction.atomic():
        due = MailAccount.objects.filter(active=True, due_at__lte=now).order_by("due_at", "pk")
        skip = connection.features.has_select_for_update_skip_locked
        account = due.select_for_update(skip_locked=skip).first()
        if account is not None:
            account.due_at = now + LEASE
            account.save(update_fields=["due_at"])
    return account


def _follow(account: MailAccount, folder: Folder) -> None:
    """Begins at the end of a folder that is new to us; at the beginning of one that was numbered anew."""
    if account.uid_validity is None:
        account.last_uid = max(folder.next_uid - 1, 0)
    elif account.uid_validity != folder.validity:
        account.last_uid = 0
    else:
        return
    account.uid_validity = folder.validity
    account.save(update_fields=["uid_validity", "last_uid"])


def _take(account: MailAccount, folder: Folder, head: Head, now: datetime) -> None:
    gateway, name = f"imap:{account.pk}", f"{folder.validity}:{head.uid}"
    if head.at is not None and head.at < account.since.replace(microsecond=0):
        # It lay there before the account was set up, and comes by only because the folder was numbered anew.
        return
    if head.size > MAX_SIZE:
        _put_down(gateway, name, _("It is larger than 25 MB."), now)
        return
    raw = folder.fetch(head.uid)
    if raw is None:
        return
    try:
        receive_mail(raw, gateway, name, now)
    except (OperationalError, InterfaceError) as error:
        # The database is away, not the mail wrong: it is fetched again.
        raise MailServerError(_("The database failed: %(error)s") % {"error": error}) from error
    except Exception as error:
        log.exception("mail %s of account %s could not be taken in", name, account.pk)
        _put_down(gateway, name, _("It could not be taken in: %(error)s") % {"error": repr(error)[:200]}, now)


def _put_down(gateway: str, name: str, why: str, now: datetime) -> None:
    Arrival.objects.get_or_create(
        gateway=gateway, external_id=name,
        defaults={"channel": Message.Channel.EMAIL, "kind": Arrival.Kind.UNREADABLE, "reason": why, "at": now},
    )  # fmt: skip


def _put_off(account: MailAccount, why: str, now: datetime) -> None:
    """Asks again ever more rarely; the account's page says why."""
    account.failures = min(account.failures + 1, 1000)
    pause = min(timedelta(minutes=account.every_minutes) * 2 ** min(account.failures, 10), LONGEST_PAUSE)
    account.error, account.polled_at, account.due_at = why[:300], now, now + pause
    account.save(update_fields=["failures", "error", "polled_at", "due_at"])
