"""Runs in the admin: the list, the page that tells what happened, and its buttons."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from triggers import sweeping
from triggers.action_types import Fail, Hold, Unsure
from triggers.models import ActionRun, Attempt, Run
from triggers.tests import make
from triggers.tests.admin import visit
from triggers.tests.probes import probe

pytestmark = pytest.mark.django_db
LIST = "/admin/triggers/run/"
AFTER = make.action("after", "data.set", values={"went": "on"})
GERMAN = [{
    "uid": "t1", "event": "contact.tag_added", "config": {"tags": ["VIP"]},
    "conditions": {"field": "contact.country", "op": "is", "value": "DE"},
}]  # fmt: skip


def page(run: Run) -> str:
    return f"{LIST}{run.pk}/change/"


def started(*actions: dict[str, Any], **kwargs: Any) -> Run:
    flow = make.workflow(*actions, triggers=GERMAN, **kwargs)
    make.tag(make.contact(first_name="Anna", last_name="Schmidt", country="DE"), "VIP")
    sweeping.drain()
    return make.runs(flow)[-1]


def stuck(outcome: Any) -> Run:
    with probe(outcome):
        return started({**make.action("p", "probe", tag="x"), "name": "Create order"}, AFTER)


def test_who_may_not_see_runs_sees_none() -> None:
    run = started(AFTER)
    for address in (LIST, page(run)):
        assert visit.staff("view_workflow", name=address).get(address).status_code == 403


def test_the_list_tells_whose_which_how_and_why() -> None:
    started(AFTER)

    said = visit.text(visit.staff("view_run"), LIST)

    assert "Anna Schmidt Welcome Done Tag added" in said


def test_the_list_asks_a_bounded_number_of_questions(django_assert_max_num_queries) -> None:
    flow = make.workflow(AFTER)
    for n in range(30):
        make.tag(make.contact(first_name=f"Contact {n}"), f"tag {n}")
    sweeping.drain()
    assert Run.objects.filter(workflow=flow).count() == 30
    boss = visit.boss()

    with django_assert_max_num_queries(19):
        assert boss.get(LIST).status_code == 200


def test_failures_are_the_runs_that_need_a_person() -> None:
    failed, done = stuck(Fail("No.")), started(AFTER, name="Fine")
    client = visit.staff("view_run")

    said = client.get(f"{LIST}?needs=a-person").content.decode()

    assert page(failed) in said
    assert page(done) not in said


def test_the_search_finds_contact_or_number() -> None:
    run = started(AFTER)
    client = visit.staff("view_run")

    assert page(run) in client.get(f"{LIST}?q=schmidt").content.decode()
    assert page(run) in client.get(f"{LIST}?q={run.pk}").content.decode()
    assert page(run) not in client.get(f"{LIST}?q=weber").content.decode()


def test_the_page_says_why_it_started_and_what_each_action_did() -> None:
    run = started(
        {**AFTER, "name": "Remember"}, make.action("w", "wait.duration", days=2), make.action("z", "run.stop")
    )

    said = visit.text(visit.staff("view_run"), page(run))

    assert f"Run {run.pk} for Anna Schmidt" in said
    assert "because “Tag added” happened for Anna Schmidt and tag is VIP and country is Germany" in said
    assert "2 of 2 true" in said
    assert "1. Set variables “Remember” : Done" in said
    assert "2. Wait : Waiting" in said
    assert "Next 3. End this run" in said


def test_the_page_opens_the_first_failure_with_what_was_sent_and_received() -> None:
    run = stuck(Fail("The ERP refused the order. Enter the customer number."))
    Attempt.objects.update(
        status_code=422, request={"url": "https://erp.example", "token": "s3cret"}, response='{"a": 1}'
    )
    answer = visit.boss().get(page(run))

    said = visit.words(answer.content.decode())

    assert "Failed at action 1" in said
    assert "The ERP refused the order Enter the customer number." in said
    assert "422 The ERP refused the order." in said
    assert '"url": "https://erp.example"' in said
    assert "s3cret" not in said
    assert '"a": 1' in said
    assert "Not reached 2. Set variables" in said
    assert answer.content.decode().count('class="culprit failed"') == 1


def test_the_page_asks_a_bounded_number_of_questions(django_assert_max_num_queries) -> None:
    actions = [make.action(f"a{n}", "data.set", values={"x": "y"}) for n in range(25)]
    run = started(*actions)
    boss = visit.boss()

    with django_assert_max_num_queries(21):
        assert boss.get(page(run)).status_code == 200


def test_a_run_whose_workflow_changed_shape_and_whose_contact_is_gone_still_has_its_page() -> None:
    run = started(AFTER)
    ActionRun.objects.update(action="gone.action")
    run.event.type = "gone.event"
    run.event.save()
    Run.objects.update(contact_id=987_654)

    said = visit.text(visit.boss(), page(run))

    assert "Contact 987654" in said
    assert "gone.action" in said
    assert "“gone.event” happened" in said


def test_a_run_that_did_not_start_says_why() -> None:
    run = started(AFTER)
    Run.objects.filter(pk=run.pk).update(status="skipped", reason="Once per contact.")

    said = visit.text(visit.boss(), page(run))

    assert "Did not start on" in said
    assert "Once per contact." in said


def test_children_and_replays_name_where_they_come_from() -> None:
    parent = started(AFTER)
    Run.objects.create(
        workflow=parent.workflow, version=parent.version, event=parent.event, mode="child", parent=parent.pk,
        root=parent.root, status="done",
    )  # fmt: skip
    child = Run.objects.get(parent=parent.pk)
    boss = visit.boss()

    assert f"Started by run {parent.pk}." in visit.text(boss, page(child))
    assert f"Run {child.pk} of “Welcome”" in visit.text(boss, page(parent))


def test_retry_tries_the_failed_action_again() -> None:
    run = stuck(Fail("No."))

    told = visit.pressed(visit.staff("view_run", "operate_run"), f"{LIST}{run.pk}/do/retry/")

    assert told == "The run goes on; its action is tried again."
    run.refresh_from_db()
    assert run.status == "pending"


def test_skip_leaves_the_failed_action_out() -> None:
    run = stuck(Fail("No."))

    visit.pressed(visit.boss(), f"{LIST}{run.pk}/do/skip/")
    sweeping.drain()

    run.refresh_from_db()
    assert (run.status, make.trail(run)) == ("done", [("p", "skipped"), ("after", "done")])


@pytest.mark.parametrize(("name", "trail"), [("it-was-sent", "done"), ("send-again", "pending")])
def test_an_uncertain_run_is_decided(name: str, trail: str) -> None:
    run = stuck(Unsure("The connection broke."))
    boss = visit.boss()
    assert "Send again" in visit.text(boss, page(run))

    visit.pressed(boss, f"{LIST}{run.pk}/do/{name}/")

    assert make.trail(run)[0] == ("p", trail)


def test_a_held_run_is_let_go_on() -> None:
    run = stuck(Hold("It has no address."))
    run.refresh_from_db()
    Run.objects.filter(pk=run.pk).update(target="")

    told = visit.pressed(visit.boss(), f"{LIST}{run.pk}/do/release/")

    assert told == "The run goes on."


def test_stop_keeps_the_reason() -> None:
    run = started(make.action("w", "wait.duration", days=2))

    told = visit.pressed(visit.boss(), f"{LIST}{run.pk}/do/stop/", said="Wrong person.")

    run.refresh_from_db()
    assert (told, run.status, run.reason) == ("The run is stopped.", "cancelled", "Wrong person.")


def test_replay_starts_a_run_of_its_own_and_goes_there() -> None:
    run = started(AFTER)

    answer = visit.boss().post(f"{LIST}{run.pk}/do/replay/")

    made = Run.objects.get(replay_of=run.pk)
    assert (made.mode, answer["Location"]) == ("replay", page(made))


def test_try_now_does_not_wait_for_the_next_try() -> None:
    run = started(AFTER)
    ActionRun.objects.update(status="pending", until=timezone.now())
    Run.objects.update(status="pending", due_at=timezone.now() + timedelta(hours=1), at="after")

    assert visit.pressed(visit.boss(), f"{LIST}{run.pk}/do/try-now/") == "The action is tried again now."
    run.refresh_from_db()
    assert run.due_at is not None
    assert run.due_at <= timezone.now()


def test_runs_are_never_written_by_hand() -> None:
    run, boss = started(AFTER), visit.boss()

    assert boss.get(f"{LIST}add/").status_code == 403
    assert boss.post(f"{LIST}{run.pk}/delete/", {"post": "yes"}).status_code == 403
    assert "cannot be found" not in visit.text(boss, page(run))
