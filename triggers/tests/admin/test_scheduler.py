"""The page of the scheduler: what is asked when, what stands still, and who is next."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from contacts.models import Contact, Task
from triggers import clock
from triggers.models import Heartbeat, Scan, Workflow
from triggers.tests import make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
PAGE = "/admin/triggers/scheduler/"
REMINDER = [{"uid": "t1", "event": "task.reminder_due", "config": {"when": "on"}, "conditions": None}]


def alive() -> None:
    clock.ensure_entries()
    for name in ("sweep", "scan task.reminder_due"):
        clock.beat(name)
    PeriodicTask.objects.update(last_run_at=timezone.now())


def waiting(**kwargs: Any) -> Workflow:
    return make.workflow(triggers=REMINDER, name="Remind", **kwargs)


def test_it_needs_workflows_to_be_visible() -> None:
    assert visit.staff("view_run").get(PAGE).status_code == 403
    assert visit.staff("view_workflow", name="other").get(PAGE).status_code == 200


def test_where_nobody_waits_it_says_what_will_appear() -> None:
    alive()

    said = visit.text(visit.boss(), PAGE)

    assert "The clock runs; no live workflow waits for it yet." in said
    assert "Nothing is due" in said


def test_who_is_next_is_told_by_time_and_person() -> None:
    alive()
    waiting()
    soon = timezone.now() + timedelta(hours=5)
    for n, name in enumerate(("Ben", "Anna")):
        Task.objects.create(title="Call", contact=make.contact(first_name=name), due_at=soon - timedelta(hours=n))

    answer = visit.boss().get(PAGE)

    assert [(each.who, each.label, each.workflow) for each in answer.context["firings"]] == [
        ("Anna", "Task reminder due", "Remind"), ("Ben", "Task reminder due", "Remind"),
    ]  # fmt: skip
    assert "Everything is asked on time; live workflows wait for 1 kind of moment." in visit.words(
        answer.content.decode()
    )


def test_what_is_late_or_switched_off_needs_somebody() -> None:
    alive()
    waiting()
    Heartbeat.objects.filter(name="scan task.reminder_due").update(at=timezone.now() - timedelta(hours=1))
    PeriodicTask.objects.filter(task="triggers.purge").update(enabled=False)

    answer = visit.boss().get(PAGE)

    assert sorted(job.label for job in answer.context["trouble"]) == ["Purge: delete old history", "Task reminder due"]
    assert "2 entries of the clock need you" in visit.words(answer.content.decode())


def test_what_nobody_waits_for_troubles_nobody() -> None:
    alive()
    PeriodicTask.objects.filter(args__contains="birthday").update(enabled=False)

    assert visit.boss().get(PAGE).context["trouble"] == []


def test_a_trigger_that_cannot_be_asked_is_told_with_its_reason() -> None:
    alive()
    flow = waiting()
    Scan.objects.create(workflow_id=flow.pk, trigger_uid="t1", until=timezone.now(), error="Its date is gone.")

    assert "Cannot be asked Remind Its date is gone." in visit.text(visit.boss(), PAGE)


@pytest.mark.parametrize("number", [10, 100])
def test_the_number_of_questions_does_not_grow_with_people(number: int, django_assert_max_num_queries) -> None:
    alive()
    waiting()
    people = Contact.objects.bulk_create([Contact(first_name=f"Contact {n}") for n in range(number)])
    soon = timezone.now() + timedelta(hours=5)
    Task.objects.bulk_create([Task(title="Call", contact=person, due_at=soon) for person in people])
    boss = visit.boss()
    boss.get(PAGE)

    with django_assert_max_num_queries(23):
        found = boss.get(PAGE).context["firings"]

    assert len(found) == min(number, 50)
