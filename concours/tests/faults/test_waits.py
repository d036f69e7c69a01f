"""T5: waits of minutes and of years are rows with a due time; none is early, lost or done twice."""

import ast
import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import F

from concours.tests.faults.conftest import MakeFleet
from concours.tests.faults.doors import percentile
from concours.tests.faults.stores import empty_queues
from concours.tests.faults.waiting import wait_until
from triggers import sweeping
from triggers.models import ActionRun, Run
from triggers.tests import make

ROOMS = ("concours", "triggers", "contacts", "conversations", "capture")
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=400)
# What would leave a moment in time to the broker.
DELAYS = {"eta", "countdown"}
LATER = {"delay", "apply_async", "self.retry"}


@pytest.mark.django_db
def test_waits_end_when_they_are_due_and_once(chance: random.Random) -> None:
    """The clock is moved from one due time to the next: to just before it, and to it."""
    minutes = [round(chance.uniform(SHORTEST.total_seconds(), LONGEST.total_seconds()) / 60) for _n in range(29)] + [
        1,
        round(LONGEST.total_seconds() / 60),
    ]
    for number, wait in enumerate(minutes):
        tag = {"uid": "t1", "event": "contact.tag_added", "config": {"tags": [f"wait {number}"]}, "conditions": None}
        waits = make.action("w", "wait.duration", days=wait // 1440, minutes=wait % 1440)
        make.workflow(waits, make.action("a", "contact.adjust_score", points=1), name=str(number), triggers=[tag])
        make.tag(make.contact(first_name=str(number)), f"wait {number}")
    now = datetime.now(UTC)
    sweeping.drain(now)
    assert Run.objects.filter(status="waiting").count() == len(minutes)

    for wait in sorted(set(minutes)):
        due = now + timedelta(minutes=wait)
        still = sum(other >= wait for other in minutes)
        sweeping.drain(due - timedelta(microseconds=1))
        assert Run.objects.filter(status="waiting").count() == still
        sweeping.drain(due)
        sweeping.drain(due)
        assert Run.objects.filter(status="waiting").count() == still - minutes.count(wait)

    assert set(Run.objects.values_list("status", flat=True)) == {"done"}
    assert Counter(ActionRun.objects.values_list("uid", flat=True)) == {"w": len(minutes), "a": len(minutes)}
    ends = ActionRun.objects.filter(uid="w").annotate(after=F("finished_at") - F("started_at"))
    assert sorted(end.after for end in ends) == sorted(timedelta(minutes=wait) for wait in minutes)
    scores = Run.objects.values_list("contact_id", flat=True)
    assert [make.Contact.objects.get(pk=pk).score for pk in scores] == [1] * len(minutes)


def test_no_moment_in_time_is_left_to_the_broker() -> None:
    """R7: every *later* is a column; no task is sent with a delay, nor retried by Celery."""
    found = []
    for room in ROOMS:
        for path in (Path(settings.BASE_DIR) / room).rglob("*.py"):
            if "tests" not in path.parts and "migrations" not in path.parts:
                found += [f"{path}:{line}" for line in left_to_the_broker(path.read_text())]

    assert found == []


def left_to_the_broker(source: str) -> list[int]:
    """The lines that call something with eta= or countdown=, or call .delay(), .apply_async() or .retry()."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [call.lineno for call in calls if DELAYS & {word.arg for word in call.keywords} or LATER & names_of(call)]


def names_of(call: ast.Call) -> set[str]:
    """How a method is called: by its own name, and with the name of what it is called on."""
    whole = ast.unparse(call.func)
    return {whole, whole.rpartition(".")[2]} if isinstance(call.func, ast.Attribute) else set()


@pytest.mark.parametrize(
    "source", ["f(eta=1)", "x.y(1, countdown=2)", "task.delay()", "task.apply_async((1,))", "self.retry()"]
)
def test_the_source_check_sees_each_way(source: str) -> None:
    assert left_to_the_broker(f"pass\n{source}") == [2]


@pytest.mark.nightly
def test_real_waits_through_a_broker_emptied_fifty_times(fleet: MakeFleet, chance: random.Random) -> None:
    crew = fleet("postgres-broker")
    console = crew.console()
    waits = [chance.randint(2, 60) for _n in range(200)]
    crew.start_engine()
    crew.wait_ready()
    console.ask("prepare_waits", seconds=waits)

    for _flush in range(50):
        empty_queues(crew.store)
        time.sleep(1.2)
    wait_until(lambda: console.ask("open_work") == 0, 60, "the end of all waits")

    lateness = console.ask("lateness")
    print(
        f"{len(lateness)} waits; lateness p50 {percentile(lateness, 0.5):.1f} s, p99 {percentile(lateness, 0.99):.1f} s"
    )
    assert len(lateness) == len(waits)
    assert min(lateness) >= 0
    assert percentile(lateness, 0.99) <= 10
