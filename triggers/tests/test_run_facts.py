"""What conditions and messages of a run may name, and that nothing is loaded which nobody names."""

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from triggers.models import Event, Run
from triggers.run_context import RunContext
from triggers.run_facts import Roots, RunFacts
from triggers.shelf import Shelf
from triggers.tests import make
from triggers.workflows import document

pytestmark = pytest.mark.django_db

BODY = {"items": [{"name": "Lamp", "tags": ["a", "b"]}, {"name": "Chair"}], "total": 12}


def context(vars_: dict[str, Any] | None = None) -> RunContext:
    """A run of Anna's that a webhook with BODY has started."""
    anna = make.contact()
    event = Event.objects.create(
        type="webhook.received",
        contact_id=anna.pk,
        data={"webhook_id": 1, "webhook": "Orders", "method": "POST", "body": BODY, "contact_id": anna.pk},
    )
    flow = make.workflow(make.action("a1", "run.stop"))
    assert flow.current_id is not None
    run = Run(workflow=flow, version_id=flow.current_id, event=event, contact_id=anna.pk, vars=vars_ or {})
    doc = document.of_version(flow.current_id)
    return RunContext(run, event, doc, doc.nodes["a1"], uuid4(), timezone.now())


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ event.body.items[0].name }}", "Lamp"),
        ("{% for item in event.body.items %}{{ item.name }} {% endfor %}", "Lamp Chair "),
        ("{{ event.body.items[0].tags }}", "a, b"),
        ("{{ event.body.total }} {{ contact.first_name }}", "12 Anna"),
        ("{{ vars.list[0].name }} {{ actions.i1.status }}", "Shelf 200"),
        ("{{ vars.gone }}{{ contact.gone }}{{ task.title }}", ""),
    ],
)
def test_messages_name_what_lies_within_lists_and_objects(source: str, text: str) -> None:
    ctx = context({"list": [{"name": "Shelf"}], "@i1": {"status": 200}})

    assert ctx.render(source) == text


def test_a_change_reads_as_its_new_value_in_messages_and_as_both_in_conditions() -> None:
    ctx = context()
    ctx.event.type = "contact.changed"
    ctx.event.data = {"contact_id": ctx.contact_id}
    ctx.event.changes = {"country": {"old": "", "new": "DE"}}

    assert ctx.render("{{ event.country }}") == "DE"
    assert ctx.facts["event.country"] == ("", "DE")


def test_parts_are_named_by_their_place_in_conditions() -> None:
    facts = context({"list": [{"name": "Shelf"}]}).facts

    assert (facts["event.body.items.1.name"], facts["vars.list.0.name"], "vars.list.7" in facts) == (
        "Chair", "Shelf", False,
    )  # fmt: skip
    assert len(facts) == len(list(facts))


def test_what_nobody_names_is_not_loaded(django_assert_num_queries: Any) -> None:
    run = context().run
    values = Roots(RunFacts(run, Shelf([run])))

    with django_assert_num_queries(0):
        assert values["event"]["body"]["total"] == 12
        with pytest.raises(KeyError):
            values["nobody"]
    with django_assert_num_queries(3):  # the contact, its tags, and whether the custom fields are still the same
        assert values["contact"]["first_name"] == "Anna"
