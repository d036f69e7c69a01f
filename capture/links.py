"""Following a trigger link: whose link it is, and one event for each time a known contact follows it.

The destination stands in the database, never in the address: nobody makes a link of ours lead elsewhere.
"""

import re
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
# An address made for a contact, by its path: in HTML and plain text alike.
_OWN: Final = re.compile(r"/l/([0-9]{1,18}\.[0-9]{1,18}:[A-Za-z0-9_-]{20,100})/")


class Followed(NamedTuple):
    """A link, and whom it was given to; None for everybody's. `channel` and `message_id`: in which message."""

    link: TriggerLink
    contact_id: int | None
    channel: str = ""
    message_id: int | None = None


def address(link_id: int, contact_id: int) -> str:
    """The whole address of a link for one contact."""
    return f"{settings.PUBLIC_URL}/l/{token(link_id, contact_id)}/"


def token(link_id: int, contact_id: int, *message: object) -> str:
    # A full stop stands in no key: what is cut off before its signature is never taken for one.
    return Signer(salt=SALT).sign(".".join(map(str, (link_id, contact_id, *message))))


def read(given: str) -> Followed | None:
    """The link of an address, `<key>` or a signed token; None for what is neither."""
    if ":" not in given and "." not in given:
        link = TriggerLink.objects.filter(key=given).first() if given.isascii() and given.isprintable() else None
        return Followed(link, None) if link else None
    try:
        link_id, contact_id, *message = Signer(salt=SALT).unsign(given).split(".")
    except (BadSignature, ValueError):
        return None
    link = TriggerLink.objects.filter(pk=int(link_id)).first()
    if link is None:
        return None
    known = visitors.known(int(contact_id))
    return Followed(link, known, message[0], int(message[1])) if message and known else Followed(link, known)


def mark(text: str, channel: str, message_id: int) -> str:
    """The text of a message with the links made for its contact saying which message they stand in."""

    def named(found: re.Match[str]) -> str:
        link = read(found[1])
        if link is None or link.contact_id is None:
            return found[0]
        return f"/l/{token(link.link.pk, link.contact_id, channel, message_id)}/"

    return _OWN.sub(named, text)


def click(followed: Followed, mark: str, now: datetime) -> bool:
    """Writes down a click, and tells of it where the contact is known; False where it is a repetition.

    `mark` tells visitors apart whom we do not know.
    """
    link, contact_id = followed.link, followed.contact_id
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
                _tell(followed, contact_id, bucket, now)
    except IntegrityError:
        return False
    return True


def _tell(followed: Followed, contact_id: int, bucket: int, now: datetime) -> None:
    link = followed.link
    payload = LinkClicked(
        link_id=link.pk, link=link.name, contact_id=contact_id, target_url=link.destination, clicked_at=now,
        channel=followed.channel, message_id=followed.message_id,
    )  # fmt: skip
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
