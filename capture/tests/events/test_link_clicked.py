"""`link.clicked`: which links start a workflow."""

import re
from typing import Any

import pytest
from django.apps import apps

from capture import links
from capture.events.link_clicked import LinkClicked, Which
from capture.models import TriggerLink
from capture.tests import make
from contacts.tests import make as contacts
from triggers import registry, services, sweeping
from triggers.models import Run
from triggers.tests import make as engine
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


@pytest.mark.parametrize(("action", "channel"), [("email.send", "email"), ("sms.send", "sms")])
def test_it_says_in_which_message_the_link_stood(settings: Any, action: str, channel: str) -> None:
    """Also where the link of a mail goes by way of us, and where whoever reads the token changes it."""
    settings.EMAIL_BACKEND = "conversations.mailbox.MailboxBackend"
    TriggerLink.objects.create(name="Mine", destination="https://example.com")
    anna = contacts.contact(first_name="Anna", email="anna@example.org", phone="+4930123456")
    said: dict[str, Any] = {"text": "Look: {{ links.mine }}"}
    if channel == "email":
        said |= {"subject": "Hi", "html": '<a href="{{ links.mine }}">Look</a>', "track_clicks": True}
    engine.workflow(engine.action("a1", action, **said))
    engine.tag(anna)
    sweeping.drain()
    message = apps.get_model("conversations.Message").objects.get(contact=anna)
    [address] = re.findall(r"/l/[^/ ]+/", message.text)

    make.VISITOR.get(address, headers={"User-Agent": make.BROWSER})
    assert make.VISITOR.get(address.replace(f".{message.pk}:", ".999:")).status_code == 404

    told = engine.last_event("link.clicked")
    assert (told.data["channel"], told.data["message_id"], told.contact_id) == (channel, message.pk, anna.pk)
    assert [link for link in message.links if "/l/" in link] == [settings.PUBLIC_URL + address] * (channel == "email")
