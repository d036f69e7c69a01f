"""What is done to appointments: time taken and given back, statuses, moves; and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from appointments import recurring, services
from appointments.models import Appointment, Occupied
from appointments.services import Asked, NotFree
from appointments.tests import make
from contacts.models import Contact
from contacts.tests import make as contacts
from triggers.context import act_as
from triggers.models import Event
from triggers.tracking import SilentDoor

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_an_appointment_takes_its_time_with_the_buffers() -> None:
    made = make.booked(make.calendar(buffer_before=10, buffer_after=5, step=5))

    taken = Occupied.objects.order_by("at").values_list("at", flat=True)
    assert (taken[0], len(taken)) == (make.TUESDAY - timedelta(minutes=10), 9)
    assert (made.end_at, str(made.user), made.title) == (make.TUESDAY + HOUR / 2, "ana", "First talk: Mia")


def test_within_the_buffers_nothing_else_can_be_booked() -> None:
    calendar = make.calendar(buffer_after=15, step=15)
    make.booked(calendar)

    for minutes in (-30, -15, 0, 15, 30):
        with pytest.raises(NotFree):
            make.booked(calendar, make.TUESDAY + timedelta(minutes=minutes))

    assert make.booked(calendar, make.TUESDAY + timedelta(minutes=45)).pk


@pytest.mark.parametrize(("start", "told"), [
    (make.NOW - HOUR, "past"), (make.TUESDAY + timedelta(hours=12), "opening hours"),
    (make.TUESDAY + timedelta(minutes=7), "opening hours"), (make.NOW + timedelta(days=800), "too far ahead"),
    (make.NOW + 9000 * timedelta(days=1), "five years"), (datetime(2026, 3, 3, 9), "time zone"),
])  # fmt: skip
def test_a_time_that_cannot_be_is_refused_at_its_field(start: datetime, told: str) -> None:
    calendar = make.calendar()

    with pytest.raises(ValidationError) as refused:
        make.booked(calendar, start, source="api")

    assert told in " ".join(refused.value.message_dict["start"])
    assert not Appointment.objects.exists()


def test_too_soon_is_refused_for_others_than_staff() -> None:
    calendar = make.calendar(notice_hours=48)

    with pytest.raises(NotFree, match="48 hours ahead"):
        make.booked(calendar, source="api")

    assert make.booked(calendar, source="staff").pk


def test_staff_may_override_hours_but_book_nobody_twice() -> None:
    calendar, evening = make.calendar(), make.TUESDAY + timedelta(hours=11)

    make.booked(calendar, evening, override=True)

    with pytest.raises(NotFree, match="just been taken"):
        make.booked(calendar, evening, override=True)


def test_a_member_of_two_calendars_is_booked_once() -> None:
    ana = contacts.user("ana")
    first, second = make.calendar("First", ana), make.calendar("Second", ana)
    make.booked(first)

    with pytest.raises(NotFree):
        make.booked(second)


def test_members_take_turns_and_all_of_a_collective_attend() -> None:
    ana, bea = contacts.user("ana"), contacts.user("bea")
    turns, together = make.calendar("Turns", ana, bea), make.calendar("Both", ana, bea, kind="collective")

    kept_by = [make.booked(turns, make.TUESDAY + n * HOUR).user for n in range(3)]
    shared = make.booked(together, make.TUESDAY + 4 * HOUR)

    assert kept_by == [ana, bea, ana]
    assert set(shared.hosts.all()) == {ana, bea}
    with pytest.raises(NotFree):
        make.booked(together, make.TUESDAY)


def test_a_chosen_member_keeps_it_or_nobody_does() -> None:
    ana, bea = contacts.user("ana"), contacts.user("bea")
    calendar = make.calendar("Turns", ana, bea)
    make.booked(calendar, user=ana)

    with pytest.raises(NotFree, match="ana has no time then"):
        make.booked(calendar, user=ana)
    with pytest.raises(ValidationError, match="no member"):
        make.booked(calendar, user=contacts.user("eve"))


def test_what_is_cancelled_is_free_again_and_cancelling_twice_changes_nothing() -> None:
    calendar = make.calendar()
    made = make.booked(calendar)

    news = [services.cancel(made, make.NOW), services.cancel(made, make.NOW)]

    assert news == [True, False]
    assert [each["status"] for each in make.told()] == ["confirmed", "cancelled"]
    again = make.booked(calendar)
    with pytest.raises(NotFree):
        services.set_status(made, "confirmed", make.NOW)
    services.cancel(again, make.NOW)
    assert services.set_status(made, "confirmed", make.NOW)
    assert Occupied.objects.filter(appointment=made).count() == 6


def test_a_moved_appointment_has_its_new_time_alone_and_tells_of_both() -> None:
    calendar = make.calendar()
    made = make.booked(calendar)

    assert services.move(made, make.TUESDAY + HOUR / 2, make.NOW)
    assert services.move(made, make.TUESDAY + HOUR, make.NOW)

    assert not services.move(made, make.TUESDAY + HOUR, make.NOW)
    assert make.booked(calendar).pk
    told = make.told()[2]
    assert (told["status"], told["old_status"]) == ("rescheduled", "rescheduled")
    assert (told["old_start_at"], told["start_at"]) == ("2026-03-03T08:30:00Z", "2026-03-03T09:00:00Z")
    assert Occupied.objects.filter(appointment=made).count() == 6
    made.refresh_from_db()
    assert made.sequence == 2


def test_a_move_that_is_refused_leaves_everything_as_it_was() -> None:
    calendar = make.calendar()
    made, _other = make.booked(calendar), make.booked(calendar, make.TUESDAY + HOUR)

    with pytest.raises(NotFree):
        services.move(made, make.TUESDAY + HOUR, make.NOW)
    services.cancel(made, make.NOW)
    with pytest.raises(ValidationError, match="called off"):
        services.move(made, make.TUESDAY + 2 * HOUR, make.NOW)

    made.refresh_from_db()
    assert (made.start_at, made.status) == (make.TUESDAY, "cancelled")


def test_bulk_writes_cannot_part_an_appointment_from_its_time() -> None:
    make.booked(make.calendar())

    with pytest.raises(SilentDoor):
        Appointment.objects.update(status="cancelled")
    with pytest.raises(SilentDoor):
        Appointment.objects.bulk_update(Appointment.objects.all(), ["start_at"])


def test_a_series_keeps_its_time_of_day_and_is_booked_whole_or_not_at_all() -> None:
    calendar, contact = make.calendar(), contacts.contact()
    asked = Asked(calendar, contact, datetime(2026, 3, 23, 8, tzinfo=UTC))

    made = recurring.book(asked, recurring.Repeat("week", 3), make.NOW)

    # The clocks go forward on 29 March: nine in Berlin is another moment from then on.
    assert [each.start_at.hour for each in made] == [8, 7, 7]
    assert len({each.series for each in made}) == 1
    assert [each["is_recurring"] for each in make.told()] == [True] * 3
    assert not Event.objects.filter(type="appointment.customer_booked").exists()
    with pytest.raises(ValidationError, match=r"30 March 2026: .* Nothing was booked"):
        recurring.book(Asked(calendar, contact, datetime(2026, 3, 16, 8, tzinfo=UTC)), recurring.Repeat("two_weeks", 2),
                       make.NOW)  # fmt: skip
    assert Appointment.objects.count() == 3


def test_a_series_that_falls_into_the_hour_the_clocks_leave_out_says_so() -> None:
    calendar = make.calendar()
    make.open_on(calendar, 7, since="01:00", until="04:00")
    asked = Asked(calendar, contacts.contact(), datetime(2026, 3, 22, 1, 30, tzinfo=UTC))

    with pytest.raises(ValidationError, match=r"There is no 02:30 on 29 March 2026"):
        recurring.book(asked, recurring.Repeat("week", 2), make.NOW)

    assert not Appointment.objects.exists()


@pytest.mark.parametrize(("who", "by"), [
    ({"actor": "user"}, ("user", "ana")), ({"actor": "api", "actor_id": "ERP/abc"}, ("api", None)),
    ({"actor": "workflow", "actor_id": "7"}, ("workflow", None)), ({"actor": "clock"}, ("system", None)),
])  # fmt: skip
def test_it_is_told_who_changed_it(who: dict[str, str], by: tuple[str, str | None]) -> None:
    calendar = make.calendar()
    user = {"actor_id": str(calendar.members.get().user_id)} if who["actor"] == "user" else {}

    with act_as(**{**who, **user}):
        make.booked(calendar)

    assert (make.told()[0]["modified_by"], make.told()[0]["modified_by_user"]) == by


def test_deleting_a_contact_gives_its_time_back() -> None:
    calendar = make.calendar()
    make.booked(calendar)

    Contact.objects.get().delete()

    assert make.booked(calendar).pk
