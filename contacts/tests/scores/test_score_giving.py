"""Points for events: once per event and rule, within limits, explained; and scores that fade."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from contacts import services
from contacts.models import Contact, ScoreChange, ScoreDue, ScorePolicy, ScoreRule
from contacts.scores import score_giving, scoring
from contacts.tests import make
from triggers import sweeping
from triggers.context import quiet
from triggers.models import Event
from triggers.models.event import Lane
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db
START = datetime(2026, 1, 1, tzinfo=UTC)


def rule(event: str = "note.added", points: int = 5, **values: Any) -> ScoreRule:
    made = ScoreRule(**{"name": f"{event} {points:+d}", "event_type": event, "points": points, **values})
    made.full_clean()
    made.save()
    return made


def score(who: Contact) -> int:
    who.refresh_from_db()
    return who.score


def test_an_event_gives_its_points_and_says_why() -> None:
    mia, given = make.contact(score=3), rule()
    make.note(mia)

    sweeping.drain()

    assert score(mia) == 8
    step = ScoreChange.objects.get()
    note = make.events("note.added")[0]
    assert (step.contact, step.rule, step.event_id, step.reason) == (mia, given, note.pk, "note.added +5")
    assert (step.delta, step.before, step.after) == (5, 3, 8)
    [told] = make.events("contact.engagement_score_changed")
    assert (told.data["rule"], told.data["delta"], told.origin) == ("note.added +5", 5, "score")
    assert not ScoreDue.objects.exists()


def test_what_does_not_meet_the_conditions_gives_none() -> None:
    rule(conditions={"all": [
        {"field": "contact.country", "op": "is", "value": "DE"}, {"field": "event.body", "op": "contains", "value": "call"},
    ]})  # fmt: skip
    german, french = make.contact(country="DE"), make.contact(country="FR")
    make.note(german, "Wants a call"), make.note(german, "Wrote"), make.note(french, "Wants a call")

    sweeping.drain()

    assert (score(german), score(french)) == (5, 0)


def test_each_event_counts_once_however_often_it_is_asked_about() -> None:
    mia = make.contact()
    rule()
    make.note(mia)
    sweeping.drain()
    note = make.events("note.added")[0]

    score_giving.note([note], timezone.now())
    score_giving.note([note], timezone.now())
    assert ScoreDue.objects.count() == 1
    sweeping.drain()

    assert (score(mia), ScoreChange.objects.count()) == (5, 1)


def test_the_past_other_workflows_replays_and_the_quiet_give_none() -> None:
    mia = make.contact()
    make.note(mia, "before the rule")
    rule()
    with quiet("import"):
        make.note(mia, "quiet")
    off = rule("contact.tag_added", active=False)
    make.tag("VIP", mia)
    Event.objects.filter(data__body="before the rule").update(occurred_at=timezone.now() - timedelta(days=1))
    replay = Event.objects.create(type="note.added", contact_id=mia.pk, data={"body": "x"}, only_workflow=7)
    sweeping.drain()

    assert (score(mia), off.since <= timezone.now(), replay.pk > 0) == (0, True, True)


def test_switched_on_again_it_counts_from_then_on() -> None:
    given = rule(active=False)
    ScoreRule.objects.update(since=START)
    given.refresh_from_db()

    given.active = True
    given.save()

    assert given.since > START


def test_a_rule_with_a_limit_stops_there_and_others_go_on() -> None:
    mia = make.contact()
    rule(points=4, cap=10), rule(points=1)
    for _ in range(4):
        make.note(mia)

    sweeping.drain()

    assert score(mia) == 10 + 4
    assert [c.delta for c in ScoreChange.objects.filter(rule__points=4).order_by("pk")] == [4, 4, 2]


def test_points_taken_off_have_a_limit_too() -> None:
    mia = make.contact(score=20)
    rule(points=-4, cap=6)
    for _ in range(3):
        make.note(mia)

    sweeping.drain()

    assert score(mia) == 14


def test_a_score_stays_within_its_limits() -> None:
    ScorePolicy(floor=0, cap=10).save()
    mia, ben, high = make.contact(score=8), make.contact(score=2), make.contact(score=30)
    rule(points=5), rule("contact.tag_added", points=-5)
    make.note(mia), make.tag("Cold", ben), make.note(high)

    sweeping.drain()

    assert (score(mia), score(ben)) == (10, 0)
    # Above the limit already: it does not rise, and points given do not take it down.
    assert score(high) == 30


def test_many_events_of_many_contacts_cost_a_bounded_number_of_questions(django_assert_max_num_queries) -> None:
    people = [make.contact() for _ in range(50)]
    rule(conditions={"field": "contact.country", "op": "is_not_set"}, cap=1000)
    for person in people:
        make.note(person), make.note(person)
    sweeping.drain_lane(Lane.FAST)
    ScoreChange.objects.all().delete()
    for note in make.events("note.added"):
        ScoreDue.objects.create(event_id=note.pk)

    with django_assert_max_num_queries(30):
        assert score_giving.give_due(Lane.FAST, timezone.now()) == 100

    assert ScoreChange.objects.count() == 100


def test_a_workflow_that_answers_to_a_score_does_not_run_in_circles() -> None:
    """Score up → workflow writes a note → the note gives points → score up …"""
    mia = make.contact()
    rule()
    triggers = [{"uid": "t1", "event": "contact.engagement_score_changed", "config": {}, "conditions": None}]
    workflow = engine.workflow(engine.action("a1", "note.create", body="Rose"), triggers=triggers)
    make.note(mia)

    sweeping.drain()

    assert [run.status for run in engine.runs(workflow)] == ["done", "skipped"]
    assert score(mia) == 10


def test_a_rule_that_has_become_wrong_is_left_out_and_stops_no_other() -> None:
    mia = make.contact()
    wrong = rule()
    ScoreRule.objects.filter(pk=wrong.pk).update(conditions={"field": "event.gone", "op": "is", "value": "x"})
    rule(points=2)
    make.note(mia)

    sweeping.drain()

    assert score(mia) == 2


def test_one_bad_event_waits_and_stops_no_other(monkeypatch) -> None:
    mia, ben = make.contact(), make.contact(first_name="Ben")
    rule()
    make.note(mia), make.note(ben)
    real = scoring.moved_by

    def breaks_for_mia(points: int, *args: Any) -> int:
        if breaks and Contact.objects.get(pk=mia.pk).score == 0 and breaks.pop():
            raise RuntimeError
        return real(points, *args)

    breaks = [True, True]
    monkeypatch.setattr(scoring, "moved_by", breaks_for_mia)
    sweeping.drain()
    assert (score(mia), score(ben)) == (0, 5)
    assert ScoreDue.objects.get().attempts == 1

    monkeypatch.undo()
    sweeping.drain(timezone.now() + timedelta(minutes=5))
    assert score(mia) == 5


def test_a_deleted_contact_or_event_is_passed_over() -> None:
    mia = make.contact()
    rule()
    make.note(mia)
    ScoreDue.objects.create(event_id=10**9)
    Contact.objects.get(pk=mia.pk).delete()

    sweeping.drain()

    assert not ScoreDue.objects.exists()


class TestDecay:
    def idle(self, points: int, days: float) -> Contact:
        return make.contact(score=points, score_active_at=START - timedelta(days=days))

    def policy(self, **values: Any) -> None:
        ScorePolicy(**{"decay": "points", "decay_points": 5, "decay_days": 30, **values}).save()

    def test_points_go_once_for_each_period(self) -> None:
        self.policy()
        mia, busy, over = self.idle(20, 65), self.idle(20, 29), self.idle(3, 400)

        sweeping.drain(START)
        sweeping.drain(START)

        assert (score(mia), score(busy), score(over)) == (10, 20, 0)
        step = mia.score_changes.get()
        assert (step.delta, step.decayed_to, step.reason) == (
            -10, START - timedelta(days=5), "Nothing happened for 60 days",
        )  # fmt: skip
        told = {event.contact_id: event for event in make.events("contact.engagement_score_changed")}
        assert (told[mia.pk].actor, told[mia.pk].data["delta"], set(told)) == ("clock", -10, {mia.pk, over.pk})

        sweeping.drain(START + timedelta(days=25))
        assert (score(mia), score(busy)) == (5, 15)

    def test_it_halves_down_to_nothing_or_the_limit(self) -> None:
        self.policy(decay="half", floor=3)
        mia, low = self.idle(21, 61), self.idle(4, 500)

        sweeping.drain(START)

        assert (score(mia), score(low)) == (5, 3)
        assert not score_giving.decay_due(START)

    def test_without_a_policy_nothing_fades(self) -> None:
        mia = self.idle(20, 5000)

        sweeping.drain(START)

        assert score(mia) == 20

    def test_points_begin_the_count_anew_even_where_a_limit_holds_them(self) -> None:
        self.policy(cap=20)
        mia = self.idle(20, 29)
        rule()
        make.note(mia)

        sweeping.drain()

        mia.refresh_from_db()
        assert mia.score == 20
        assert timezone.now() - mia.score_active_at < timedelta(minutes=1)

    def test_it_is_work_of_the_bulk_lane(self) -> None:
        self.policy()
        self.idle(20, 65)

        assert score_giving.due_lanes(START) == {Lane.BULK}
        assert Lane.BULK in sweeping.due_lanes(START)
        sweeping.drain_lane(Lane.BULK, START)
        assert score_giving.due_lanes(START) == set()


def test_changes_by_hand_are_written_down() -> None:
    mia = services.create({"first_name": "Mia", "score": 4})

    services.adjust_score(mia, 5, "Came by")
    services.update(mia, {"score": 2})

    steps = [(each.delta, each.before, each.after, each.reason) for each in mia.score_changes.order_by("pk")]
    assert steps == [(4, 0, 4, ""), (5, 4, 9, "Came by"), (-7, 9, 2, "")]
    assert mia.score_active_at is not None
