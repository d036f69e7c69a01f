"""T32: nobody is written to in their quiet hours, in any zone and on any day; what was held goes soon after them.

Through the engine, with the clock moved; judged by the plain reading of each recipient's clock.
"""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest

from contacts.models import Contact
from conversations.models import Message
from triggers.models import Organisation, Run
from triggers.sweeping import drain
from triggers.tests import make

pytestmark = pytest.mark.django_db
QUIET = (time(21), time(8))
MINUTE, QUARTER = timedelta(minutes=1), timedelta(minutes=15)
ZONES = sorted(available_timezones())
HOME = "Europe/Berlin"
UNKNOWN = ("", "Nowhere/Atlantis")


@pytest.fixture(autouse=True)
def _quiet(settings: Any) -> None:
    settings.EMAIL_BACKEND = "conversations.mailbox.MailboxBackend"
    Organisation.objects.create(time_zone=HOME, quiet_from=QUIET[0], quiet_to=QUIET[1])


def reads_quiet(moment: datetime, zone: str) -> bool:
    clock = moment.astimezone(ZoneInfo(zone)).time()
    return clock >= QUIET[0] or clock < QUIET[1]


def opened(moment: datetime, zone: str) -> datetime:
    """The last instant at or before `moment`, to the minute, at which the quiet hours had just ended."""
    while not reads_quiet(moment - MINUTE, zone):
        moment -= MINUTE
    return moment


@dataclass
class Day:
    """A letter to one person in each zone, one in eight of them every three hours; by contact."""

    zone: dict[int, str]
    asked: dict[int, datetime]
    now: datetime


def write_to(zones: list[str], start: datetime) -> Day:
    make.workflow(make.action("m", "email.send", subject="Offer", text="Hello"))
    Contact.objects.bulk_create(
        [Contact(first_name=f"P{n}", email=f"p{n}@example.org", time_zone=zone) for n, zone in enumerate(zones)]
    )
    people = list(Contact.objects.order_by("pk"))
    known = {who.pk: who.time_zone if who.time_zone in ZONES else HOME for who in people}
    day = Day(known, {}, start)
    for hour in range(0, 24, 3):
        let_go(day, start + timedelta(hours=hour))
        for who in people[hour // 3 :: 8]:
            make.tag(who)
            day.asked[who.pk] = day.now
        drain(day.now)
    return day


def let_go(day: Day, until: datetime) -> None:
    """Moves the clock to each moment at which something is due."""
    while due := Run.objects.filter(status__in=Run.QUEUED, due_at__lte=until).order_by("due_at").first():
        day.now = max(day.now, due.due_at)
        drain(day.now)
    day.now = until


def judge(day: Day) -> Counter[str]:
    """Each letter went out once, in no quiet hour; what was held within a quarter of an hour after it."""
    seen: Counter[str] = Counter()
    opens: defaultdict[datetime, set[datetime]] = defaultdict(set)
    messages = list(Message.objects.filter(status="sent"))
    assert sorted(message.contact_id for message in messages) == sorted(day.zone)
    for message in messages:
        zone, asked = day.zone[message.contact_id], day.asked[message.contact_id]
        assert not reads_quiet(message.sent_at, zone), (zone, message.sent_at)
        assert (message.sent_at > asked) == reads_quiet(asked, zone), (zone, asked, message.sent_at)
        seen["held" if message.sent_at > asked else "at once"] += 1
        if message.sent_at > asked:
            opening = opened(message.sent_at, zone)
            assert message.sent_at - opening <= QUARTER, (zone, message.sent_at)
            opens[opening].add(message.sent_at)
    # Spread: what was held for one opening does not leave at one moment.
    assert len({moment for each in opens.values() for moment in each}) > seen["held"] / 2
    return seen


@pytest.mark.parametrize("zones", [16, pytest.param(len(ZONES), marks=pytest.mark.nightly)])
@pytest.mark.parametrize("day", ["2027-03-27", "2027-03-28", "2027-10-31", "2027-11-07", "2027-04-04"])
def test_no_letter_leaves_in_a_quiet_hour_on_the_days_clocks_change(zones: int, day: str) -> None:
    chance = random.Random(day)
    asked = ZONES if zones == len(ZONES) else chance.sample(ZONES, zones)
    start = datetime.fromisoformat(day).replace(tzinfo=UTC)

    told = write_to([*asked, *UNKNOWN], start)
    let_go(told, start + timedelta(days=3))

    seen = judge(told)
    print(f"{day}: {dict(seen)}")
    assert min(seen["held"], seen["at once"]) > zones / 5


@pytest.mark.parametrize("count", [40, pytest.param(1000, marks=pytest.mark.nightly)])
def test_who_moves_while_their_letter_waits_is_asked_by_the_new_clock(count: int) -> None:
    chance = random.Random(32)
    start = datetime(2027, 3, 27, 22, tzinfo=UTC)
    day = write_to([chance.choice(ZONES) for _n in range(count)], start)
    waiting = set(Run.objects.filter(status__in=Run.QUEUED).values_list("contact_id", flat=True))
    for pk in waiting:
        day.zone[pk] = chance.choice(ZONES)
        Contact.objects.filter(pk=pk).update(time_zone=day.zone[pk])

    let_go(day, start + timedelta(days=4))

    assert len(waiting) >= count / 10
    sent = {message.contact_id: message.sent_at for message in Message.objects.filter(status="sent")}
    assert sent.keys() == day.zone.keys()
    moved = {pk: at for pk, at in sent.items() if pk in waiting}
    assert [(day.zone[pk], at) for pk, at in moved.items() if reads_quiet(at, day.zone[pk])] == []


def test_the_oracle_knows_when_quiet_hours_end() -> None:
    """On the day the clocks change at two, eight o'clock comes once, and is no quiet hour."""
    for first, second in pairwise(("2027-03-28 05:59", "2027-03-28 06:00")):
        assert reads_quiet(datetime.fromisoformat(first).replace(tzinfo=UTC), HOME)
        assert opened(datetime.fromisoformat(second).replace(tzinfo=UTC) + QUARTER, HOME).hour == 6
