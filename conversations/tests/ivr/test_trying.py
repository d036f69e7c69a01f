"""The test phone: a call from the first ring to its end on the admin's page, without a provider."""

from typing import Any

import pytest
from django.test import Client

from contacts.models import Contact
from conversations.models import IvrCall, Message
from conversations.tests.ivr.line import CALLER, OURS, line
from triggers.models import ActionRun, Event, Run
from triggers.tests import make
from triggers.tests.admin import visit

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]
ROOT = "/admin/conversations/ivrcall/"
HELLO = make.action("hello", "ivr.say", text="Good day.")
ASK: dict[str, Any] = make.action("ask", "ivr.gather", text="Press 1 for sales.")
SALES = make.action("sales", "ivr.dial", number="+493055555")


def ring(client: Client, caller: str = CALLER) -> str:
    answer = client.post(f"{ROOT}phone/", {"from_number": caller, "to_number": OURS}, follow=True)
    return answer.content.decode()


def press(client: Client, **given: str) -> str:
    call = IvrCall.objects.get()
    answer = client.post(f"{ROOT}{call.pk}/answer/", {"turn": f"{call.turn}", **given}, follow=True)
    return answer.content.decode()


def test_staff_ring_press_a_key_and_see_where_it_leads() -> None:
    is_one = {"field": "actions.ask.digits", "op": "is", "value": "1"}
    branch = {"uid": "b", "branch": [{"uid": "b1", "name": "Sales", "if": is_one, "then": [SALES]}], "else": []}
    line(HELLO, {**ASK, "outcomes": {"answered": [branch]}}, numbers=[OURS])
    client = visit.boss()

    page = ring(client)
    assert "Said: Good day." in page
    assert 'name="digits" value="1"' in page
    page = press(client, digits="1")
    assert "It rings at +493055555" in page
    page = press(client, took="no")

    assert "The call has ended." in page
    call, run = IvrCall.objects.get(), Run.objects.get()
    assert (call.provider, call.turn, run.status) == ("console", 2, "done")
    assert ActionRun.objects.get(uid="sales").result == {"seconds": 0}
    assert Contact.objects.get().phone == CALLER
    assert Message.objects.get().contact == Contact.objects.get()
    statuses = Event.objects.filter(type="call.status_changed").order_by("pk")
    assert [event.data["status"] for event in statuses] == ["ringing", "completed"]


def test_a_call_that_no_workflow_answers_is_over_and_says_so() -> None:
    page = ring(visit.boss(), "")

    assert "Nothing: no workflow spoke, and the call ended." in page
    assert IvrCall.objects.get().ended_at is not None
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    ("given", "arm", "digits"),
    [
        ({"digits": "12#3"}, "answered", "12"), ({"digits": "<b>4"}, "answered", "4"), ({"silent": "1"}, "silent", ""),
        ({"hang_up": "1"}, "hung_up", ""), ({"digits": "1" * 90}, "answered", "1" * 4),
    ],
)  # fmt: skip
def test_what_a_caller_may_do_ends_in_its_arm(given: dict[str, str], arm: str, digits: str) -> None:
    line(make.action("ask", "ivr.gather", text="Your number?", digits=4))
    client = visit.boss()
    ring(client)

    press(client, **given)
    press(client, digits="9")

    asked = ActionRun.objects.get()
    assert (asked.outcome, asked.result["digits"]) == (arm, digits)


def test_only_who_may_write_to_people_rings_and_a_provider_s_call_is_left_alone() -> None:
    line(ASK)
    real = IvrCall.objects.create(provider="twilio", call_id="CA1", script=[{"turn": 0, "verb": "hang_up"}])

    assert visit.staff("view_ivrcall").post(f"{ROOT}phone/", {"from_number": CALLER}).status_code == 403
    boss = visit.boss()
    assert boss.post(f"{ROOT}{real.pk}/answer/", {"turn": "0", "hang_up": "1"}).status_code == 404
    ring(boss, "abc")
    assert list(IvrCall.objects.all()) == [real]
