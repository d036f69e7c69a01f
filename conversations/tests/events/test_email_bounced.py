"""A refused receiver, through a real mail server."""

import pytest

from conversations.models import Message, Suppression
from conversations.tests.actions.test_email_send import started
from conversations.tests.office import Office
from triggers.models import Event, Run
from triggers.sweeping import drain
from triggers.tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("reply", "code", "lasting"),
    [("550 5.1.1 No such user", "5.1.1", True), ("550 5.7.1 Not from you", "5.7.1", False)],
)
def test_a_refusal_of_the_receiver_is_told_and_closes_an_address_that_is_gone(
    office: Office, reply: str, code: str, lasting: bool
) -> None:
    office.answers["RCPT"] = reply
    run = started()

    told, message = Event.objects.get(type="email.bounced"), Message.objects.get()
    assert (message.status, message.sent_at, message.error_code) == ("bounced", None, code)
    assert told.data == {
        "message_id": message.pk, "contact_id": message.contact_id, "workflow_id": run.workflow_id, "run_id": run.pk,
        "action": "a1", "mail_id": message.message_id, "subject_line": "Welcome Anna", "to": "anna@example.org",
        "lasting": lasting, "error_code": code,
        "error_text": f"127.0.0.1 refused the mail: {reply}",
    }  # fmt: skip
    assert Suppression.objects.filter(address="anna@example.org", reason="bounce").exists() is lasting


def test_a_mail_refused_for_its_content_did_not_bounce(office: Office) -> None:
    office.answers["DATA"] = "554 Spam"
    started()

    assert Message.objects.get().status == "failed"
    assert not Event.objects.filter(type="email.bounced").exists()


def test_a_workflow_starts_on_it(office: Office) -> None:
    flow = make.workflow(
        make.action("n1", "note.create", body="Bounced"), name="Bounces",
        triggers=[{"uid": "t1", "event": "email.bounced", "config": {}, "conditions":
                   {"field": "event.lasting", "op": "is", "value": True}}],
    )  # fmt: skip
    office.answers["RCPT"] = "550 5.1.1 No such user"

    started()
    drain()

    assert Run.objects.get(workflow=flow).status == "done"
