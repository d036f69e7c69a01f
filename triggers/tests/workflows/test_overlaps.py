"""Workflows that would write to one person twice, and those that start one another in a circle."""

from typing import Any

import pytest

from triggers.models import Workflow
from triggers.tests import make
from triggers.workflows.overlaps import beside, circles, overlaps

pytestmark = pytest.mark.django_db
MAIL = make.action("m", "email.send", subject="Welcome", text="Good day")


def tagged(*tags: str, country: str = "") -> list[dict[str, Any]]:
    asked = {"all": [{"field": "contact.country", "op": "is", "value": country}]} if country else None
    return [{**make.TAGGED, "config": {"tags": list(tags)} if tags else {}, "conditions": asked}]


def pair(one: list[dict[str, Any]], other: list[dict[str, Any]]) -> list[Any]:
    return overlaps([make.workflow(MAIL, name="One", triggers=one), make.workflow(MAIL, name="Other", triggers=other)])


@pytest.mark.parametrize(
    ("one", "other"),
    [(tagged(), tagged()), (tagged("VIP"), tagged()), (tagged("VIP", "New"), tagged("vip")),
     (tagged("VIP", country="DE"), tagged("VIP"))],
)  # fmt: skip
def test_what_nothing_keeps_apart_overlaps(one: list[Any], other: list[Any]) -> None:
    [found] = pair(one, other)

    assert (found.event, found.one.name, found.other.name) == ("contact.tag_added", "One", "Other")


@pytest.mark.parametrize(
    ("one", "other"),
    [(tagged("VIP"), tagged("New")), (tagged("VIP", country="DE"), tagged("VIP", country="FR")),
     (tagged(), [{"uid": "t1", "event": "contact.created", "config": {}}])],
)  # fmt: skip
def test_what_asks_for_other_values_or_another_event_does_not(one: list[Any], other: list[Any]) -> None:
    assert pair(one, other) == []


def test_only_live_workflows_that_write_count() -> None:
    quiet = make.workflow(name="Quiet")
    paused = make.workflow(MAIL, name="Paused")
    paused.status = Workflow.Status.PAUSED

    assert overlaps([quiet, paused, make.workflow(MAIL, name="One")]) == []


def test_a_circle_is_told_once_from_its_first() -> None:
    flows = [make.workflow(name=name) for name in ("a", "b", "c", "d")]
    for flow, target in zip(flows, ("b", "c", "a", "a"), strict=True):
        flow.current.document = make.document(make.action("s", "workflow.start", workflow=target))

    assert [[flow.name for flow in circle] for circle in circles(flows)] == [["a", "b", "c"]]


def test_a_draft_is_compared_with_what_is_live() -> None:
    make.workflow(MAIL, name="Also", triggers=tagged("VIP"))
    make.workflow(MAIL, name="Elsewhere", triggers=tagged("VIP", country="FR"))
    make.workflow(name="Silent", triggers=tagged("VIP"))
    mine = make.workflow(MAIL, name="Mine", triggers=tagged("Other"))

    found = beside(mine, make.document(MAIL, triggers=tagged("VIP", country="DE")))

    assert [(each.event, each.one.name, each.other.name) for each in found] == [("contact.tag_added", "Mine", "Also")]
    assert beside(mine, make.document(triggers=tagged("VIP"))) == []
