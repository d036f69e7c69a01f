"""Sign-ins that a learning system outside tells of: each once, in any order, and kept no longer than they can be told again."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from contacts.dedupe import merging
from contacts.tests import make as contacts
from courses import reporting
from courses.models import LoginOutside, Member
from courses.tests import make
from triggers import sweeping
from triggers.tests.make import last_event

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


def test_a_sign_in_without_a_number_counts_once_by_its_moment() -> None:
    anna, ben = contacts.contact(), contacts.contact(email="ben@example.org")

    for who in (anna, anna, ben):
        reporting.record_login(who, "", NOW - timedelta(hours=1), NOW)

    assert dict(Member.objects.values_list("contact", "logins")) == {anna.pk: 1, ben.pk: 1}


def test_a_sign_in_without_number_and_moment_counts_each_time() -> None:
    anna = contacts.contact()

    for _time in range(2):
        reporting.record_login(anna, "", None, NOW)

    assert (Member.objects.get().logins, Member.objects.get().last_login_at) == (2, NOW)
    assert not LoginOutside.objects.exists()


def test_one_that_is_told_late_counts_and_the_latest_stays() -> None:
    anna = contacts.contact()
    reporting.record_login(anna, "S-2", NOW, NOW)

    reporting.record_login(anna, "S-1", NOW - timedelta(days=40), NOW)

    assert Member.objects.get().last_login_at == NOW
    told = last_event("course.user_login").data
    assert (told["logins"], told["is_first"], told["days_away"]) == (2, False, None)


def test_a_clock_that_is_a_little_ahead_is_taken_for_now() -> None:
    assert reporting.record_login(contacts.contact(), "S-1", NOW + timedelta(minutes=4), NOW).last_login_at == NOW


@pytest.mark.parametrize("at", [NOW + timedelta(minutes=6), NOW - timedelta(days=90, seconds=1)])
def test_what_is_to_come_or_long_past_is_refused(at: datetime) -> None:
    with pytest.raises(ValidationError) as refused:
        reporting.record_login(contacts.contact(), "S-1", at, NOW)

    assert list(refused.value.message_dict) == ["occurred_at"]
    assert not Member.objects.exists()
    assert make.types() == []


def test_numbers_go_when_they_cannot_be_told_again_and_sign_ins_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "CHUNK", 1)
    anna = contacts.contact()
    for number, days in (("S-1", 89), ("S-2", 88), ("S-3", 10)):
        reporting.record_login(anna, number, NOW - timedelta(days=days), NOW)

    purged = sweeping.purge(NOW + timedelta(days=3))

    assert purged["sign-ins outside"] == 2
    assert [row.number for row in LoginOutside.objects.all()] == ["S-3"]
    assert Member.objects.get().logins == 3


def test_a_number_is_known_after_contacts_were_merged() -> None:
    anna, other = contacts.contact(), contacts.contact(email="other@example.org")
    reporting.record_login(other, "S-1", NOW, NOW)

    merging.merge(anna.pk, other.pk)
    anna.refresh_from_db()

    assert reporting.record_login(anna, "S-1", NOW, NOW).logins == 1


def test_a_moment_without_an_offset_is_one_of_the_zone() -> None:
    zone = ZoneInfo("Europe/Berlin")

    assert reporting.moment_in(" 2026-03-04T10:00:00 ", zone) == NOW - timedelta(hours=1)
    assert reporting.moment_in("2026-03-04T10:00:00Z", zone) == NOW
    assert reporting.moment_in("", zone) is None
