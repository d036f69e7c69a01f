"""Many book one time at once: the constraint lets one of them have it, on every database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from appointments.models import Appointment, Occupied
from appointments.tests import make
from contacts.models import Contact
from contacts.tests import make as contacts
from triggers.models import Event

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
AT_ONCE = 50


def everybody_books(key: str, at: str, at_once: int = AT_ONCE) -> list[int]:
    """The answers' status codes of all who book at once."""

    def one(number: int) -> int:
        data = {"at": at, "name": f"Guest {number}", "email": f"g{number}@example.org"}
        try:
            client = Client(raise_request_exception=False)
            return int(client.post(f"/book/{key}/", data, REMOTE_ADDR=f"10.0.0.{number}").status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(one, range(at_once)))


def once(rounds: int) -> None:
    calendar, at = make.calendar(buffer_after=15, step=60), make.coming()
    for number in range(rounds):
        # Ten a minute from one address is another test's.
        cache.clear()
        start = at + timedelta(days=7 * number)
        found = everybody_books(calendar.key, start.isoformat())

        # 503 is SQLite's one writer being busy for longer than anybody waits.
        assert set(found) <= {302, 409, 503}
        assert found.count(302) == 1
        made = Appointment.objects.get(start_at=start)
        assert Contact.objects.filter(appointments__start_at=start).count() == 1
        assert Occupied.objects.filter(appointment=made).count() == 9
    # Nobody who was too late was stored; somebody may have had the time more than once.
    assert Contact.objects.count() == Appointment.objects.values("contact").distinct().count()
    assert Event.objects.filter(type="appointment.customer_booked").count() == rounds


def test_fifty_who_want_one_time_are_one_booking() -> None:
    once(1)


@pytest.mark.nightly
def test_fifty_who_want_one_time_are_one_booking_a_hundred_times() -> None:
    once(100)


def test_two_members_are_two_bookings() -> None:
    make.calendar("Talk", contacts.user("ana"), contacts.user("bea"))

    found = everybody_books("talk", make.coming().isoformat(), 8)

    assert found.count(302) == 2
    assert set(Appointment.objects.values_list("user__username", flat=True)) == {"ana", "bea"}
