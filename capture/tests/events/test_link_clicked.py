"""`link.clicked`: which links start a workflow."""

import pytest

from capture import links
from capture.events.link_clicked import LinkClicked, Which
from capture.models import TriggerLink
from capture.tests import make
from contacts.tests import make as contacts
from triggers import registry, services, sweeping
from triggers.models import Run
from triggers.workflows import checking

pytestmark = pytest.mark.django_db


def test_it_is_in_the_registry() -> None:
    assert registry.events["link.clicked"] is LinkClicked
    assert (str(LinkClicked.label), LinkClicked.section) == ("Trigger link clicked", "Event Triggers")


def test_named_links_narrow_it() -> None:
    assert LinkClicked.narrow(Which()) is None
    assert LinkClicked.narrow(Which(links=[2])) == {"field": "event.link_id", "op": "is_any_of", "value": [2]}


def test_a_workflow_starts_for_its_link() -> None:
    mine = TriggerLink.objects.create(name="Mine", destination="https://example.com")
    other = TriggerLink.objects.create(name="Other", destination="https://example.com")
    anna = contacts.contact(first_name="Anna")
    trigger = {"uid": "t1", "event": "link.clicked", "config": {"links": [mine.pk]}, "conditions": None}
    tags = {"uid": "a1", "action": "contact.add_tag", "config": {"tags": ["Hot"]}}
    services.publish(services.create("Hot", {"triggers": [trigger], "actions": [tags], "settings": {}}))

    for link in (mine, other):
        make.VISITOR.get(f"/l/{links.token(link.pk, anna.pk)}/", headers={"User-Agent": make.BROWSER})
    sweeping.drain()

    assert Run.objects.count() == 1
    assert contacts.tags_of(anna) == {"Hot"}


def test_a_link_that_is_not_there_is_told() -> None:
    trigger = {"uid": "t1", "event": "link.clicked", "config": {"links": [999]}, "conditions": None}

    found = checking.check({"triggers": [trigger], "actions": [], "settings": {}})

    assert "There is no trigger link “999”. It may have been deleted; choose another." in [p.message for p in found]
