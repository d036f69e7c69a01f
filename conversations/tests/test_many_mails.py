"""Many mails through a real mail server, one in twenty refused: each ends sent or bounced, with its event."""

import pytest

from conversations.models import Message, Suppression
from conversations.tests.office import Office
from triggers.models import Event, Run
from triggers.sweeping import drain
from triggers.tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [40, pytest.param(1000, marks=pytest.mark.nightly)])
def test_each_mail_ends_sent_or_bounced_with_its_event(office: Office, count: int) -> None:
    office.unknown = {f"p{n}@example.org" for n in range(0, count, 20)}
    workflow = make.workflow(make.action("a1", "email.send", subject="Hello", text="Hello"))
    for n in range(count):
        make.tag(make.contact(email=f"p{n}@example.org"))

    drain()

    bounced = len(office.unknown)
    states = Message.objects.values_list("to_address", "status")
    assert {address for address, status in states if status == "bounced"} == office.unknown
    assert Message.objects.filter(status="sent").count() == count - bounced
    assert len(office.mails) == len({mail["Message-ID"] for mail in office.mails}) == count - bounced
    told = Event.objects.filter(type="email.bounced").values_list("data__to", flat=True)
    assert sorted(told) == sorted(office.unknown)
    assert Suppression.objects.filter(reason="bounce").count() == bounced
    assert Run.objects.filter(workflow=workflow, status="done").count() == count - bounced
