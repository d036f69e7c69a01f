"""What change lists share: a run's state in words, and the filter by workflow."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib import admin
from django.test import RequestFactory

from triggers.admin.lists import MOST_WORKFLOWS, WorkflowFilter, run_words
from triggers.models import Run
from triggers.tests import make

NOW = datetime(2026, 6, 9, 10, 50, tzinfo=UTC)


@pytest.mark.parametrize(
    ("run", "place", "said"),
    [
        (Run(status="waiting", due_at=NOW + timedelta(hours=4)), None, "Waiting until 14:50"),
        (Run(status="pending", due_at=NOW + timedelta(minutes=2)), None, "Tries again 10:52"),
        (Run(status="pending", due_at=NOW - timedelta(minutes=2)), None, "Due"),
        (Run(status="failed"), 4, "Failed at action 4"),
        (Run(status="failed"), None, "Failed"),
        (Run(status="cancelled"), None, "Stopped"),
    ],
)
def test_a_runs_state_in_words(run: Run, place: int | None, said: str) -> None:
    assert run_words(run, NOW, place) == said


@pytest.mark.django_db
def test_of_many_workflows_the_first_are_offered_and_the_chosen_one() -> None:
    for n in range(MOST_WORKFLOWS):
        make.workflow(name=f"Flow {n:02}")
    last = make.workflow(name="Zebra")

    def offered(query: str) -> set[str]:
        request = RequestFactory().get(f"/?{query}")
        model_admin = admin.site._registry[Run]
        return {name for _pk, name in WorkflowFilter(request, {}, Run, model_admin).lookup_choices}

    assert "Zebra" not in offered("")
    assert offered(f"workflow={last.pk}") >= {"Zebra", "Flow 00"}
