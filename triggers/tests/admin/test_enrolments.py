"""Existing matches are started from card 5: counted by the live version, begun, throttled, cancelled."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from triggers.explaining import backfill
from triggers.models import Backfill, Run
from triggers.tests import make
from triggers.tests.admin import visit
from triggers.tests.admin.test_workflow_check import MAIL, VIP, pressed

pytestmark = pytest.mark.django_db


@pytest.fixture
def flow() -> Any:
    for n in range(3):
        make.tag(make.contact(first_name=f"P{n}", country="DE", email=f"p{n}@example.org"))
    make.contact(first_name="Untagged", country="DE", email="u@example.org")
    return make.workflow(make.action("a1", "data.set", values={"seen": "yes"}), triggers=[VIP])


def test_they_are_counted_begun_and_started_so_many_a_minute(flow: Any) -> None:
    boss = visit.boss()

    counted = pressed(boss, flow, "enrol:count", **{"~pace": "2"})
    [fill] = Backfill.objects.all()
    assert (fill.status, fill.matching, fill.per_minute, fill.created_by.username) == ("counted", 3, 2, "boss")
    assert "3 contacts match version 1. At most 2 start a minute. That takes about 2 minutes." in visit.words(counted)
    assert not Run.objects.exists()
    assert "Started for 0 of 3, at most 2 a minute." in visit.words(pressed(boss, flow, f"enrol:begin:{fill.pk}"))
    backfill.go_on(timezone.now() + timedelta(minutes=1))

    assert Run.objects.filter(workflow=flow).count() == 2
    assert "Started for 2 of 3" in visit.words(pressed(boss, flow, "refresh"))
    assert "The last time was cancelled after 2 of 3." in visit.words(pressed(boss, flow, f"enrol:cancel:{fill.pk}"))
    backfill.go_on(timezone.now() + timedelta(minutes=9))
    assert Run.objects.filter(workflow=flow).count() == 2


def test_it_is_the_live_version_that_counts_and_not_the_draft(flow: Any) -> None:
    pressed(visit.boss(), flow, "enrol:count", **{"~pace": "60", "t1~conditions-0.value": "FR"})

    assert Backfill.objects.get().matching == 3


@pytest.mark.parametrize("pace", ["", "0", "-1", "many", "6001"])
def test_a_wrong_pace_is_told(flow: Any, pace: str) -> None:
    said = visit.words(pressed(visit.boss(), flow, "enrol:count", **{"~pace": pace}))

    assert "Enter how many may start a minute, from 1 to 6000." in said
    assert not Backfill.objects.exists()


def test_a_second_one_waits_for_the_first(flow: Any) -> None:
    boss = visit.boss()
    pressed(boss, flow, "enrol:count", **{"~pace": "60"})

    assert "One is under way already; cancel it first." in visit.words(
        pressed(boss, flow, "enrol:count", **{"~pace": "60"})
    )
    assert Backfill.objects.count() == 1


def test_it_needs_the_right_and_a_live_workflow(flow: Any) -> None:
    limited = visit.staff("view_workflow", "change_workflow", "view_contact")

    assert "Start it for those who match already" not in visit.words(
        pressed(limited, flow, "enrol:count", **{"~pace": "60"})
    )
    assert not Backfill.objects.exists()
    flow.status = "paused"
    flow.save()
    assert "Start it for those who match already" not in visit.words(pressed(visit.boss(), flow, "match"))


def test_anothers_backfill_is_not_touched(flow: Any) -> None:
    other = make.workflow(MAIL, name="Other", triggers=[VIP])
    fill = backfill.prepare(other, "contacts")

    pressed(visit.boss(), flow, f"enrol:begin:{fill.pk}")

    fill.refresh_from_db()
    assert fill.status == "counted"
