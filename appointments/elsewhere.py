"""When members are busy elsewhere: each feed is asked when it is due, by the one HTTP client, and kept as spans of time."""

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from django.db import connection, transaction
from django.utils.translation import gettext as _
from icalendar import Calendar

from appointments.models import BusyFeed, BusyTime
from triggers.models import Organisation
from triggers.models.event import Lane
from triggers.outside import net
from triggers.secrets import SecretUnreadable

log = logging.getLogger(__name__)
Span = tuple[datetime, datetime]

TASK: Final = ("appointments.read_busy_times", "outside")
LEASE: Final = timedelta(minutes=2)
LONGEST_PAUSE: Final = timedelta(hours=6)
# As far ahead as any calendar can be booked, and as many spans as a feed may hold.
AHEAD: Final = timedelta(days=731)
MOST: Final = 5000
# A calendar of some years; longer feeds are refused.
MAX_BYTES: Final = 4 * 1024 * 1024
DAY: Final = timedelta(days=1)


class Unreadable(Exception):
    """What was answered is no calendar; the message says why."""


def due_lanes(now: datetime) -> set[Lane]:
    return {Lane.FAST} if BusyFeed.objects.filter(active=True, due_at__lte=now).exists() else set()


def work(lane: Lane, now: datetime) -> int:
    """Asks one feed that is due; whether there was one."""
    feed = _claimed(now)
    if feed is None:
        return 0
    read(feed, now)
    return 1


def read(feed: BusyFeed, now: datetime) -> None:
    """Asks the feed and keeps what it tells; where that fails, what was known before goes on counting."""
    try:
        answer = _ask(feed)
        if answer.status != 304:
            spans = list(_spans(answer.body, now))
            _keep(feed, spans)
            feed.etag = answer.headers.get("etag", "")[:255]
    except (net.NotSent, net.MaybeSent, SecretUnreadable, Unreadable) as error:
        feed.failures = min(feed.failures + 1, 1000)
        pause = min(timedelta(minutes=feed.every_minutes) * 2 ** min(feed.failures, 10), LONGEST_PAUSE)
        feed.error, feed.due_at = str(error)[:300], now + pause
        feed.save(update_fields=["failures", "error", "due_at"])
        return
    feed.failures, feed.error, feed.read_at = 0, "", now
    feed.due_at = now + timedelta(minutes=feed.every_minutes)
    feed.save(update_fields=["failures", "error", "read_at", "due_at", "etag"])


def _claimed(now: datetime) -> BusyFeed | None:
    """A feed that is due, its next turn put off as a lease."""
    with transaction.atomic():
        due = BusyFeed.objects.filter(active=True, due_at__lte=now).order_by("due_at", "pk")
        skip = connection.features.has_select_for_update_skip_locked
        feed = due.select_for_update(skip_locked=skip, of=("self",)).first()
        if feed is not None:
            feed.due_at = now + LEASE
            feed.save(update_fields=["due_at"])
    return feed


def _ask(feed: BusyFeed) -> net.Response:
    headers = {"Accept": "text/calendar", **({"If-None-Match": feed.etag} if feed.etag else {})}
    answer = net.send("GET", str(feed.url), headers=headers, limit=MAX_BYTES)
    if answer.status not in (200, 304):
        raise Unreadable(_("The address answered %(status)d.") % {"status": answer.status})
    if answer.truncated:
        raise Unreadable(_("The calendar is larger than 4 MB, or broke off."))
    return answer


@transaction.atomic
def _keep(feed: BusyFeed, spans: list[Span]) -> None:
    feed.times.all().delete()
    BusyTime.objects.bulk_create(
        [BusyTime(feed=feed, user_id=feed.user_id, start_at=start, end_at=end) for start, end in spans], 500
    )


def _spans(body: bytes, now: datetime) -> Iterator[Span]:
    """When the calendar says busy, from a day ago on. Raises `Unreadable`."""
    try:
        calendar: Any = Calendar.from_ical(body)
        found = _expanded(calendar, Organisation.get().zone, now - DAY, now + AHEAD)
    except (ValueError, KeyError, IndexError, AttributeError, TypeError) as error:
        raise Unreadable(_("What was answered is no calendar: %(why)s") % {"why": str(error)[:120]}) from error
    yield from found[:MOST]


def _expanded(calendar: Any, zone: ZoneInfo, since: datetime, until: datetime) -> list[Span]:
    """Every span of every event within the two moments; what stands for one day of a series takes its place."""
    events = [event for event in calendar.walk("VEVENT") if _is_busy(event)]
    changed: dict[str, set[datetime]] = {}
    for event in calendar.walk("VEVENT"):
        if "RECURRENCE-ID" in event:
            changed.setdefault(str(event.get("UID")), set()).add(_moment(event["RECURRENCE-ID"].dt, zone))
    found = []
    for event in events:
        start, length = _moment(event["DTSTART"].dt, zone), _length(event, zone)
        if length <= timedelta(0):
            continue
        skipped = changed.get(str(event.get("UID")), set()) if "RECURRENCE-ID" not in event else set()
        for begins in _starts(event, start, zone, since - length, until):
            if begins + length > since and begins not in skipped:
                found.append((begins, begins + length))
    return sorted(found)


def _is_busy(event: Any) -> bool:
    """Free time and what was called off takes nobody's time (RFC 5545, 3.8.2.7 and 3.8.1.11)."""
    return str(event.get("TRANSP", "")).upper() != "TRANSPARENT" and str(event.get("STATUS", "")).upper() != "CANCELLED"


def _length(event: Any, zone: ZoneInfo) -> timedelta:
    if "DURATION" in event:
        length: timedelta = event["DURATION"].dt
        return length
    start = event["DTSTART"].dt
    if "DTEND" in event:
        return _moment(event["DTEND"].dt, zone) - _moment(start, zone)
    return timedelta(0) if isinstance(start, datetime) else DAY


def _starts(event: Any, start: datetime, zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[datetime]:
    """The beginnings of one event, of a series by the clocks of the zone that it is written in."""
    if "RRULE" not in event:
        if since <= start <= until:
            yield start
        return
    written = event["DTSTART"].dt
    local = written if isinstance(written, datetime) else datetime.combine(written, datetime.min.time())
    own = local.tzinfo or zone
    rule = event["RRULE"].to_ical().decode()
    naive = local.replace(tzinfo=None)
    rules = rrulestr(_floating(rule, own), dtstart=naive)
    left_out = {_moment(each.dt, zone) for group in _listed(event, "EXDATE") for each in group.dts}
    for count, each in enumerate(rules.xafter(since.astimezone(own).replace(tzinfo=None), inc=True)):
        moment = each.replace(tzinfo=own).astimezone(UTC)
        if moment > until or count > MOST:
            return
        if moment not in left_out:
            yield moment


def _floating(rule: str, zone: Any) -> str:
    """The rule with its end by local clocks, as `rrulestr` wants it beside a local beginning."""
    parts = []
    for part in rule.split(";"):
        name, _equals, value = part.partition("=")
        if name == "UNTIL" and value.endswith("Z"):
            end = datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).astimezone(zone)
            part = f"UNTIL={end:%Y%m%dT%H%M%S}"
        parts.append(part)
    return ";".join(parts)


def _listed(event: Any, name: str) -> list[Any]:
    found = event.get(name, [])
    return found if isinstance(found, list) else [found]


def _moment(value: date, zone: ZoneInfo) -> datetime:
    """A moment in UTC; days and times without a zone are the organisation's."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, datetime.min.time())
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
