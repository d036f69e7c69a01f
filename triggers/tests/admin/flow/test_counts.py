"""The numbers beside the points of a workflow."""

from datetime import timedelta

import pytest

from triggers import sweeping
from triggers.action_types import Fail
from triggers.admin.flow.counts import count
from triggers.models import Run
from triggers.tests import make
from triggers.tests.probes import probe

pytestmark = pytest.mark.django_db
SET = make.action("a1", "data.set", values={"seen": "yes"})
WAIT = make.action("w", "wait.duration", days=2)


def test_what_passed_waits_and_was_missed_is_counted_by_point(django_assert_num_queries) -> None:
    flow = make.workflow(SET, WAIT, triggers=[{**make.TAGGED, "config": {"tags": ["VIP"]}}])
    for name in ("VIP", "VIP", "Other"):
        make.tag(make.contact(), name)
    sweeping.drain()

    with django_assert_num_queries(3):
        found = count(flow)

    assert (dict(found.started), dict(found.missed)) == ({"t1": 2}, {"t1": 1})
    assert (dict(found.passed), dict(found.waiting), dict(found.failed)) == ({"a1": 2}, {"w": 2}, {})


def test_failures_are_counted_and_tests_are_not() -> None:
    with probe(Fail("Refused.")):
        flow = make.workflow(make.action("a1", "probe", tag="x"))
        make.tag(make.contact())
        make.tag(make.contact())
        sweeping.drain()
    Run.objects.filter(pk=make.runs(flow)[1].pk).update(mode=Run.Mode.TEST)

    found = count(flow)

    assert (dict(found.failed), dict(found.passed), dict(found.started)) == ({"a1": 1}, {}, {"t1": 1})


def test_what_began_long_ago_counts_only_while_it_waits() -> None:
    flow = make.workflow(SET, WAIT)
    make.tag(make.contact())
    sweeping.drain()
    Run.objects.update(created_at=make.runs(flow)[0].created_at - timedelta(days=31))

    found = count(flow)

    assert (dict(found.passed), dict(found.waiting)) == ({}, {"w": 1})
