"""A run acts with the rights of whoever published it, asked again whenever it acts (T28)."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db.models import ProtectedError
from django.utils import timezone

from contacts.models import Note
from triggers import operations, services, sweeping
from triggers.action_types import Retry
from triggers.models import Notice, Run, Workflow
from triggers.running import calling
from triggers.running.acting import LOOK_AGAIN
from triggers.tests import make
from triggers.tests.probes import probe

pytestmark = pytest.mark.django_db

WAIT = make.action("w", "wait.duration", hours=1)
NOTE = make.action("n", "note.create", body="Called")


def publisher(name: str = "clara", **values: Any) -> Any:
    user = make.user(name, **values)
    user.user_permissions.set(Permission.objects.filter(codename="add_note"))
    return user


def published(by: Any, *actions: dict[str, Any]) -> Workflow:
    flow = services.create("Welcome", make.document(*actions))
    services.publish(flow, by=by)
    return flow


def waiting(flow: Workflow) -> Run:
    make.tag(make.contact())
    sweeping.drain()
    [run] = make.runs(flow)
    assert run.status == Run.Status.WAITING
    return run


def closed(user: Any) -> None:
    user.is_active = False
    user.save()


def demoted(user: Any) -> None:
    user.user_permissions.clear()


@pytest.mark.parametrize(("change", "why"), [(closed, "is closed"), (demoted, "“Can add note” is missing")])
def test_what_its_publisher_may_not_do_after_the_wait_is_held_and_told_once_a_day(change: Any, why: str) -> None:
    clara = publisher()
    boss = make.user("boss", is_superuser=True)
    run = waiting(published(clara, WAIT, NOTE))
    change(clara)

    for minutes in (61, 77):
        sweeping.drain(now=timezone.now() + timedelta(minutes=minutes))

    run.refresh_from_db()
    assert (run.status, Note.objects.count()) == (Run.Status.HELD, 0)
    assert why in run.reason
    assert [notice.text for notice in Notice.objects.filter(user=boss)] == [f"“Welcome” holds its runs. {run.reason}"]


def test_given_back_the_right_it_goes_on_by_itself() -> None:
    clara = publisher()
    run = waiting(published(clara, WAIT, NOTE))
    closed(clara)
    late = timezone.now() + timedelta(hours=2)
    sweeping.drain(now=late)

    clara.is_active = True
    clara.save()
    sweeping.drain(now=late + LOOK_AGAIN / 2)
    run.refresh_from_db()
    assert run.status == Run.Status.HELD
    sweeping.drain(now=late + LOOK_AGAIN)

    run.refresh_from_db()
    assert (run.status, Note.objects.count()) == (Run.Status.DONE, 1)


def test_letting_it_go_on_by_hand_says_what_is_missing() -> None:
    clara = publisher()
    run = waiting(published(clara, WAIT, NOTE))
    closed(clara)
    sweeping.drain(now=timezone.now() + timedelta(hours=2))

    with pytest.raises(operations.NotNow, match="is closed"):
        operations.release(run)


def test_who_publishes_it_again_vouches_for_what_waits_at_once() -> None:
    clara = publisher()
    flow = published(clara, WAIT, NOTE)
    run = waiting(flow)
    closed(clara)
    late = timezone.now() + timedelta(hours=2)
    sweeping.drain(now=late)

    services.publish(flow, by=publisher("dora"))
    sweeping.drain(now=timezone.now())

    run.refresh_from_db()
    assert (run.status, Note.objects.count()) == (Run.Status.DONE, 1)


def test_who_publishes_it_since_lends_only_the_rights_they_have() -> None:
    clara = publisher()
    flow = published(clara, WAIT, NOTE)
    run = waiting(flow)
    flow.draft = make.document(WAIT)
    services.publish(flow, by=make.user("dora"))

    demoted(clara)
    sweeping.drain(now=timezone.now() + timedelta(hours=2))

    run.refresh_from_db()
    assert (run.status, Note.objects.count()) == (Run.Status.HELD, 0)


def test_waiting_and_branching_need_nobodys_rights() -> None:
    clara = publisher()
    run = waiting(published(clara, WAIT))
    closed(clara)

    sweeping.drain(now=timezone.now() + timedelta(hours=2))

    run.refresh_from_db()
    assert run.status == Run.Status.DONE


def test_a_call_that_is_to_be_tried_again_asks_again() -> None:
    clara = publisher()
    with probe(Retry("busy")) as calls:
        flow = published(clara, make.action("p", "probe"))
        make.tag(make.contact())
        sweeping.drain()
        assert len(calls.keys) == 1
        closed(clara)

        taken = calling.call_due(now=timezone.now() + timedelta(hours=1))

    [run] = make.runs(flow)
    [done] = run.actions.all()
    assert (taken, len(calls.keys), run.status, done.status) == (1, 1, Run.Status.HELD, "held")


def test_the_publisher_of_what_runs_cannot_be_deleted_but_only_closed() -> None:
    clara = publisher()
    published(clara, NOTE)

    with pytest.raises(ProtectedError):
        clara.delete()


def test_published_by_a_command_nobody_is_asked_for(django_assert_max_num_queries: Any) -> None:
    flow = published(None, NOTE)
    make.tag(make.contact())
    sweeping.drain()

    assert [run.status for run in make.runs(flow)] == [Run.Status.DONE]
