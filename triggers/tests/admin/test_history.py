"""The history in words: of one workflow, of a run, and of everything."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from triggers import services, sweeping
from triggers.models import Workflow
from triggers.tests import make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
LIST = "/admin/triggers/workflow/"
PAGE = "/admin/history/"
WAIT = make.action("w", "wait.duration", days=2)


def tab(flow: Workflow) -> str:
    return f"{LIST}{flow.pk}/history/"


def test_what_was_published_paused_and_moved_is_told_in_words_with_who_and_why() -> None:
    flow, boss = make.workflow(WAIT), visit.boss()
    flow.draft = make.document(WAIT)
    services.publish(flow, by=make.user(first_name="Clara", last_name="Vogt"), note="A rest.")
    visit.pressed(boss, f"{LIST}{flow.pk}/do/pause/", said="The offer is over")

    said = visit.text(visit.staff("view_workflow"), tab(flow))

    assert "boss Paused: The offer is over" in said
    assert "Clara Vogt Published version 2. A rest." in said
    assert "A program Published version 1." in said
    assert visit.staff("view_run", name="other").get(tab(flow)).status_code == 403


def test_a_run_tells_what_people_did_to_it() -> None:
    flow, boss = make.workflow(WAIT), visit.boss()
    make.tag(make.contact())
    sweeping.drain()
    [run] = make.runs(flow)

    visit.pressed(boss, f"/admin/triggers/run/{run.pk}/do/replay/")
    visit.pressed(boss, f"/admin/triggers/run/{run.pk}/do/stop/", said="A mistake")

    said = visit.text(boss, f"/admin/triggers/run/{run.pk}/change/")
    assert "What people did boss Stopped: A mistake" in said
    assert "boss Replayed from the start." in said


def test_everything_is_for_auditors_and_names_its_record() -> None:
    flow = make.workflow(name="Welcome")
    make.tag(make.contact())
    event = make.last_event("contact.tag_added")
    visit.pressed(visit.boss(), f"/admin/triggers/event/{event.pk}/do/replay/")

    said = visit.text(visit.staff("view_logentry", name="auditor"), PAGE)

    assert "A program · Welcome Published version 1." in said
    assert "Replayed." in said
    assert visit.staff("view_workflow", name="staff").get(PAGE).status_code == 403
    assert f'href="{LIST}{flow.pk}/change/"' in visit.staff("view_logentry", name="two").get(PAGE).content.decode()


def test_an_empty_history_says_what_will_appear() -> None:
    flow = services.create("New", make.document(WAIT))

    assert "Nothing has been done by hand yet." in visit.text(visit.staff("view_workflow"), tab(flow))


@pytest.mark.parametrize("number", [10, 150])
def test_pages_of_a_hundred_with_a_bounded_number_of_questions(number: int, django_assert_max_num_queries) -> None:
    flow, clara = make.workflow(), make.user()
    LogEntry.objects.log_actions(clara.pk, [flow] * number, 2, "Changed.")
    for place, entry in enumerate(LogEntry.objects.order_by("id")):
        LogEntry.objects.filter(pk=entry.pk).update(action_time=timezone.now() - timedelta(seconds=place))
    boss = visit.boss()

    with django_assert_max_num_queries(16):
        first = boss.get(PAGE).context

    rows = [item for day in first["days"] for item in day["items"]]
    assert len(rows) == min(number + 1, 100)
    if number == 150:
        second = boss.get(PAGE, {"before": first["older"]}).context
        assert sum(len(day["items"]) for day in second["days"]) == 51
        assert second["older"] == ""


def test_a_moment_that_is_none_is_passed_over() -> None:
    assert visit.boss().get(PAGE, {"before": "yesterday"}).status_code == 200
