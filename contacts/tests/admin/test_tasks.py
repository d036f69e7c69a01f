"""My tasks, one task's form, and the calendar's address, in the admin."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from contacts.models import CalendarFeed, Task
from contacts.tests import make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
MINE = "/admin/contacts/task/mine/"
MAY = ("view_task", "change_task", "add_task", "view_contact")


def me(client: Client) -> int:
    return int(client.session["_auth_user_id"])


def test_my_tasks_stand_by_when_they_are_due() -> None:
    client = visit.staff(*MAY)
    make.task(make.contact(), "Call", assignee_id=me(client), due_at=timezone.now() - timedelta(days=2))
    make.task(None, "Some day", assignee_id=me(client))
    make.task(None, "Another's", assignee=make.user())

    said = visit.text(client, MINE)

    assert "My tasks 1 task is overdue." in said
    assert said.index("Overdue 1 Call Mia") < said.index("No date 1 Some day")
    assert "Another's" not in said
    assert visit.refused_by_policy(client.get(MINE).content.decode()) == []


def test_one_click_completes_and_another_takes_it_back() -> None:
    client = visit.staff(*MAY)
    task = make.task(None, "Call", assignee_id=me(client), due_on=date(2026, 1, 1), repeats="daily")

    told = visit.pressed(client, f"/admin/contacts/task/{task.pk}/do/complete/", next=MINE)
    assert told == "Completed. It is due again: today."
    assert "Done today 1 Call" in visit.text(client, MINE)
    assert visit.pressed(client, f"/admin/contacts/task/{task.pk}/do/reopen/", next=MINE) == "Open again."

    task.refresh_from_db()
    assert task.completed_at is None


def test_the_page_needs_the_permission_and_offers_only_what_one_may() -> None:
    assert visit.staff("view_contact").get(MINE).status_code == 403

    looker = visit.staff("view_task", name="looker")
    make.task(None, "Call", assignee_id=me(looker))
    page = looker.get(MINE).content.decode()
    assert "Call" in page
    assert "/do/complete/" not in page


def test_the_list_of_mine_asks_a_bounded_number_of_questions(django_assert_max_num_queries) -> None:
    client = visit.staff(*MAY)
    for n in range(40):
        make.task(make.contact(first_name=f"P{n}"), assignee_id=me(client), due_at=timezone.now())

    with django_assert_max_num_queries(20):
        assert client.get(MINE).status_code == 200


def test_the_calendars_address_is_shown_once_and_can_be_switched_off() -> None:
    client = visit.staff(*MAY)

    shown = client.post(f"{MINE}calendar/")
    assert "/cal/" in visit.words(shown.content.decode())
    assert "no-store" in shown["Cache-Control"]
    assert "/cal/" not in client.get(MINE).content.decode()
    assert client.get(f"{MINE}calendar/").status_code == 405

    assert visit.pressed(client, f"{MINE}calendar/off/").startswith("The address is switched off.")
    assert not CalendarFeed.objects.exists()
    assert visit.staff("view_contact", name="other").post(f"{MINE}calendar/").status_code == 403


def form(client: Client, address: str, **values: Any) -> dict[str, Any]:
    shown = client.get(address).context["adminform"].form
    filled = {name: shown[name].value() for name in shown.fields}
    return {name: value for name, value in {**filled, **values}.items() if value is not None}


def test_a_task_is_for_a_day_or_for_a_time() -> None:
    client = visit.boss()
    add = "/admin/contacts/task/add/"

    client.post(add, form(client, add, title="Call", day="2026-06-09", clock="14:30", remind_before="60"))
    timed = Task.objects.get()
    assert (timed.due_at, timed.due_on) == (datetime(2026, 6, 9, 14, 30, tzinfo=UTC), None)
    assert timed.remind_at == datetime(2026, 6, 9, 13, 30, tzinfo=UTC)

    change = f"/admin/contacts/task/{timed.pk}/change/"
    assert form(client, change)["day"] == date(2026, 6, 9)
    client.post(change, form(client, change, clock=""))
    timed.refresh_from_db()
    assert (timed.due_on, timed.due_at) == (date(2026, 6, 9), datetime(2026, 6, 9, 23, 59, 59, tzinfo=UTC))

    client.post(change, form(client, change, day="", remind_before=""))
    timed.refresh_from_db()
    assert (timed.due_on, timed.due_at, timed.remind_at) == (None, None, None)


def test_saving_without_a_change_keeps_the_moment() -> None:
    client, moment = visit.boss(), datetime(2026, 6, 9, 14, 30, 12, tzinfo=UTC)
    task = make.task(None, due_at=moment)
    change = f"/admin/contacts/task/{task.pk}/change/"

    client.post(change, form(client, change))

    task.refresh_from_db()
    assert task.due_at == moment


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"clock": "14:30"}, "day"),
        ({"day": "2026-02-30"}, "day"),
        ({"day": "9999-12-31"}, "day"),
        ({"day": "0001-01-01", "clock": "00:00"}, "day"),
        ({"day": "9999-12-31", "clock": "23:59"}, "day"),
        ({"remind_before": "15"}, "remind_before"),
        ({"repeats": "weekly"}, "repeats"),
        ({"day": "2026-06-09", "repeats": "weekly", "repeat_every": "0"}, "repeat_every"),
        ({"day": "2026-06-09", "repeats": "weekly", "repeat_until": "2026-06-08"}, "repeat_until"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(values: dict[str, Any], field: str) -> None:
    client, add = visit.boss(), "/admin/contacts/task/add/"

    answer = client.post(add, form(client, add, title="Call", **values))

    assert list(answer.context["adminform"].form.errors) == [field]
    assert not Task.objects.exists()


def test_who_may_only_look_sees_when_it_is_due() -> None:
    task = make.task(None, "Call", due_at=datetime(2026, 6, 9, 14, 30, tzinfo=UTC))

    assert "14:30" in visit.text(visit.staff("view_task"), f"/admin/contacts/task/{task.pk}/change/")
