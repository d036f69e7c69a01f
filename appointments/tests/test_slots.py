"""When a calendar can be booked: hours, single days, holidays, members, time elsewhere, and the clocks going round."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from appointments import slots
from appointments.models import BusyFeed, BusyTime, Calendar, DayHours
from appointments.tests import make
from contacts.tests import make as contacts
from triggers.models import Organisation

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def clocks(calendar: Calendar, day: date, **given: object) -> list[str]:
    """The local times at which the calendar can be booked on a day."""
    since = datetime.combine(day, time(0), calendar.zone)
    found = slots.free(calendar, since, since + DAY, make.NOW, **given)
    return [f"{slot.start.astimezone(calendar.zone):%H:%M}" for slot in found]


def test_hours_of_a_day_take_the_place_of_the_weekly_ones_and_holidays_are_closed() -> None:
    calendar = make.calendar(minutes=60, step=120)
    Organisation.objects.create(holidays=["2026-03-05"])
    DayHours.objects.create(calendar=calendar, day=date(2026, 3, 4), starts=time(20), ends=time(0))
    DayHours.objects.create(calendar=calendar, day=date(2026, 3, 6))

    found = [clocks(calendar, date(2026, 3, day)) for day in range(3, 8)]

    assert found == [["09:00", "11:00", "13:00", "15:00"], ["20:00", "22:00"], [], [], []]


def test_a_member_with_hours_of_their_own_keeps_to_those() -> None:
    ana, bea = contacts.user("ana"), contacts.user("bea")
    calendar = make.calendar("Talk", ana, bea, minutes=60, step=60)
    make.open_on(calendar, 2, since="16:00", until="18:00", user=bea)

    [*_others, four, five] = slots.free(calendar, make.TUESDAY, make.TUESDAY + DAY, make.NOW)

    assert (four.users, five.users) == ((ana.pk, bea.pk), (bea.pk,))


def test_whoever_has_left_keeps_no_appointments() -> None:
    calendar = make.calendar("Talk", contacts.user("ana", is_active=False))

    assert clocks(calendar, date(2026, 3, 3)) == []


def test_time_elsewhere_is_no_free_time() -> None:
    calendar = make.calendar(minutes=60, step=60)
    user = calendar.members.get().user
    feed = BusyFeed.objects.create(user=user, name="Home", url="https://calendar.example.com/a.ics")
    BusyTime.objects.create(
        feed=feed, user=user, start_at=make.TUESDAY + timedelta(minutes=90), end_at=make.TUESDAY + timedelta(hours=6)
    )

    assert clocks(calendar, date(2026, 3, 3)) == ["09:00", "15:00", "16:00"]


def test_in_the_hour_that_the_clocks_leave_out_there_are_no_times() -> None:
    calendar = make.calendar(minutes=30, step=30)
    make.open_on(calendar, 7, since="01:00", until="04:00")

    assert clocks(calendar, date(2026, 3, 29)) == ["01:00", "01:30", "03:00", "03:30"]


def test_the_hour_that_comes_twice_can_be_booked_twice() -> None:
    calendar = make.calendar(minutes=60, step=60)
    make.open_on(calendar, 7, since="01:00", until="04:00")

    assert clocks(calendar, date(2026, 10, 25)) == ["01:00", "02:00", "02:00", "03:00"]
    first = make.booked(calendar, datetime(2026, 10, 25, 0, tzinfo=UTC))
    second = make.booked(calendar, datetime(2026, 10, 25, 1, tzinfo=UTC))
    assert first.end_at == second.start_at


def test_notice_and_horizon_bound_what_is_offered() -> None:
    calendar = make.calendar(minutes=60, step=60, notice_hours=26, horizon_days=2)

    assert clocks(calendar, date(2026, 3, 3)) == ["10:00", "11:00", "12:00", "13:00", "14:00", "15:00", "16:00"]
    assert clocks(calendar, date(2026, 3, 4)) == []
    assert clocks(calendar, date(2026, 3, 4), anyhow=True)[0] == "09:00"


def test_the_number_of_queries_does_not_grow_with_members(django_assert_num_queries) -> None:
    calendar = make.calendar("Talk", *(contacts.user(f"u{n}") for n in range(6)))

    with django_assert_num_queries(11):
        slots.free(calendar, make.TUESDAY, make.TUESDAY + 7 * DAY, make.NOW)
