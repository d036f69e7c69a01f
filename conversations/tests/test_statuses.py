"""Reports of gateways, in whatever order and however often they come."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import uuid4

import pytest

from conversations import outgoing, statuses
from conversations.gateways import Delivery
from conversations.models import Message, StatusReport, Suppression
from triggers.action_types import Done, Fail
from triggers.models import Event
from triggers.models.event import Lane
from triggers.tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)


def sent(**values: object) -> Message:
    return Message.objects.create(
        **{
            "contact": make.contact(), "direction": "out", "channel": "sms", "key": uuid4(), "status": "sent",
            "sent_at": NOW, "gateway": "http:texts", "provider_id": "SM1", "to_address": "+4930123456", **values,
        }
    )  # fmt: skip


def report(status: str, provider_id: str = "SM1", **values: object) -> statuses.Recorded:
    return statuses.record("http:texts", provider_id, status, NOW, NOW, **values)


def events() -> list[str]:
    return list(Event.objects.exclude(type__startswith="contact.").order_by("pk").values_list("type", flat=True))


def test_a_report_moves_the_message_on() -> None:
    message = sent()

    assert report("delivered").changed

    message.refresh_from_db()
    assert (message.status, message.status_at) == ("delivered", NOW)
    assert events() == []


@pytest.mark.parametrize("order", list(permutations(["sent", "delivered", "read", "undelivered"])))
def test_in_whatever_order_reports_come_the_message_ends_where_it_got_furthest(order: tuple[str, ...]) -> None:
    message = sent(status="queued")

    for status in order:
        report(status)

    message.refresh_from_db()
    assert message.status == "read"


def test_a_report_that_comes_twice_changes_nothing() -> None:
    sent()
    report("undelivered", code="30003", text="Unreachable")

    again = report("undelivered", code="30005")

    assert (again.changed, again.why) == (False, "It is known as “Not delivered” already.")
    assert Message.objects.get().error_code == "30003"
    assert events() == ["sms.failed"]


def test_a_failed_text_is_told_with_its_code() -> None:
    message = sent(workflow_id=7, run_id=8)

    report("undelivered", code="30003", text="Unreachable")

    told = Event.objects.get(type="sms.failed")
    assert told.contact_id == message.contact_id
    assert (told.subject_type, told.subject_id) == ("conversations.message", message.pk)
    assert told.data == {
        "message_id": message.pk, "contact_id": message.contact_id, "workflow_id": 7, "run_id": 8, "action": "",
        "to": "+4930123456", "status": "undelivered", "error_code": "30003", "error_text": "Unreachable",
        "gateway": "http:texts",
    }  # fmt: skip


@pytest.mark.parametrize("lasting", [True, False])
def test_a_mail_that_comes_back_is_told_and_closes_its_address_only_where_it_lasts(lasting: bool) -> None:
    sent(channel="email", status="delivered", to_address="Anna@Example.org")

    report("bounced", code="5.1.1", text="No such user", lasting=lasting)

    assert events() == ["email.bounced"]
    assert list(Suppression.objects.values_list("address", "reason")) == (
        [("anna@example.org", "bounce")] if lasting else []
    )


def test_a_number_nobody_knows_is_kept_and_refused_without_an_error() -> None:
    assert report("delivered", "SM9").why == "No message has this number. The report is kept in case it comes."
    assert report("delivered", "SM9").message is None

    assert StatusReport.objects.count() == 1
    assert statuses.purge(NOW + timedelta(days=6)) == 0
    assert statuses.purge(NOW + timedelta(days=8)) == 1


@pytest.mark.parametrize("status", ["queued", "no such state", "", "received"])
def test_a_state_that_is_none_is_refused_without_an_error(status: str) -> None:
    sent()

    assert not report(status).changed
    assert Message.objects.get().status == "sent"


def test_an_empty_number_is_nobodys() -> None:
    sent(provider_id="")

    assert report("delivered", "").message is None


def test_a_report_faster_than_the_call_is_taken_up_when_the_call_returns() -> None:
    message = sent(status="uncertain", provider_id="")
    report("undelivered", "SM5", code="30003")

    outgoing.settle(message, Delivery(Done(), provider_id="SM5"), NOW)

    message.refresh_from_db()
    assert (message.status, message.error_code) == ("undelivered", "30003")
    assert events() == ["sms.failed"]
    assert not StatusReport.objects.exists()


def test_a_report_that_crossed_the_settling_is_taken_up_by_the_sweep() -> None:
    report("delivered", "SM5")
    message = sent(provider_id="SM5")
    assert statuses.due_lanes(NOW) == {Lane.FAST}

    assert statuses.work(Lane.FAST, NOW) == 1

    message.refresh_from_db()
    assert message.status == "delivered"
    assert statuses.due_lanes(NOW) == set()


def test_a_call_that_was_refused_is_told_as_failed() -> None:
    message = sent(status="uncertain", provider_id="")

    outgoing.settle(message, Delivery(Fail("No such number"), 400, error_code="21211"), NOW)

    message.refresh_from_db()
    assert (message.status, message.error_code, message.reason) == ("failed", "21211", "No such number")
    assert Event.objects.get(type="sms.failed").data["error_code"] == "21211"


def test_a_number_that_another_message_has_is_left_out() -> None:
    sent()
    other = sent(status="uncertain", provider_id="")

    outgoing.settle(other, Delivery(Done(), provider_id="SM1"), NOW)

    other.refresh_from_db()
    assert (other.status, other.provider_id) == ("sent", "")
