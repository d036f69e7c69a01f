"""Filters of the lists of contacts and tasks."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from contacts.tests import make
from contacts.todo import agenda
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
LIST = "/admin/contacts/contact/"
TASKS = "/admin/contacts/task/"


def test_filters_by_tag_and_owner() -> None:
    ana = make.user("ana", is_staff=True)
    mia, ben = make.contact(owner=ana), make.contact(first_name="Ben", email="ben@example.org")
    tag = make.tag("VIP", mia)
    client = visit.staff("view_contact")

    def listed(query: str) -> list[int]:
        return [row.pk for row in client.get(f"{LIST}?{query}").context["cl"].result_list]

    assert listed(f"tag={tag.pk}") == [mia.pk]
    assert listed(f"owner={ana.pk}") == [mia.pk]
    assert listed("owner=nobody") == [ben.pk]
    assert listed("owner=me") == []
    assert listed("q=ben@") == [ben.pk]


def test_the_list_shows_open_ones_mine_and_overdue_on_request() -> None:
    client = visit.staff("view_task")
    me, spans = client.session["_auth_user_id"], agenda.bounds()
    make.task(None, "Late", due_at=timezone.now() - timedelta(hours=1), assignee_id=me)
    make.task(None, "Tonight", due_at=spans.tomorrow - timedelta(seconds=1))
    make.task(None, "Next week", due_at=spans.monday)
    make.task(None, "Some day")
    make.task(None, "Over", completed_at=timezone.now())

    def listed(query: str = "") -> set[str]:
        return {row.title for row in client.get(f"{TASKS}?{query}").context["cl"].result_list}

    assert listed() == {"Late", "Tonight", "Next week", "Some day"}
    assert listed("due=overdue") == {"Late"}
    assert listed("due=today") == {"Tonight"}
    assert listed("due=week") == set()
    assert listed("due=later") == {"Next week"}
    assert listed("due=none") == {"Some day"}
    assert listed("due=done") == {"Over"}
    assert listed("who=me") == {"Late"}
    assert listed("who=nobody") == {"Tonight", "Next week", "Some day"}


def test_a_tag_beyond_the_first_is_offered_when_it_is_chosen() -> None:
    for n in range(26):
        make.tag(f"tag {n:02}")
    last = make.tag("zebra", make.contact())
    client = visit.staff("view_contact")

    assert str(last.pk) not in {value for value, _name in lookups(client.get(LIST))}
    assert str(last.pk) in {value for value, _name in lookups(client.get(f"{LIST}?tag={last.pk}"))}
    assert "Tag: zebra" in visit.text(client, f"{LIST}?tag={last.pk}")


def lookups(answer: Any) -> list[tuple[str, str]]:
    """What the filter by tag offers."""
    return next(
        spec.lookup_choices
        for spec in answer.context["cl"].filter_specs
        if getattr(spec, "parameter_name", "") == "tag"
    )
