from datetime import timedelta

import pytest
from django.utils import timezone

from conversations.models import MailboxMail, Message
from conversations.services import receive_reply
from triggers.models import Run, Workflow
from triggers.sweeping import drain
from triggers.tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mailbox")]
REPLIED = {"uid": "t1", "event": "message.customer_replied", "config": {}, "conditions": None}


def replied(conditions: dict[str, object] | None = None, **config: object) -> Workflow:
    actions = [make.action("a1", "email.send", subject="Got it: {{ event.subject_line }}", text="{{ event.body }}")]
    triggers = [{**REPLIED, "config": config, "conditions": conditions}]
    return make.workflow(*actions, triggers=triggers, name="Replies")


def test_a_reply_starts_a_workflow_that_may_quote_it() -> None:
    workflow = replied()

    receive_reply(make.contact(), "Yes, please", subject="Re: Hello")
    drain()

    assert Run.objects.get(workflow=workflow).status == "done"
    mail = MailboxMail.objects.get()
    assert mail.subject == "Got it: Re: Hello"
    assert mail.text.startswith("Yes, please\n")


@pytest.mark.parametrize(
    ("conditions", "starts"),
    [
        ({"all": [{"field": "event.body", "op": "contains", "value": "YES"}]}, True),
        ({"all": [{"field": "event.body", "op": "contains", "value": "no"}]}, False),
        ({"all": [{"field": "message.subject", "op": "starts_with", "value": "Re:"}]}, True),
        ({"all": [{"field": "event.channel", "op": "is", "value": "email"}]}, True),
        ({"all": [{"field": "event.workflow_id", "op": "is_set"}]}, False),
    ],
)
def test_conditions_see_the_words_and_what_was_answered(conditions: dict[str, object], starts: bool) -> None:
    workflow = replied(conditions)

    receive_reply(make.contact(), "Yes, please", subject="Re: Hello")
    drain()

    assert Run.objects.filter(workflow=workflow).exists() is starts


@pytest.mark.parametrize(
    ("config", "starts"),
    [
        ({}, True), ({"phrases": ["no", "YES"]}, True), ({"phrases": ["no"]}, False), ({"phrases": ["please"]}, True),
        ({"exact": ["yes, PLEASE"]}, True), ({"exact": ["Yes"]}, False), ({"channels": ["email", "sms"]}, True),
        ({"channels": ["sms"]}, False), ({"tags": ["VIP"]}, True), ({"tags": ["Partner"]}, False),
        ({"without_tags": ["Partner"]}, True), ({"without_tags": ["VIP"]}, False), ({"workflows": [7]}, True),
        ({"intents": ["question", "positive"]}, True), ({"intents": ["negative"]}, False), ({"workflows": [8]}, False),
        ({"workflows": [7], "phrases": ["yes"], "tags": ["VIP"]}, True),
        ({"workflows": [7], "phrases": ["no"], "tags": ["VIP"]}, False),
    ],
)  # fmt: skip
def test_it_is_narrowed_to_words_channels_tags_and_workflows(config: dict[str, object], starts: bool) -> None:
    workflow, contact = replied(**config), make.contact()
    make.tag(contact)
    Message.objects.create(contact=contact, direction="out", message_id="<1@example.org>", workflow_id=7, run_id=8)

    receive_reply(contact, "Yes, please", in_reply_to="<1@example.org>")
    drain()

    assert Run.objects.filter(workflow=workflow).exists() is starts


def test_a_reply_wakes_the_run_that_waits_for_it() -> None:
    wait = {
        **make.action("w1", "wait.for_event", event="message.customer_replied", days=3),
        "outcomes": {"timeout": [make.action("a2", "email.send", subject="Still there?", text="Hello?")]},
    }
    workflow = make.workflow(make.action("a1", "email.send", subject="Hello", text="Hi"), wait)
    contact = make.contact()
    make.tag(contact)
    drain()

    receive_reply(contact, "Yes", in_reply_to=Message.objects.get().message_id)
    drain()
    drain(timezone.now() + timedelta(days=4))

    run = Run.objects.get(workflow=workflow)
    assert run.status == "done"
    assert make.trail(run) == [("a1", "done"), ("w1", "done")]
    assert MailboxMail.objects.count() == 1


def test_a_reply_ends_the_runs_of_a_workflow_that_says_so() -> None:
    draft = make.document(make.action("w1", "wait.duration", days=1), make.action("a1", "run.stop"))
    draft["exits"] = [{**REPLIED, "uid": "x1"}]
    workflow = make.services.create("Nurture", draft)
    make.services.publish(workflow)
    contact = make.contact()
    make.tag(contact)
    drain()

    receive_reply(contact, "Stop it")
    drain()

    assert Run.objects.get(workflow=workflow).status == "cancelled"
