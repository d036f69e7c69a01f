"""What came of a call, as staff say it: on its page, over the API, and to workflows."""

from typing import Any

import pytest
from django.db.models import ProtectedError

from conversations import phoning
from conversations.models import Disposition, Message
from conversations.tests.test_phoning import OURS, THEIRS, reported
from triggers.models import Event, Run
from triggers.sweeping import drain
from triggers.tests import make
from triggers.tests.admin import visit
from triggers.tests.api import calls

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]
PAGE, API = "/admin/conversations/message/", "/api/v1/messages/"


def called() -> Message:
    reported("ringing")
    reported("completed", seconds=61, recording_url="https://api.example.org/RE1")
    return Message.objects.get()


def outcome(name: str = "Wants an offer") -> Disposition:
    return Disposition.objects.create(name=name)


def told() -> list[dict[str, Any]]:
    events = Event.objects.filter(type="call.status_changed").order_by("pk")
    return [event.data for event in events if event.data["disposition"]]


def test_an_outcome_is_told_once_with_all_that_is_known_of_the_call() -> None:
    call, offer = called(), outcome()

    assert phoning.conclude(call, offer)
    assert not phoning.conclude(call, offer)

    (data,) = told()
    assert data == {
        "message_id": call.pk, "contact_id": call.contact_id, "workflow_id": None, "run_id": None, "action": "",
        "call_id": "CA1", "direction": "in", "status": "completed", "from_number": THEIRS, "to_number": OURS,
        "our_number": OURS, "duration": 61, "recording_url": "https://api.example.org/RE1",
        "disposition": "wants_an_offer", "conversation_id": call.contact.conversation.pk,
    }  # fmt: skip


def test_another_outcome_is_told_and_one_taken_back_is_not() -> None:
    call, offer, nothing = called(), outcome(), outcome("Nothing")

    assert [phoning.conclude(call, each) for each in (offer, None, None, nothing)] == [True, True, False, True]

    assert [data["disposition"] for data in told()] == ["wants_an_offer", "nothing"]


@pytest.mark.parametrize(
    ("config", "starts"),
    [
        ({}, 2), ({"statuses": ["completed"]}, 1), ({"dispositions": ["wants_an_offer"]}, 1),
        ({"dispositions": ["nothing"]}, 0), ({"dispositions": ["wants_an_offer"], "statuses": ["completed"]}, 1),
        ({"dispositions": ["wants_an_offer"], "statuses": ["busy"]}, 0),
        ({"dispositions": ["nothing", "wants_an_offer"], "directions": ["in"], "numbers": [OURS]}, 1),
    ],
)  # fmt: skip
def test_a_status_and_an_outcome_start_different_workflows(config: dict[str, Any], starts: int) -> None:
    make.workflow(triggers=[{"uid": "t1", "event": "call.status_changed", "config": config, "conditions": None}])

    phoning.conclude(called(), outcome())
    drain()

    assert Run.objects.count() == starts


@pytest.mark.parametrize(
    "order", [("ringing", "completed", "in-progress"), ("completed", "ringing"), ("initiated", "completed", "busy")]
)
def test_the_furthest_status_stands_whatever_the_order(order: tuple[str, ...]) -> None:
    for status in order:
        reported(status)

    assert Message.objects.get().call_status == "completed"


def test_staff_choose_it_on_the_page_of_the_call() -> None:
    call, offer = called(), outcome()
    client = visit.boss()

    assert "What came of it" in client.get(f"{PAGE}{call.pk}/change/").content.decode()
    page = client.post(f"{PAGE}{call.pk}/disposition/", {"disposition": offer.key}, follow=True).content.decode()

    assert "The outcome is “Wants an offer”." in page
    call.refresh_from_db()
    assert call.disposition == offer
    assert Event.objects.filter(type="call.status_changed").latest("pk").actor == "user"


def test_on_the_page_only_who_may_change_messages_and_only_of_calls() -> None:
    call, offer = called(), outcome()
    mail = Message.objects.create(contact=call.contact, direction="in", channel="email")
    sent = {"disposition": offer.key}

    assert visit.staff("view_message").post(f"{PAGE}{call.pk}/disposition/", sent).status_code == 403
    boss = visit.boss()
    assert boss.post(f"{PAGE}{mail.pk}/disposition/", sent).status_code == 404
    assert boss.post(f"{PAGE}{call.pk}/disposition/", {"disposition": "unknown"}).status_code == 404
    assert boss.get(f"{PAGE}{call.pk}/disposition/").status_code == 405
    assert told() == []


def test_over_the_api_it_is_said_filtered_by_and_taken_back() -> None:
    call, offer = called(), outcome()
    api = calls.client("messages:read", "messages:write")

    answer = api.post(f"{API}{call.pk}/disposition/", {"disposition": offer.key})

    assert (answer.status_code, answer.json()["disposition"]) == (200, "wants_an_offer")
    assert (answer.json()["call_status"], answer.json()["call_seconds"]) == ("completed", 61)
    assert [row["id"] for row in api.get(API, {"disposition": offer.key}).json()["results"]] == [call.pk]
    assert api.get(API, {"disposition": "nothing"}).json()["results"] == []
    assert api.post(f"{API}{call.pk}/disposition/", {"disposition": None}).json()["disposition"] is None
    assert len(told()) == 1


@pytest.mark.parametrize("given", [{}, {"disposition": "unknown"}, {"disposition": 7}, {"disposition": []}])
def test_over_the_api_what_is_no_outcome_is_told_at_its_field(given: dict[str, Any]) -> None:
    call = called()

    answer = calls.client("messages:write").post(f"{API}{call.pk}/disposition/", given)

    assert answer.status_code == 400
    assert set(calls.errors(answer)) == {"disposition"}
    assert told() == []


def test_over_the_api_a_mail_has_no_outcome() -> None:
    mail = Message.objects.create(contact=make.contact(), direction="in", channel="email")

    answer = calls.client("messages:write").post(f"{API}{mail.pk}/disposition/", {"disposition": outcome().key})

    assert answer.status_code == 422
    assert calls.errors(answer) == {"disposition": "Only a call has an outcome."}


def test_outcomes_are_kept_by_staff_and_one_in_use_stays() -> None:
    api = calls.client("messages:read", "messages:write")
    made = api.post("/api/v1/dispositions/", {"name": "Wants an offer"}).json()
    phoning.conclude(called(), Disposition.objects.get(pk=made["id"]))

    renamed = api.patch(f"/api/v1/dispositions/{made['id']}/", {"name": "Asks for an offer"}).json()
    again = api.post("/api/v1/dispositions/", {"name": "Asks for an offer"})
    kept = api.delete(f"/api/v1/dispositions/{made['id']}/")

    assert renamed == {"id": made["id"], "key": "wants_an_offer", "name": "Asks for an offer"}
    assert (again.status_code, set(calls.errors(again))) == (400, {"name"})
    assert kept.status_code == 409
    with pytest.raises(ProtectedError):
        Disposition.objects.get().delete()
