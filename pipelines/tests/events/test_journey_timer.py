"""journey.timer: so long after something of the journey, or before and after a date."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pydantic import ValidationError

from contacts import services
from contacts.models import Contact
from pipelines.maps import timers, verbs
from pipelines.maps.moment import standing_at
from pipelines.maps.timing import TimerOptions, working
from pipelines.models import Journey, JourneyTimer, Step
from pipelines.tests.maps import make
from triggers import scanning, sweeping
from triggers.models import Run, Workflow

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TYPE = "journey.timer"


def fired(flow: Workflow) -> int:
    return Run.objects.filter(workflow=flow).count()


def scan(moment: datetime) -> None:
    scanning.scan(TYPE, moment)
    sweeping.drain(moment, outside=False)


def timed(**config: Any) -> Workflow:
    return make.attached(TYPE, **config)


def test_it_fires_once_so_long_after_its_anchor() -> None:
    flow = timed(anchor="track.opened", delay=2, unit="hours")
    journey = make.assigned("T1 std a!")

    scan(journey.opened_at + timedelta(hours=1, minutes=59))
    before = fired(flow)
    scan(journey.opened_at + timedelta(hours=2))
    scan(journey.opened_at + timedelta(hours=3))

    assert (before, fired(flow)) == (0, 1)
    assert make.last_run(flow).event.data["number"] == 1


def test_rows_are_written_for_what_is_asked_only() -> None:
    make.a_map("X std b!", name="Other")
    timed(anchor="step.closed", step=make.step("X.b").pk)
    journey = make.assigned("T1 std a!", "T2 std b!")
    timed(anchor="track.opened", delay=3)

    verbs.complete(journey.contact_id, make.step("T1.a"))

    assert [timer.due_at - timer.anchored_at for timer in JourneyTimer.objects.all()] == [3 * DAY]


def test_it_is_not_retroactive() -> None:
    journey = make.assigned("T1 std a!")
    flow = timed(anchor="map.opened", delay=1)

    scan(journey.opened_at + DAY + timedelta(hours=1))

    assert fired(flow) == 0


@pytest.mark.parametrize("end", ["closed", "left"])
def test_nothing_fires_for_a_journey_that_is_over(end: str) -> None:
    flow = timed(anchor="map.opened", delay=1)
    journey = make.assigned("T1 std a!")
    other = make.a_map("X std b!", name="Other")
    later = journey.opened_at + timedelta(hours=20)
    with standing_at(later):
        verbs.close(journey.contact_id, "lost") if end == "closed" else verbs.assign(journey.contact_id, other)

    scan(journey.opened_at + DAY + timedelta(minutes=1))

    assert fired(flow) == 0


def test_conditions_are_judged_when_it_is_due() -> None:
    flow = make.attached(TYPE, anchor="map.opened", delay=1)
    flow.draft["triggers"][0]["conditions"] = {"field": "contact.city", "op": "is", "value": "Berlin"}
    from triggers import services as flows

    flows.publish(flow)
    here, there = make.assigned("T1 std a!"), make.lead(email="b@example.org")
    verbs.assign(there.pk, here.map)
    services.update(Contact.objects.get(pk=here.contact_id), {"city": "Berlin"})

    scan(timezone.now() + DAY)

    assert list(Run.objects.filter(workflow=flow).values_list("contact_id", flat=True)) == [here.contact_id]


def test_before_a_date_of_the_contact_and_anew_when_the_date_changes() -> None:
    flow = timed(anchor="field", field="birth_date", when="before", delay=2)
    person = make.lead(birth_date=datetime(2030, 5, 20).date())
    made = make.a_map("T1 std a!")

    verbs.assign(person.pk, made)
    first = JourneyTimer.objects.get().due_at
    services.update(person, {"birth_date": "2030-05-25"})

    zone = ZoneInfo("UTC")
    assert first.astimezone(zone).date().isoformat() == "2030-05-18"
    assert JourneyTimer.objects.get().due_at - first == 5 * DAY
    assert fired(flow) == 0


def test_a_reply_counts_anew_from_the_last_contact() -> None:
    from conversations.events.message_customer_replied import MessageCustomerReplied
    from triggers import outbox
    from triggers.explaining import examples

    timed(anchor="last_contact", delay=3)
    journey = make.assigned("T1 std a!")
    data = examples.payload(MessageCustomerReplied, contact_id=journey.contact_id)
    now = timezone.now()

    outbox.emit(MessageCustomerReplied.model_validate(data))
    sweeping.drain(now)

    assert JourneyTimer.objects.get().due_at == now + 3 * DAY


def test_mail_that_was_sent_and_calls_that_reached_the_lead_are_contact_and_reminders_are_not() -> None:
    mail = make.action("m", "email.send", subject="Hello", text="Hi", category="transactional")
    timed(anchor="last_contact", delay=3)
    make.attached("map.opened", mail)
    made = make.a_map("T1 std talk! b!")
    Step.objects.filter(name="talk").update(control="call")
    person = make.lead()
    verbs.assign(person.pk, made)
    now = timezone.now()

    sweeping.drain(now)
    sent = JourneyTimer.objects.get()
    assert abs(sent.anchored_at - now) < timedelta(minutes=5)
    verbs.complete(person.pk, make.step("T1.b"), now=now + DAY)
    assert JourneyTimer.objects.get().anchored_at == sent.anchored_at
    verbs.complete(person.pk, make.step("T1.talk"), "They want oak", now=now + DAY)
    assert JourneyTimer.objects.get().due_at == now + 4 * DAY


def test_a_reminder_does_not_put_off_the_next() -> None:
    mail = make.action("m", "email.send", subject="Hello", text="Hi", category="transactional")
    timed(anchor="last_contact", delay=3, times=2, every=3)
    make.attached(TYPE, mail, anchor="map.opened", delay=1)
    journey = make.assigned("T1 std a!")
    timers.in_touch({journey.contact_id}, journey.opened_at)
    due = [timer.due_at for timer in JourneyTimer.objects.order_by("due_at")]

    scanning.scan(TYPE, journey.opened_at + DAY)
    sweeping.drain(journey.opened_at + DAY)

    assert Run.objects.get().status == "done"
    assert [timer.due_at for timer in JourneyTimer.objects.order_by("due_at")] == due


def test_a_lead_that_becomes_complete_by_a_bulk_update_is_looked_at_again() -> None:
    flow = timed(anchor="map.opened", delay=1)
    journey = make.assigned("T1 std a!", phone="")
    scan(journey.opened_at + 2 * DAY)
    waiting = fired(flow)

    with standing_at(journey.opened_at + 3 * DAY):
        Contact.objects.filter(pk=journey.contact_id).update(phone="+4930901820")
    scan(journey.opened_at + 3 * DAY)

    assert (waiting, fired(flow)) == (0, 1)


def test_one_query_finds_what_is_due_however_many_journeys(django_assert_num_queries: Any) -> None:
    options = TimerOptions(anchor="map.opened", delay=1)
    journey = make.assigned("T1 std a!")
    from pipelines.maps import timers

    people = Contact.objects.bulk_create([Contact(first_name="n", email=f"n{n}@x.org", phone="1") for n in range(50)])
    journeys = Journey.objects.bulk_create([Journey(contact=person, map=journey.map) for person in people])
    now = timezone.now()
    JourneyTimer.objects.bulk_create(
        [JourneyTimer(journey=each, rule=options.rule(), anchored_at=now, due_at=now) for each in journeys]
    )

    with django_assert_num_queries(1):
        assert len(list(timers.due(options, now - DAY, now))) == 50


FRIDAY = datetime(2026, 3, 6, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        (FRIDAY, timedelta(hours=2), "2026-03-06T17:00"),
        (FRIDAY, timedelta(hours=10), "2026-03-09T01:00"),
        (FRIDAY, timedelta(days=1), "2026-03-09T15:00"),
        (FRIDAY, timedelta(days=4), "2026-03-13T15:00"),
        (FRIDAY + DAY, timedelta(hours=1), "2026-03-09T01:00"),
        (FRIDAY, timedelta(days=-5), "2026-02-27T15:00"),
        (FRIDAY + 3 * DAY, timedelta(hours=-16), "2026-03-06T23:00"),
    ],
)
def test_business_time_leaves_out_weekends_and_holidays(start: datetime, span: timedelta, end: str) -> None:
    holidays = {"2026-03-11"}

    assert working(start, span, holidays, ZoneInfo("UTC")).isoformat()[:16] == end


@pytest.mark.parametrize(
    "config",
    [
        {"anchor": "map.opened", "when": "before"},
        {"anchor": "field"},
        {"times": 2},
        {"delay": -1},
        {"unless": [{"event": "map.lost"}]},
    ],
)
def test_options_that_make_no_sense_are_refused(config: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TimerOptions.model_validate(config)


def test_the_same_options_have_the_same_rule() -> None:
    assert TimerOptions(delay=2).rule() == TimerOptions(delay=2).rule() != TimerOptions(delay=3).rule()
