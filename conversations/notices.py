"""Notices to staff: each once for an action run and person or address, and no more an hour than a person can read.

Every notice is a row with a key of its own. Beyond the hour's limit it is filed as read, and one further
notice says how many there are: derived from the rows, so that a repeated try changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import ngettext

from conversations.models import ToldOutside
from triggers.models import Notice

# Notices shown to one person within a clock hour; what comes after is gathered into one.
LIMIT: Final = 20
ONE_HOUR: Final = timedelta(hours=1)
# Longer than any action is tried again.
KEPT: Final = timedelta(days=30)


@dataclass(frozen=True)
class Told:
    """Whom to mail as well: `one_by_one` this notice, `gathered` that the hour's further ones are not mailed."""

    one_by_one: list[User]
    gathered: list[User]


def tell(users: Sequence[User], text: str, link: str, key: UUID, now: datetime, *, shown: bool) -> Told:
    """Writes one notice for each user, in one transaction; a second call with the same key writes none.

    Without `shown` the notices are filed as read: they only keep count of what is mailed.
    """
    keys = {user: f"notify:{key.hex}:{user.pk}" for user in users}
    rows = [
        Notice(
            user=user, text=text, link=link[:300], key=keys[user],
            created_at=now, read_at=None if shown else now,
        )
        for user in users
    ]  # fmt: skip
    with transaction.atomic():
        _one_at_a_time(users)
        Notice.objects.bulk_create(rows, ignore_conflicts=True)
        mine = {row.user_id: row for row in Notice.objects.filter(key__in=keys.values())}
        before = {user: _of_its_hour(mine[user.pk]).filter(pk__lt=mine[user.pk].pk).count() for user in users}
        for user in users:
            if before[user] >= LIMIT:
                _gather(mine[user.pk])
    return Told([user for user in users if before[user] < LIMIT], [user for user in users if before[user] == LIMIT])


@transaction.atomic
def still_to_tell(addresses: Iterable[str], key: UUID, now: datetime) -> list[str]:
    """Those of these addresses and numbers that this notice is to go to: not yet told, and below the hour's limit."""
    found = []
    for address in sorted(set(addresses)):
        row, _made = ToldOutside.objects.get_or_create(
            key=_outside(key, address), defaults={"address": address[:320], "created_at": now}
        )
        hour = row.created_at.replace(minute=0, second=0, microsecond=0)
        same = ToldOutside.objects.filter(address=row.address, created_at__gte=hour, created_at__lt=hour + ONE_HOUR)
        if not row.sent and same.filter(pk__lt=row.pk).count() < LIMIT:
            found.append(address)
    return found


def told(addresses: Iterable[str], key: UUID) -> None:
    """Notes that the notice has gone to these."""
    ToldOutside.objects.filter(key__in=[_outside(key, address) for address in addresses]).update(sent=True)


def purge(now: datetime) -> int:
    """Drops what no action is tried again for."""
    return ToldOutside.objects.filter(created_at__lt=now - KEPT).delete()[0]


def _outside(key: UUID, address: str) -> str:
    return f"{key.hex}:{uuid5(key, address).hex}"


def _one_at_a_time(users: Sequence[User]) -> None:
    """Two actions that tell the same person count one after the other. In order, so that none waits in a circle."""
    rows = get_user_model()._default_manager.select_for_update(no_key=True)
    list(rows.filter(pk__in=[user.pk for user in users]).order_by("pk").values_list("pk"))


def _gather(notice: Notice) -> None:
    """Files the notice as read and renews the one that stands for the hour's surplus."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=notice.created_at)
    more = _of_its_hour(notice).count() - LIMIT
    text = ngettext("%(n)d more notice this hour: %(text)s", "%(n)d more notices this hour, among them: %(text)s", more)
    values = {"text": text % {"n": more, "text": notice.text}, "link": notice.link, "read_at": None}
    Notice.objects.update_or_create(
        key=f"notify-more:{notice.user_id}:{_hour(notice):%Y%m%d%H}",
        defaults={**values, "user_id": notice.user_id, "created_at": notice.created_at},
    )


def _of_its_hour(notice: Notice) -> QuerySet[Notice]:
    hour = _hour(notice)
    return Notice.objects.filter(
        user=notice.user_id, key__startswith="notify:",
        created_at__gte=hour, created_at__lt=hour + ONE_HOUR,
    )  # fmt: skip


def _hour(notice: Notice) -> datetime:
    return notice.created_at.replace(minute=0, second=0, microsecond=0)
