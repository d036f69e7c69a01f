"""Which runs need a person."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from triggers.models import Run
from triggers.tests import make
from triggers.wording import attention

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def run(status: str, days_ago: int = 0) -> Run:
    make.tag(make.contact(), f"{status}-{days_ago}")
    flow = make.workflow(name=f"{status} {days_ago}")
    return Run.objects.create(
        workflow=flow, version=flow.current, event=make.last_event("contact.tag_added"), status=status,
        finished_at=NOW - timedelta(days=days_ago),
    )  # fmt: skip


def test_failed_uncertain_and_held_runs_need_a_person_and_no_others() -> None:
    wanted = {run(status).pk for status in ("failed", "uncertain", "held")}
    for status in ("done", "waiting", "cancelled", "skipped", "observed", "pending"):
        run(status)

    assert set(attention.failures().values_list("pk", flat=True)) == wanted


def test_what_failed_long_ago_is_no_news_but_what_is_undecided_stays() -> None:
    run("failed", days_ago=2)
    undecided, fresh = run("uncertain", days_ago=9), run("failed")

    since = NOW - timedelta(days=1)
    assert list(attention.failed(since)) == [fresh]
    assert list(attention.stuck()) == [undecided]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a table of three rows to its end")
def test_what_is_stuck_is_found_without_reading_every_run() -> None:
    assert "run_attention" in attention.stuck().explain()
