"""The one gate before any message to a contact: who must not be written to wins over every action.

Do-not-disturb and suppressed addresses refuse; quiet hours and the frequency cap put off, and let
transactional messages by (reliability, R32).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.models import CHANNELS, Contact
from conversations import suppressing
from conversations.addresses import normalised
from conversations.models import Message
from triggers.models import Organisation

DAY: Final = timedelta(days=1)
# What quiet hours held leaves within these first minutes after them, not all at once.
SPREAD: Final = timedelta(minutes=10)
COUNTED: Final = (
    Message.Status.SENT, Message.Status.DELIVERED, Message.Status.READ, Message.Status.QUEUED, Message.Status.UNCERTAIN,
)  # fmt: skip
# Under which of the channels a person can close the others fall.
CLOSED_WITH: Final[dict[str, str]] = {
    Message.Channel.MESSENGER: "facebook", Message.Channel.INSTAGRAM: "facebook", Message.Channel.COMMENT: "facebook",
}  # fmt: skip


@dataclass(frozen=True)
class Allowed:
    """It may be sent, now."""


@dataclass(frozen=True)
class Refused:
    """It must not be sent, and asking again will not change that by itself."""

    reason: str


@dataclass(frozen=True)
class Later:
    """It must not be sent before `until`; ask again then."""

    until: datetime
    reason: str


Verdict = Allowed | Refused | Later


def send_gate(
    contact_id: int, channel: str, address: str, category: str, now: datetime, *, key: UUID | None = None
) -> Verdict:
    """Locks the contact and says whether a message may go out. Call it in the transaction that records it.

    The lock orders it against an unsubscription: one that has committed is always seen. `key` is the
    message's own, which does not count against the cap.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("The gate's lock needs a transaction.")
    contact = Contact.objects.select_for_update(of=("self",)).filter(pk=contact_id).first()
    if contact is None:
        return Refused(_("The contact is gone."))
    return look(contact, channel, address, category, now, key=key)


def look(
    contact: Contact, channel: str, address: str, category: str, now: datetime, *, key: UUID | None = None
) -> Verdict:
    """What the gate would say of this contact as it stands, without a lock: for previews."""
    refusal = _closed(contact, CLOSED_WITH.get(channel, channel)) or _suppressed(address, channel)
    if refusal:
        return Refused(refusal)
    if category == Message.Category.TRANSACTIONAL:
        return Allowed()
    organisation = Organisation.get()
    return _quiet(contact, organisation, now) or _capped(contact, organisation, now, key) or Allowed()


def zone_of(contact: Contact, organisation: Organisation) -> ZoneInfo:
    """The contact's time zone; the organisation's where it is not known."""
    try:
        return ZoneInfo(contact.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return organisation.zone


def quiet_until(start: time, end: time, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When the quiet hours end that `now` lies in; None outside of them.

    On a day the clocks change they are as long as any reading of the clock makes them: an hour that
    comes twice is quiet both times.
    """
    today = now.astimezone(zone).date()
    for first in (today - DAY, today):
        last = first if start < end else first + DAY
        opens = max(_moments(last, end, zone))
        if start != end and min(_moments(first, start, zone)) <= now < opens:
            return opens
    return None


def _moments(day: date, clock: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Both readings of a local clock time; they differ only where the clocks change."""
    naive, utc = datetime.combine(day, clock), ZoneInfo("UTC")
    return (
        naive.replace(fold=0, tzinfo=zone).astimezone(utc),
        naive.replace(fold=1, tzinfo=zone).astimezone(utc),
    )


def _closed(contact: Contact, channel: str) -> str:
    if not contact.is_closed(channel):
        return ""
    words = {"contact": contact, "channel": dict(CHANNELS).get(channel, channel)}
    return _("%(contact)s must not be disturbed by %(channel)s.") % words


def _suppressed(address: str, channel: str) -> str:
    found = suppressing.find(address, channel)
    if found is None:
        return ""
    words = {"address": normalised(address), "reason": found.get_reason_display()}
    return _("Nobody may write to %(address)s: %(reason)s.") % words


def _quiet(contact: Contact, organisation: Organisation, now: datetime) -> Later | None:
    start, end = organisation.quiet_from, organisation.quiet_to
    zone = zone_of(contact, organisation)
    opens = quiet_until(start, end, zone, now) if start is not None and end is not None else None
    if opens is None:
        return None
    words = {"contact": contact, "time": date_format(opens.astimezone(zone), "H:i"), "zone": zone.key}
    reason = _("Quiet hours: %(contact)s gets it after %(time)s (%(zone)s).") % words
    return Later(opens + timedelta(seconds=contact.pk % SPREAD.seconds), reason)


def _capped(contact: Contact, organisation: Organisation, now: datetime, key: UUID | None) -> Later | None:
    cap = organisation.frequency_cap
    if cap is None:
        return None
    sent = Message.objects.filter(
        contact=contact, direction=Message.Direction.OUT, status__in=COUNTED, sent_at__gt=now - DAY
    )
    newest = list(sent.exclude(key=key).order_by("-sent_at").values_list("sent_at", flat=True)[:cap])
    if len(newest) < cap:
        return None
    oldest = (newest[-1] if newest else None) or now
    reason = ngettext(
        "%(contact)s gets at most %(cap)d message a day.", "%(contact)s gets at most %(cap)d messages a day.", cap
    )
    return Later(oldest + DAY, reason % {"contact": contact, "cap": cap})
