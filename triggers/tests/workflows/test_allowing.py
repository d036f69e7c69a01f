"""A workflow may do no more than whoever publishes it."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission

from triggers import services
from triggers.models import Workflow
from triggers.problems import Invalid
from triggers.tests import make
from triggers.workflows.allowing import forbidden

pytestmark = pytest.mark.django_db

NOTE = make.action("a2", "note.create", body="Called")
BRANCHED: dict[str, Any] = {
    "uid": "b", "branch": [{"uid": "c", "name": "Any", "if": {"field": "contact.email", "op": "is_set"}, "then": [NOTE]}],
}  # fmt: skip


def publisher(*permissions: str) -> Any:
    user = make.user("clara")
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def test_what_the_publisher_may_not_do_is_refused_at_its_place() -> None:
    flow = services.create("Notes", make.document(make.action("a1", "data.set", values={"a": "b"}), BRANCHED))

    with pytest.raises(Invalid) as refused:
        services.publish(flow, by=publisher("publish_workflow"))

    [problem] = refused.value.problems
    assert problem.path == ("actions", 1, "branch", 0, "then", 0, "action")
    assert "“Can add note”" in problem.message
    flow.refresh_from_db()
    assert (flow.status, flow.current) == (Workflow.Status.DRAFT, None)


def test_who_may_do_it_by_hand_may_publish_it() -> None:
    flow = services.create("Notes", make.document(BRANCHED))

    services.publish(flow, by=publisher("add_note"))

    assert flow.is_matching


def test_secrets_are_asked_for_where_they_are_used() -> None:
    open_call = make.action("a1", "http.request", url="https://example.com/")
    with_secret = make.action("a1", "http.request", url="https://example.com/", credential="erp")
    nobody = publisher()

    found = [list(forbidden(make.document(node), nobody)) for node in (open_call, with_secret)]

    assert [len(problems) for problems in found] == [0, 1]


def test_rolling_back_asks_as_publishing_does_and_commands_may_do_anything() -> None:
    flow = make.workflow(NOTE)

    with pytest.raises(Invalid):
        services.roll_back(flow, 1, by=publisher())

    assert services.roll_back(flow, 1).number == 2
