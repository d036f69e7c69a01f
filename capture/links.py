"""Following a trigger link: whose link it is, and one event for each time a known contact follows it.

The destination stands in the database, never in the address: nobody makes a link of ours lead elsewhere.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.utils import timezone

from capture import visitors
from capture.events.link_clicked import LinkClicked
from capture.models import LinkClick, TriggerLink
from triggers.context import act_as
from triggers.outbox import emit_once

SALT: Final = "capture.link"
# Followed again within this time is one click: a double click, a browser that asks twice.
REPEAT: Final = timedelta(seconds=10)
KEEP: Final = timedelta(days=90)
CHUNK: Final = 2000


class Followed(NamedTuple):
    """A link, and whom it was given to; None for everybody's."""

    link: TriggerLink
    contact_id: int | None


def address(link_id: int, contact_id: int) -> str:
    """The whole address of a link for one contact."""
    return f"{settings.PUBLIC_URL}/l/{token(link_id, contact_id)}/"


def token(link_id: int, contact_id: int) -> str:
    # A full stop stands in no key: what is cut off before its signature is never taken for one.
    return Signer(salt=SALT).sign(f"{link_id}.{contact_id}")


def read(given: str) -> Followed | None:
    """The link of an address, `<key>` or a signed token; None for what is neither."""
    if ":" not in given and "." not in given:
        link = TriggerLink.objects.filter(key=given).first() if given.isascii() and given.isprintable() else None
        return Followed(link, None) if link else None
    try:
        link_id, _stop, contact_id = Signer(salt=SALT).unsign(given).partition(".")
    except (BadSignature, ValueError):
        return None
    link = TriggerLink.objects.filter(pk=int(link_id)).first()
    return Followed(link, visitors.known(int(contact_id))) if link else None


def click(followed: Followed, mark: str, now: datetime) -> bool:
    """Writes down a click, and tells of it where the contact is known; False where it is a repetition.

    `mark` tells visitors apart whom we do not know.
    """
    link, contact_id = followed
    who = f"c{contact_id}" if contact_id is not None else mark
    mine = LinkClick.objects.filter(link=link, who=who)
    if mine.filter(at__gt=now - REPEAT, at__lte=now).exists():
        return False
    bucket = int(now.timestamp() // REPEAT.total_seconds())
    try:
        # Two at once: the unique row decides.
        with transaction.atomic():
            LinkClick.objects.create(link=link, who=who, bucket=bucket, contact_id=contact_id, at=now)
            if contact_id is not None:
                _tell(link, contact_id, bucket, now)
    except IntegrityError:
        return False
    return True


def _tell(link: TriggerLink, contact_id: int, bucket: int, now: datetime) -> None:
    payload = LinkClicked(
        link_id=link.pk, link=link.name, contact_id=contact_id, target_url=link.destination, clicked_at=now
    )
    with act_as(actor="system", actor_id="", origin=f"link {link.name}"[:120]):
        emit_once(f"link:{link.pk}:{contact_id}:{bucket}", payload, occurred_at=now)


def addresses(contact_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """Every link for each of these contacts, by key; in one query."""
    rows = list(TriggerLink.objects.filter(active=True).values_list("pk", "key"))
    return {contact: {key: address(pk, contact) for pk, key in rows} for contact in contact_ids}


def purge(now: datetime | None = None) -> int:
    """Deletes clicks older than 90 days, in chunks; how many. Their events stay as long as events do."""
    old = LinkClick.objects.filter(at__lt=(now or timezone.now()) - KEEP)
    total = 0
    while ids := list(old.values_list("pk", flat=True)[:CHUNK]):
        LinkClick.objects.filter(pk__in=ids).delete()
        total += len(ids)
    return total
