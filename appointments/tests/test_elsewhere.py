"""Calendars elsewhere: asked when due, by the safe client, and kept as spans that cannot be booked."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from appointments import elsewhere
from appointments.models import BusyFeed, BusyTime
from appointments.tests import make
from contacts.tests import make as contacts
from triggers import sweeping

pytestmark = pytest.mark.django_db
BERLIN = "TZID=Europe/Berlin"


@pytest.fixture(autouse=True)
def _loopback(settings: Any) -> None:
    settings.OUTGOING_ALLOW_HTTP = settings.OUTGOING_ALLOW_LOOPBACK = True


def ics(*events: str) -> str:
    body = "".join(f"BEGIN:VEVENT\r\nUID:{n}\r\n{each}\r\nEND:VEVENT\r\n" for n, each in enumerate(events))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}END:VCALENDAR\r\n".replace("\n\n", "\n")


def lines(*given: str) -> str:
    return "\r\n".join(given)


def feed(url: str) -> BusyFeed:
    return BusyFeed.objects.create(user=contacts.user("ana"), name="Home", url=url, due_at=make.NOW)


def spans() -> list[str]:
    return [f"{each.start_at:%m-%d %H:%M}-{each.end_at:%H:%M}" for each in BusyTime.objects.order_by("start_at")]


@pytest.mark.parametrize(("events", "found"), [
    ([lines("DTSTART:20260303T080000Z", "DTEND:20260303T090000Z")], ["03-03 08:00-09:00"]),
    ([lines(f"DTSTART;{BERLIN}:20260303T090000", "DURATION:PT45M")], ["03-03 08:00-08:45"]),
    ([lines("DTSTART;VALUE=DATE:20260304")], ["03-04 00:00-00:00"]),
    ([lines("DTSTART:20260303T080000Z", "DTEND:20260303T090000Z", "TRANSP:TRANSPARENT")], []),
    ([lines("DTSTART:20260303T080000Z", "DTEND:20260303T090000Z", "STATUS:CANCELLED")], []),
    ([lines("DTSTART:20260103T080000Z", "DTEND:20260103T090000Z")], []),
    ([lines(f"DTSTART;{BERLIN}:20260325T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;UNTIL=20260409T000000Z",
            f"EXDATE;{BERLIN}:20260325T090000")], ["04-01 07:00-08:00", "04-08 07:00-08:00"]),
    ([lines("DTSTART:20200101T080000Z", "DURATION:PT1H", "RRULE:FREQ=YEARLY;COUNT=8")], ["01-01 08:00-09:00"]),
])  # fmt: skip
def test_what_a_calendar_tells(httpserver: HTTPServer, events: list[str], found: list[str]) -> None:
    httpserver.expect_request("/me.ics").respond_with_data(ics(*events), content_type="text/calendar")
    feed(httpserver.url_for("/me.ics"))

    sweeping.drain(make.NOW)

    assert spans() == found
    assert BusyFeed.objects.get().error == ""


def test_one_day_of_a_series_that_was_moved_takes_its_place(httpserver: HTTPServer) -> None:
    series = lines("DTSTART:20260303T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2")
    moved = lines("RECURRENCE-ID:20260304T080000Z", "DTSTART:20260304T120000Z", "DURATION:PT1H")
    text = ics(series, moved).replace("UID:1", "UID:0")
    httpserver.expect_request("/me.ics").respond_with_data(text)

    elsewhere.read(feed(httpserver.url_for("/me.ics")), make.NOW)

    assert spans() == ["03-03 08:00-09:00", "03-04 12:00-13:00"]


def test_what_is_known_already_is_not_sent_again(httpserver: HTTPServer) -> None:
    def answer(request: Request) -> Response:
        known = request.headers.get("If-None-Match") == '"1"'
        body = ics(lines("DTSTART:20260303T080000Z", "DURATION:PT1H"))
        return Response(status=304) if known else Response(body, headers={"ETag": '"1"'})

    httpserver.expect_request("/me.ics").respond_with_handler(answer)
    one = feed(httpserver.url_for("/me.ics"))

    for minutes in (0, 15):
        elsewhere.read(one, make.NOW + timedelta(minutes=minutes))

    assert spans() == ["03-03 08:00-09:00"]
    assert (one.failures, one.due_at) == (0, make.NOW + timedelta(minutes=30))


@pytest.mark.parametrize(("body", "status", "why"), [
    ("<html>", 200, "no calendar"), (ics("DTSTART:soon"), 200, "no calendar"), ("", 404, "404"),
    (ics(lines("DTSTART:20260303T080000Z", "DURATION:PT1H", "RRULE:FREQ=NEVER")), 200, "no calendar"),
    ("x" * (4 * 1024 * 1024 + 1), 200, "larger than 4 MB"),
], ids=["html", "start", "gone", "rule", "large"])  # fmt: skip
def test_trouble_is_told_and_what_was_known_goes_on_counting(
    httpserver: HTTPServer, body: str, status: int, why: str
) -> None:
    httpserver.expect_request("/me.ics").respond_with_data(body, status=status)
    one = feed(httpserver.url_for("/me.ics"))
    moment = datetime(2026, 3, 3, 8, tzinfo=UTC)
    BusyTime.objects.create(feed=one, user=one.user, start_at=moment, end_at=moment + timedelta(hours=1))

    sweeping.drain(make.NOW)

    one.refresh_from_db()
    assert why in one.error
    assert one.due_at == make.NOW + timedelta(minutes=30)
    assert spans() == ["03-03 08:00-09:00"]


def test_an_address_within_the_house_is_not_asked(settings: Any) -> None:
    settings.OUTGOING_ALLOW_LOOPBACK = False
    one = feed("http://127.0.0.1:80/me.ics")

    elsewhere.read(one, make.NOW)

    assert one.failures == 1
