"""Where used: everything that workflows name, wherever in their documents it stands."""

from typing import Any

import pytest

from contacts.models import Tag
from triggers import services
from triggers.models import Workflow
from triggers.tests import make
from triggers.workflows.uses import where_used

pytestmark = pytest.mark.django_db
VIP = {"field": "event.tag", "op": "is", "value": "VIP"}


def named(*flows: Workflow) -> dict[str, dict[str, list[tuple[str, str]]]]:
    return {
        str(thing.label): {each.called: [(use.workflow.name, use.kind) for use in each.uses] for each in found}
        for thing, found in where_used(flows)
    }


def draft(name: str, *actions: dict[str, Any], **kwargs: Any) -> Workflow:
    return services.create(name, make.document(*actions, **kwargs))


def test_tags_are_found_in_triggers_actions_and_conditions_whatever_their_case() -> None:
    Tag.objects.create(name="VIP")
    one = draft("One", triggers=[{**make.TAGGED, "config": {"tags": ["vip"]}}])
    two = draft("Two", make.action("a", "contact.add_tag", tags=["VIP", "New"]))
    node = {"uid": "b", "branch": [{"uid": "b1", "if": {"any": [VIP, {"not": VIP}]}, "then": []}]}
    three = draft("Three", node)

    assert named(one, two, three)["Tags"] == {
        "New": [("Two", "contact.add_tag")],
        "VIP": [("One", "contact.tag_added"), ("Two", "contact.add_tag"), ("Three", "")],
    }


def test_workflows_are_called_by_name_also_where_they_are_chosen() -> None:
    target = make.workflow(name="Welcome them")
    chosen = draft(
        "Choose",
        make.action("c", "workflow.choose", field="contact.city", cases={"Berlin": target.slug}, otherwise="gone"),
    )

    assert named(chosen)["Workflows"] == {
        "gone": [("Choose", "workflow.choose")], "Welcome them": [("Choose", "workflow.choose")],
    }  # fmt: skip


def test_the_live_document_counts_where_there_is_one() -> None:
    flow = make.workflow(make.action("a", "contact.add_tag", tags=["Live"]))
    flow.draft = make.document(make.action("a", "contact.add_tag", tags=["Draft"]))
    flow.save()

    assert list(named(flow)["Tags"]) == ["Live"]


@pytest.mark.parametrize("wrong", [{}, {"actions": 3}, {"triggers": [{"config": 4, "conditions": {"all": 5}}]}])
def test_whatever_json_it_is_nothing_raises(wrong: Any) -> None:
    assert named(services.create("Wrong", wrong)) == {}
