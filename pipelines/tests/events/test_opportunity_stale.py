"""opportunity.stale: how long, by which clock, how often, and for whom."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from contacts.models import Task
from contacts.tests import make as contacts
from contacts.tests.events.narrowing import refused, starts
from pipelines import services
from pipelines.deals import activity
from pipelines.models import ActivityDue, Opportunity, Stage
from pipelines.tests import deal_make as make
from triggers import scanning, sweeping
from triggers.context import act_as
from triggers.models import Event, Workflow
from triggers.models.event import Lane
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db

STALE = "opportunity.stale"
# a deal comes in; the clock is read days later
CAME = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
LONG_AGO = CAME - timedelta(days=400)


def days(count: float) -> datetime:
    """So many days after the deal came."""
    return CAME + timedelta(days=count)


def watch(**config: Any) -> Workflow:
    """A workflow that waits for stale deals, live since long before."""
    trigger = {"uid": "t1", "event": STALE, "config": config, "conditions": None}
    flow = engine.workflow(engine.action("a1", "run.stop"), name="Stale", triggers=[trigger])
    Workflow.objects.update(enabled_at=LONG_AGO)
    return flow


def told(*moments: datetime) -> list[tuple[int, int, datetime]]:
    """Scans at these moments; which alert each event is, after how many days, and when."""
    for moment in moments:
        scanning.scan(STALE, moment)
    return [(e.data["nth_alert"], e.data["days_stale"], e.occurred_at) for e in contacts.events(STALE)]


def minutely(start: float, end: float) -> list[datetime]:
    """Moments of scans between two days, two minutes apart around each full day and every hour elsewhere."""
    return [days(start) + timedelta(hours=n) for n in range(int((end - start) * 24) + 1)]


def test_it_is_told_once_for_a_spell_when_the_days_are_over() -> None:
    deal = make.deal(created_at=CAME)
    flow = watch(days=10)

    assert told(days(9.99)) == []
    assert told(days(10), days(10.001), days(11), days(11.9)) == [(1, 10, days(10))]

    [event] = contacts.events(STALE)
    assert event.data["stage_entered_at"] == event.data["last_activity_at"] == "2026-03-04T12:00:00Z"
    assert (event.data["name"], event.data["stage_name"], event.data["value"]) == ("Island", "Enquiry", None)
    assert (event.actor, event.subject_type, event.subject_id, event.contact_id) == (
        "clock", "pipelines.opportunity", deal.pk, deal.contact_id,
    )  # fmt: skip
    assert (event.only_workflow, event.only_trigger) == (flow.pk, "t1")


def test_after_a_move_a_new_spell_begins() -> None:
    deal = make.deal(created_at=CAME)
    watch(days=10)

    told(days(10))
    services.move(deal, "Offer", now=days(12))

    assert told(days(21.9), days(22), days(22.1)) == [(1, 10, days(10)), (1, 10, days(22))]


def test_it_is_found_after_an_outage_and_by_two_beats_once() -> None:
    make.deal(created_at=CAME)
    watch(days=10)

    assert told(days(9.5), days(11.2), days(11.2)) == [(1, 10, days(10))]


def test_what_stood_still_long_before_is_not_told_when_it_is_switched_on() -> None:
    make.deal(created_at=CAME)
    watch(days=10)
    Workflow.objects.update(enabled_at=days(20))

    assert told(days(20.01), days(21)) == []


def test_again_every_so_many_days_until_it_is_enough() -> None:
    make.deal(created_at=CAME)
    watch(days=3, repeat_every=2, repeat_most=3)

    assert told(*minutely(0, 12)) == [(1, 3, days(3)), (2, 5, days(5)), (3, 7, days(7))]


@pytest.mark.parametrize("status", ["won", "lost", "abandoned"])
def test_a_closed_deal_is_never_stale(status: str) -> None:
    make.deal(created_at=CAME, status=status)
    watch(days=10)

    assert told(days(10)) == []


@pytest.mark.parametrize(("clock", "moment"), [("stage", 10), ("change", 14), ("activity", 14)])
def test_a_change_starts_the_other_clocks_anew(clock: str, moment: int) -> None:
    deal = make.deal(created_at=CAME)
    watch(days=10, clock=clock)
    services.update(deal, {"source": "Fair"}, now=days(4))

    assert told(*minutely(9, 15)) == [(1, 10, days(moment))]


@pytest.mark.parametrize(("clock", "moment"), [("stage", 10), ("change", 10), ("activity", 16)])
def test_what_happens_with_the_contact_starts_the_clock_of_activity(clock: str, moment: int) -> None:
    deal = make.deal(created_at=CAME)
    watch(days=10, clock=clock)
    contacts.note(deal.contact)
    Event.objects.filter(type="note.added").update(occurred_at=days(6))
    sweeping.drain(days(6))

    assert told(*minutely(9, 17)) == [(1, 10, days(moment))]
    deal.refresh_from_db()
    assert (deal.last_activity_at, deal.updated_at) == (days(6), CAME)
    assert not ActivityDue.objects.exists()


def test_what_a_workflow_does_and_what_is_no_activity_is_not_counted() -> None:
    deal = make.deal(created_at=CAME)
    with act_as(actor="workflow"):
        contacts.note(deal.contact)
        contacts.task(deal.contact)
    contacts.tag("VIP", deal.contact)
    contacts.note(contacts.contact(first_name="Without a deal"))

    sweeping.drain()

    deal.refresh_from_db()
    assert deal.last_activity_at == CAME


def test_activity_is_noted_where_there_is_an_open_deal_and_never_goes_back() -> None:
    deal = make.deal(created_at=days(20))
    other = make.deal(contacts.contact(first_name="Ben"), status="won")
    note = contacts.note(deal.contact)
    contacts.note(other.contact)
    events = contacts.events("note.added")

    activity.note(events, days(21))
    assert list(ActivityDue.objects.values_list("event_id", flat=True)) == [events[0].pk]
    Event.objects.filter(pk=events[0].pk).update(occurred_at=days(1))
    assert activity.work(Lane.FAST, days(21)) == 1

    deal.refresh_from_db()
    assert (deal.last_activity_at, note.pk) == (days(20), note.pk)


def test_each_stages_own_days() -> None:
    make.pipeline()
    Stage.objects.filter(name="Enquiry").update(rotting_days=5)
    Stage.objects.filter(name="Planning").update(rotting_days=8)
    for name in ("Enquiry", "Planning", "Offer"):
        make.deal(name=name, at=name, created_at=CAME)
    watch(by_stage=True, days=None)

    told(*minutely(4, 16))

    assert [(e.data["name"], e.data["days_stale"]) for e in contacts.events(STALE)] == [("Enquiry", 5), ("Planning", 8)]


def test_stages_without_days_of_their_own_take_the_triggers() -> None:
    make.pipeline()
    Stage.objects.filter(name="Enquiry").update(rotting_days=5)
    make.deal(at="Enquiry", created_at=CAME)
    make.deal(at="Offer", created_at=CAME)
    watch(by_stage=True, days=7, repeat_every=1, repeat_most=2)

    told(*minutely(4, 10))

    assert [(e.data["stage_name"], e.data["days_stale"]) for e in contacts.events(STALE)] == [
        ("Enquiry", 5), ("Enquiry", 6), ("Offer", 7), ("Offer", 8),
    ]  # fmt: skip


def test_not_while_the_contact_has_an_open_task_and_told_when_it_is_done() -> None:
    deal = make.deal(created_at=CAME)
    task = contacts.task(deal.contact)
    watch(days=10, not_while_tasks=True)

    assert told(*minutely(9, 13)) == []
    task.completed_at = days(13.25)
    task.save()

    assert told(*minutely(13, 16)) == [(1, 13, days(13.25))]


def test_a_task_that_is_deleted_or_given_away_holds_nothing_back_any_more() -> None:
    now = timezone.now()
    came = now - timedelta(days=13)
    deals = [make.deal(contacts.contact(first_name=name), name=name, created_at=came) for name in ("Ann", "Ben", "Cyd")]
    deleted, given, _kept = [contacts.task(deal.contact) for deal in deals]
    watch(days=10, not_while_tasks=True)
    assert told(now - timedelta(days=1)) == []

    Task.objects.filter(pk=deleted.pk).delete()
    given.contact = deals[2].contact
    given.save()

    told(now + timedelta(hours=1), now + timedelta(hours=2))
    assert sorted((e.data["name"], e.data["days_stale"]) for e in contacts.events(STALE)) == [("Ann", 13), ("Ben", 13)]


def test_told_before_a_task_it_is_not_told_again_after_it() -> None:
    deal = make.deal(created_at=CAME)
    watch(days=10, not_while_tasks=True)

    told(days(10))
    contacts.task(deal.contact, completed_at=days(12))

    assert told(*minutely(12, 13)) == [(1, 10, days(10))]


def test_only_the_deals_that_are_asked_for() -> None:
    make.pipeline("Windows", ("Visit",))
    for name in ("Enquiry", "Offer"):
        make.pipeline() if not Stage.objects.filter(name=name).exists() else None
        make.deal(name=name, at=name, created_at=CAME, value=100)
    make.deal(name="Visit", at="Visit", created_at=CAME, value=900)
    kitchens, offer = make.stage().pipeline_id, make.stage("Offer").pk
    watch(days=10, pipelines=[kitchens])
    watch(days=10, stages=[offer])

    told(days(10))

    assert sorted(e.data["name"] for e in contacts.events(STALE)) == ["Enquiry", "Offer", "Offer"]
    [one, *_others] = contacts.events(STALE)
    assert starts(one, days=10, value_min=50)
    assert not starts(one, days=10, value_min=500)
    assert not starts(one, days=10, tags=["VIP"])
    assert not starts(one, days=10, assigned="not_empty")


def test_a_scan_asks_as_often_with_many_deals_as_with_one(django_assert_num_queries: Any) -> None:
    mia, first = contacts.contact(), make.pipeline() and make.stage()
    Opportunity.objects.bulk_create(
        [Opportunity(contact=mia, stage=first, name=str(n), created_at=CAME) for n in range(30)]
    )
    options = {"days": 10, "repeat_every": 1, "repeat_most": 10, "not_while_tasks": True}
    from pipelines.events.opportunity_stale import OpportunityStale, StaleOptions
    from triggers.models import Organisation

    asked, zone = StaleOptions(**options), Organisation.get().zone
    # the deals, the tasks done and gone in the window, and the names of pipelines and stages
    with django_assert_num_queries(5):
        assert len(list(OpportunityStale.due(asked, days(9.9), days(10.1), zone))) == 30


def test_a_dry_list_shows_the_next_firings() -> None:
    make.deal(created_at=CAME)
    from pipelines.events.opportunity_stale import OpportunityStale, StaleOptions

    found = scanning.upcoming(OpportunityStale, StaleOptions(days=10, repeat_every=5, repeat_most=4), days(1))

    assert [each.moment for each in found] == [days(10), days(15), days(20), days(25)]


def test_what_makes_no_sense_is_refused() -> None:
    assert refused(STALE, days=None) == [()]
    assert refused(STALE, days=0) == [("days",)]
    assert refused(STALE, statuses=["won"]) == [()]
    assert refused(STALE, clock="moon") == [("clock",)]
    assert refused(STALE, repeat_every=0) == [("repeat_every",)]
    assert refused(STALE, repeat_most=51) == [("repeat_most",)]
    assert refused(STALE, days=None, by_stage=True) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "after 14 days in the same stage"),
        ({"days": 1, "clock": "activity", "not_while_tasks": True},
         "after 1 day without activity, not while the contact has an open task"),
        ({"days": None, "by_stage": True, "clock": "change"}, "after its stage's own days without a change"),
        ({"days": 3, "by_stage": True}, "after its stage's own days, else 3 days, in the same stage"),
        ({"repeat_every": 7}, "after 14 days in the same stage, again every 7 days, 10 times at most"),
        ({"repeat_every": 1, "repeat_most": 1}, "after 14 days in the same stage, again every day, 1 time at most"),
        ({"value_min": 500, "currency": "EUR", "tags": ["VIP", "Press"]},
         "after 14 days in the same stage, worth at least 500 EUR, tagged VIP or Press"),
        ({"value_min": 1, "value_max": 9}, "after 14 days in the same stage, worth 1 to 9"),
        ({"value_max": 9}, "after 14 days in the same stage, worth at most 9"),
        ({"currency": "EUR"}, "after 14 days in the same stage, in EUR"),
    ],
)  # fmt: skip
def test_its_options_in_words(options: dict[str, Any], words: str) -> None:
    from pipelines.events.opportunity_stale import StaleOptions

    assert StaleOptions(**options).in_words() == words
