"""task.assign: by title, or all that are open."""

import pytest

from contacts.models import Task
from contacts.tests import make
from contacts.tests.actions import play

pytestmark = pytest.mark.django_db


def held_by() -> list[tuple[str, str | None]]:
    return list(Task.objects.order_by("pk").values_list("title", "assignee__username"))


def test_all_open_tasks_go_to_the_owner_and_each_is_told() -> None:
    ana, ben = make.user("ana"), make.user("ben")
    mia = make.contact(owner=ana)
    make.task(mia, "Call", assignee=ben)
    make.task(mia, "Write")
    make.task(mia, "Done", assignee=ben, completed_at=play.NOW)
    make.task(make.contact(), "Other", assignee=ben)

    done = play.perform("task.assign", mia)

    assert (done.status, done.summary) == ("done", "Gave 2 tasks to ana.")
    assert held_by() == [("Call", "ana"), ("Write", "ana"), ("Done", "ben"), ("Other", "ben")]
    assert [event.cause for event in make.events("task.changed")] == [done.key, done.key]


def test_only_those_with_the_title_in_any_case() -> None:
    make.user("ana")
    mia = make.contact()
    for title in ("Call Mia", "Write"):
        make.task(mia, title)

    play.perform("task.assign", mia, assignee="ana", title="CALL {{ contact.first_name }}")

    assert held_by() == [("Call Mia", "ana"), ("Write", None)]


@pytest.mark.parametrize(
    ("config", "why"),
    [
        ({}, "The contact has no owner who could take its tasks."),
        ({"assignee": "ana"}, "The contact has no such open task of somebody else's."),
        ({"assignee": "ana", "title": "Write"}, "The contact has no such open task of somebody else's."),
    ],
)
def test_without_anything_to_hand_over_nothing_happens(config: dict[str, str], why: str) -> None:
    mia = make.contact()
    make.task(mia, "Call", assignee=make.user("ana"))

    done = play.perform("task.assign", mia, **config)

    assert (done.status, done.error or done.summary) == ("skipped", why)
    assert make.events("task.changed") == []


def test_preview() -> None:
    assert play.preview("task.assign", None) == "Gives all open tasks of the contact to the contact's owner."
    said = play.preview("task.assign", None, assignee="ana", title="{{ event.body }}")
    assert said == "Gives the open tasks called “Called back” to ana."


def test_a_user_who_is_not_there_is_named() -> None:
    assert [path for path, _why in play.problems("task.assign", assignee="nobody")] == [".assignee"]
