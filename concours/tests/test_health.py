"""The check of the clock: who waits for time, and whether time is asked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from concours import health
from triggers import clock
from triggers.models import Heartbeat, Scan
from triggers.tests import make

pytestmark = pytest.mark.django_db

REMINDER = {"uid": "t1", "event": "task.reminder_due", "config": {}, "conditions": None}


def test_nobody_waits_for_the_clock() -> None:
    assert health.scans().ok


def test_a_type_that_is_waited_for_and_not_asked_is_named() -> None:
    make.workflow(make.action("a1", "run.stop"), triggers=[REMINDER])

    assert health.scans() == health.Check(
        "clock", False, "not asked lately: Task reminder due",
        "Look under Periodic tasks whether they are switched on; what was missed is caught up for 48 hours.",
    )  # fmt: skip

    clock.beat("scan task.reminder_due")
    assert health.scans().ok

    Heartbeat.objects.update(at=timezone.now() - timedelta(minutes=11))
    assert not health.scans().ok


def test_a_trigger_that_cannot_be_asked_is_named_by_its_workflow() -> None:
    flow = make.workflow(make.action("a1", "run.stop"), name="Call back", triggers=[REMINDER])
    clock.beat("scan task.reminder_due")
    Scan.objects.create(workflow_id=flow.pk, trigger_uid="t1", until=timezone.now(), error="ValueError('x')")

    assert health.scans().detail == "cannot be asked: Call back"
