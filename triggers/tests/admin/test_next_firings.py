"""What the clock would bring next, on the page of the workflow that waits for it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contacts.models import Task
from triggers import services
from triggers.admin.next_firings import next_firings
from triggers.tests import make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


def document(**config: Any) -> dict[str, Any]:
    reminder = {"uid": "t1", "event": "task.reminder_due", "config": config, "conditions": None}
    tagged = {"uid": "t2", "event": "contact.tag_added", "config": {}, "conditions": None}
    return make.document(make.action("a1", "run.stop"), triggers=[reminder, tagged])


def test_the_next_five_are_told_with_whom_they_are_about() -> None:
    anna = make.contact()
    for day in range(1, 8):
        Task.objects.create(title=f"Call {day}", contact=anna, due_at=NOW + timedelta(days=day))

    [found] = next_firings(document(when="on"), NOW)

    assert found.label == "Task reminder due"
    assert found.rows == [
        (NOW + timedelta(days=day), "Anna", f"/admin/contacts/contact/{anna.pk}/change/") for day in range(1, 6)
    ]


@pytest.mark.parametrize("draft", [None, [], {"triggers": 7}, {"triggers": [None, {"event": 3}]}, document(amount=-1)])
def test_what_is_no_document_yet_has_none(draft: Any) -> None:
    assert next_firings(draft, NOW) == []


def test_the_page_shows_them() -> None:
    flow = services.create("Call back", document(when="before", amount=1, unit="hours"))
    soon = datetime.now(UTC) + timedelta(days=2)
    Task.objects.create(title="Call", contact=make.contact(), due_at=soon)

    page = visit.text(visit.boss(), f"/admin/triggers/workflow/{flow.pk}/change/")

    assert "Next: Task reminder due" in page
    assert "Anna" in page
