"""Tasks, do-not-disturb and scores over the API."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from contacts.models import Contact, ScoreRule, Task
from contacts.tests import make
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db
TASKS = "/api/v1/tasks/"


def client() -> Any:
    return calls.client(
        *(f"{what}:{verb}" for what in ("contacts", "tasks", "score-rules") for verb in ("read", "write"))
    )


def test_a_task_is_for_a_day_or_a_moment() -> None:
    web = client()

    made = web.post(TASKS, {"title": "Call", "due_on": "2026-06-09", "remind_before": 60}, format="json").json()
    assert (made["due_on"], made["due_at"], made["remind_at"]) == (
        "2026-06-09", "2026-06-09T23:59:59Z", "2026-06-09T08:00:00Z",
    )  # fmt: skip

    moved = web.patch(f"{TASKS}{made['id']}/", {"due_at": "2026-06-10T10:00:00Z"}, format="json").json()
    assert (moved["due_on"], moved["due_at"], moved["remind_at"]) == (
        None, "2026-06-10T10:00:00Z", "2026-06-10T09:00:00Z",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"due_on": "2026-02-30"}, "due_on"),
        ({"due_on": "2026-06-09", "due_at": "2026-06-09T10:00:00Z"}, "due_on"),
        ({"due_at": "0001-01-01T00:00:00Z"}, "due_at"),
        ({"due_on": "9999-12-31"}, "due_on"),
        ({"remind_before": 5}, "remind_before"),
        ({"repeats": "hourly"}, "repeats"),
        ({"repeats": "daily"}, "repeats"),
        ({"due_on": "2026-06-09", "repeats": "daily", "repeat_every": 0}, "repeat_every"),
        ({"due_on": "2026-06-09", "repeats": "daily", "repeat_until": "2026-06-08"}, "repeat_until"),
        ({"assignee": "nobody"}, "assignee"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(body: dict[str, Any], field: str) -> None:
    answer = client().post(TASKS, {"title": "Call", **body}, format="json")

    assert answer.status_code == 400
    assert list(calls.errors(answer)) == [field]
    assert not Task.objects.exists()


def test_a_repeating_task_is_completed_followed_and_reopened() -> None:
    web, ana = client(), make.user("ana")
    task = web.post(
        TASKS,
        {"title": "Call", "due_at": "2026-06-09T10:00:00Z", "repeats": "weekly", "assignee": "ana"},
        format="json",
    ).json()

    done = web.post(f"{TASKS}{task['id']}/complete/").json()
    again = web.post(f"{TASKS}{task['id']}/reopen/").json()
    web.post(f"{TASKS}{task['id']}/complete/")

    following = Task.objects.exclude(pk=task["id"]).get()
    assert (done["completed_at"] is not None, again["completed_at"]) == (True, None)
    assert (following.follows_id, following.assignee) == (task["id"], ana)


def test_tasks_are_narrowed_by_when_they_are_due() -> None:
    now, web = timezone.now(), client()
    make.task(None, "Late", due_at=now - timedelta(hours=1), remind_at=now)
    make.task(None, "Far", due_at=now + timedelta(days=30), assignee=make.user(), repeats="daily")
    make.task(None, "Undated")
    make.task(None, "Done", due_at=now - timedelta(days=1), completed_at=now)

    def titles(**query: Any) -> set[str]:
        return {row["title"] for row in web.get(TASKS, query).json()["results"]}

    assert titles(due="overdue") == {"Late"}
    assert titles(due="later") == {"Far"}
    assert titles(due="none") == {"Undated"}
    assert titles(due_after=now.isoformat()) == {"Far"}
    assert titles(remind_before=(now + timedelta(minutes=1)).isoformat()) == {"Late"}
    assert titles(unassigned="true", open="true") == {"Late", "Undated"}
    assert titles(repeats="daily") == {"Far"}
    assert titles(completed_since=(now - timedelta(minutes=1)).isoformat()) == {"Done"}
    assert web.get(TASKS, {"due": "soon"}).status_code == 400


def test_do_not_disturb_keeps_who_asked_and_why() -> None:
    mia, web = make.contact(), client()
    at = f"/api/v1/contacts/{mia.pk}/"

    web.post(f"{at}dnd/", {"channels": ["sms"], "on": True, "direction": "inbound", "reason": "STOP"}, format="json")
    refused = web.post(f"{at}dnd/", {"channels": ["sms"], "on": True, "direction": "sideways"}, format="json")

    [change] = web.get(f"{at}dnd-changes/").json()["results"]
    assert (change["channel"], change["enabled"], change["direction"], change["reason"]) == (
        "sms", True, "inbound", "STOP",
    )  # fmt: skip
    assert change["actor"] == "api"
    assert list(calls.errors(refused)) == ["direction"]


def test_score_rules_are_checked_as_in_the_admin_and_steps_are_listed() -> None:
    mia, web = make.contact(), client()
    rules = "/api/v1/score-rules/"

    refused = web.post(rules, {"name": "X", "event_type": "nope", "points": 5}, format="json")
    made = web.post(
        rules, {"name": "Note", "event_type": "note.added", "points": 5, "conditions": None}, format="json"
    ).json()
    wrong = web.patch(f"{rules}{made['id']}/", {"conditions": {"field": "event.x", "op": "is"}}, format="json")
    web.post(f"/api/v1/contacts/{mia.pk}/score/", {"points": 3, "reason": "Came by"}, format="json")

    assert list(calls.errors(refused)) == ["event_type"]
    assert list(calls.errors(wrong)) == ["conditions"]
    assert ScoreRule.objects.get().points == 5
    [step] = web.get(f"/api/v1/contacts/{mia.pk}/score-changes/").json()["results"]
    assert (step["delta"], step["after"], step["reason"], step["rule"]) == (3, 3, "Came by", None)
    assert Contact.objects.get().score == 3


def test_a_moment_is_told_in_utc() -> None:
    task = make.task(None, due_at=datetime(2026, 3, 4, 10, tzinfo=UTC))

    assert client().get(f"{TASKS}{task.pk}/").json()["due_at"] == "2026-03-04T10:00:00Z"
