"""A contact's timeline: events, runs and non-starts, newest first, each with its reason."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contacts import services
from contacts.dedupe import merging
from contacts.models import Contact
from contacts.tests import make
from contacts.timeline import BadCursor, page, timeline
from triggers import sweeping
from triggers.context import act_as
from triggers.models import Event, Miss, Run
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db
GERMAN = [{
    "uid": "t1", "event": "contact.tag_added", "config": {},
    "conditions": {"field": "contact.country", "op": "is", "value": "DE"},
}]  # fmt: skip


def rows(contact: Contact) -> list[tuple[str, str, str]]:
    return [(item.who, item.what, item.detail) for day in timeline(contact.pk) for item in day.items]


def test_events_say_who_did_what() -> None:
    ana = make.user("ana", first_name="Ana", last_name="Sol")
    mia = make.contact()
    with act_as(actor="user", actor_id=str(ana.pk)):
        services.update(Contact.objects.get(pk=mia.pk), {"country": "DE"})

    assert rows(mia) == [
        ("Ana Sol", "Contact changed", "Country: empty → DE"),
        ("System", "Contact created", "Mia, mia@example.org"),
    ]


def test_runs_say_why_they_started_and_how_they_stand() -> None:
    flow = engine.workflow(engine.action("w", "wait.duration", days=2), name="VIP welcome")
    mia = make.contact()
    make.tag("VIP", mia)
    sweeping.drain()
    [run] = engine.runs(flow)
    item = timeline(mia.pk)[0].items[0]

    assert (item.who, item.what, item.url, item.more) == (
        "VIP welcome", "started", f"/admin/triggers/run/{run.pk}/change/", f"Run {run.pk}",
    )  # fmt: skip
    assert item.detail.startswith("Because of “Tag added”. Waiting until ")

    Run.objects.update(status="failed", reason="No address.")
    failed = timeline(mia.pk)[0].items[0]
    assert (failed.what, failed.detail, failed.tone) == ("failed", "No address.", "bad")

    Run.objects.update(status="observed", reason="Observed: nothing was done.")
    assert timeline(mia.pk)[0].items[0].what == "would have started"

    Run.objects.update(status="skipped", reason="Once per contact.")
    assert timeline(mia.pk)[0].items[0].what == "did not start"

    Run.objects.update(status="done", reason="")
    assert timeline(mia.pk)[0].items[0].detail == "Because of “Tag added”. Done."


def test_what_did_not_start_says_why_and_leads_to_the_explanation() -> None:
    flow = engine.workflow(name="VIP welcome", triggers=GERMAN)
    mia = make.contact()
    make.tag("VIP", mia)
    sweeping.drain()
    event = Event.objects.get(type="contact.tag_added")

    item = timeline(mia.pk)[0].items[0]

    assert (item.who, item.what, item.detail) == (
        "VIP welcome", "did not start", "Country was empty, the workflow asks for Germany.",
    )  # fmt: skip
    assert item.url == f"/admin/triggers/explain/?workflow={flow.pk}&event={event.pk}"


def test_workflows_that_wait_for_another_tag_are_no_news() -> None:
    engine.workflow(triggers=[{**engine.TAGGED, "config": {"tags": ["Fair"]}}])
    mia = make.contact()
    make.tag("VIP", mia)
    sweeping.drain()

    assert [what for _who, what, _detail in rows(mia)] == ["Tag added", "Contact created"]


def test_rows_stand_under_their_day_newest_first() -> None:
    mia = make.contact()
    make.tag("VIP", mia)
    Event.objects.filter(type="contact.created").update(occurred_at=timezone.now() - timedelta(days=1))

    days = timeline(mia.pk)

    assert [day.heading.split(",")[0] for day in days] == ["Today", "Yesterday"]
    assert [[item.what for item in day.items] for day in days] == [["Tag added"], ["Contact created"]]


def test_it_ends_at_its_limit_and_asks_a_constant_number_of_questions(django_assert_max_num_queries) -> None:
    mia = make.contact()
    for n in range(30):
        make.tag(f"tag {n}", mia)

    with django_assert_max_num_queries(6):
        days = timeline(mia.pk, limit=10)

    assert sum(len(day.items) for day in days) == 10


def test_others_have_their_own() -> None:
    make.tag("VIP", make.contact())
    ben = make.contact(first_name="Ben", email="ben@example.org")

    assert [what for _who, what, _detail in rows(ben)] == ["Contact created"]


def test_a_merge_says_who_did_it_and_what_came() -> None:
    ana = make.user("ana", first_name="Ana", last_name="Sol")
    mia, other = make.contact(), make.contact(email="")
    make.note(other)
    with act_as(actor="user", actor_id=str(ana.pk)):
        merging.merge(mia.pk, other.pk)

    assert rows(mia)[0] == ("Ana Sol", f"Contact {other.pk} was merged into this one", "3 records moved here.")


def test_pages_follow_each_other_without_gap_though_all_happened_at_once() -> None:
    engine.workflow(name="VIP welcome", triggers=GERMAN)
    mia = make.contact()
    for n in range(5):
        make.tag(f"tag {n}", mia)
    sweeping.drain()
    at = timezone.now()
    Event.objects.update(occurred_at=at)
    Miss.objects.update(at=at)

    found, before = [], ""
    for _n in range(20):
        shown = page(mia.pk, before=before, limit=3)
        found += shown.items
        before = shown.older
        if not before:
            break

    assert found == page(mia.pk, limit=100).items
    assert len(found) == 6 + 5


def test_it_is_narrowed_by_kind() -> None:
    engine.workflow(name="VIP welcome", triggers=GERMAN)
    engine.workflow(name="Once", reentry="once_per_contact")
    mia = make.contact()
    make.tag("VIP", mia), make.tag("Fair", mia)
    sweeping.drain()

    def whats(kind: str) -> list[str]:
        return [f"{item.who} {item.what}" for item in page(mia.pk, kind=kind).items]

    assert whats("workflows") == ["Once started"]
    assert sorted(whats("not-started")) == [
        "Once did not start",
        "VIP welcome did not start",
        "VIP welcome did not start",
    ]
    assert whats("changes") == ["System Tag added", "System Tag added", "System Contact created"]
    assert whats("messages") == []


@pytest.mark.parametrize("cursor", ["x", "ä", "MjAyNnwwfDE", "MjAyNi0wMS0wMVQwMDowMDowMHwwfDE", "===="])
def test_a_cursor_that_is_none_of_ours_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        page(1, before=cursor)
