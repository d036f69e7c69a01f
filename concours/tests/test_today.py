"""Today: what needs a person, in order, with the buttons to deal with it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.tests import make as contacts
from triggers import clock, sweeping
from triggers.action_types import Fail, Unsure
from triggers.models import Run
from triggers.tests import make
from triggers.tests.admin import visit
from triggers.tests.probes import probe

pytestmark = pytest.mark.django_db
PAGE = "/admin/"


def stuck(*outcomes: object) -> list[Run]:
    with probe(*outcomes, repeatable=False):
        flow = make.workflow({**make.action("p", "probe"), "name": "Create order"}, name="Hand over")
        for n, _outcome in enumerate(outcomes):
            make.tag(make.contact(first_name=f"Anna {n}"), f"tag {n}")
        sweeping.drain()
    return make.runs(flow)


def test_an_empty_house_says_so_calmly() -> None:
    clock.beat("sweep")

    said = visit.text(visit.boss(), PAGE)

    assert "Automation is running." in said
    assert "Nothing failed in the last 24 hours." in said
    assert "Nothing to do." in said


def test_a_scheduler_that_stands_still_is_told_first() -> None:
    assert "Automation stands still: no worker has swept of late." in visit.text(visit.boss(), PAGE)


def test_failures_come_with_reason_contact_and_action() -> None:
    stuck(Fail("The ERP refused the order."))

    said = visit.text(visit.boss(), PAGE)

    assert "1 run failed or is held." in said
    assert "Hand over The ERP refused the order. Anna 0 ·" in said
    assert "“Create order” Open" in said


def test_a_decision_is_taken_on_the_page_and_comes_back_to_it() -> None:
    [run] = stuck(Unsure("The connection broke."))
    boss = visit.boss()
    assert "1 needs your decision." in visit.text(boss, PAGE)

    answer = boss.post(f"/admin/triggers/run/{run.pk}/do/it-was-sent/", {"next": PAGE})

    run.refresh_from_db()
    assert (answer["Location"], run.status) == (PAGE, "done")
    assert "needs your decision" not in visit.text(boss, PAGE)


def test_decisions_are_for_those_who_may_operate() -> None:
    stuck(Unsure("The connection broke."))

    said = visit.text(visit.staff("view_run"), PAGE)

    assert "Needs your decision" in said
    assert "Send again" not in said


def test_what_a_person_may_not_see_is_not_there() -> None:
    stuck(Fail("Secret reason."))

    said = visit.text(visit.staff(), PAGE)

    assert "Secret reason." not in said
    assert "Runs in 14 days" not in said
    assert "My tasks" not in said


def test_my_open_tasks_and_nobody_elses() -> None:
    client = visit.boss()
    me = int(client.session["_auth_user_id"])
    contacts.task(contacts.contact(), "Mine", assignee_id=me)
    contacts.task(None, "Done", assignee_id=me, completed_at=timezone.now())
    contacts.task(None, "Somebody's")

    said = visit.text(client, PAGE)

    assert "My tasks 1 open All Mine Mia" in said
    assert "Somebody's" not in said


def test_the_chart_counts_each_day_in_bars_of_its_height() -> None:
    runs = stuck(Fail("No."), Fail("No."), Fail("No."))
    Run.objects.filter(pk=runs[0].pk).update(status="done")
    Run.objects.filter(pk=runs[1].pk).update(created_at=timezone.now() - timedelta(days=3))
    Run.objects.filter(pk=runs[2].pk).update(created_at=timezone.now() - timedelta(days=20))

    bars = visit.boss().get(PAGE).context["bars"]

    assert len(bars) == 14
    assert [(bar.started, bar.failed) for bar in bars if bar.started] == [(1, 1), (1, 0)]
    assert (bars[-1].label, bars[-1].today, bars[-1].height, bars[-1].y) == ("Today", True, 120, 0)
    assert (bars[0].height, bars[0].y) == (0, 120)


def test_it_asks_a_bounded_number_of_questions(django_assert_max_num_queries) -> None:
    stuck(*[Fail("No.")] * 8)
    boss = visit.boss()

    with django_assert_max_num_queries(40):
        assert boss.get(PAGE).status_code == 200
