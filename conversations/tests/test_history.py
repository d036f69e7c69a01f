"""What the timeline tells of messages."""

from typing import Any
from uuid import uuid4

import pytest

from contacts.timeline import page
from conversations.models import Message
from conversations.services import receive_reply
from triggers import sweeping
from triggers.models import ActionRun
from triggers.tests import make

pytestmark = pytest.mark.django_db


def told(contact: Any, **values: Any) -> tuple[str, str, str, str]:
    Message.objects.create(
        **{"contact": contact, "direction": "out", "key": uuid4(), "subject": "Hello", "status": "sent", **values}
    )
    item = page(contact.pk, kind="messages").items[0]
    return item.who, item.what, item.detail, item.tone


@pytest.mark.parametrize(
    ("values", "what", "detail", "tone"),
    [
        ({}, "E-mail sent", "Hello", "ok"),
        ({"status": "failed", "reason": "No such user."}, "E-mail failed", "Hello – No such user.", "bad"),
        ({"status": "suppressed", "reason": "Unsubscribed."}, "E-mail not sent", "Hello – Unsubscribed.", ""),
        ({"status": "queued", "reason": "Quiet hours."}, "E-mail on its way", "Hello – Quiet hours.", "wait"),
        ({"status": "uncertain"}, "E-mail may have been sent", "Hello", "wait"),
    ],
)
def test_each_state_in_words(values: dict[str, Any], what: str, detail: str, tone: str) -> None:
    assert told(make.contact(), **values) == ("", what, detail, tone)


def test_the_run_knows_more_than_an_open_message() -> None:
    contact = make.contact()
    make.workflow(make.action("w", "wait.duration", days=1), name="Welcome")
    make.tag(contact)
    sweeping.drain()
    action = ActionRun.objects.get()
    ActionRun.objects.update(status="cancelled", error="Stopped by hand.")

    said = told(contact, status="queued", key=action.key, workflow_id=action.run.workflow_id)

    assert said == ("Welcome", "E-mail stopped", "Hello – Stopped by hand.", "")


def test_what_came_in_is_told_once() -> None:
    contact = make.contact()
    receive_reply(contact, "Yes", subject="Re: Hello")

    assert [item.what for item in page(contact.pk, kind="messages").items] == ["Customer replied"]
