"""The action within the engine, on trial and through a real HTTP server."""

import json
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_httpserver import HTTPServer
from werkzeug import Response

from contacts.models import Contact
from conversations.actions.sms_send import SmsSend
from conversations.models import ChannelSetting, ConsoleMessage, HttpGateway, Message, Suppression
from conversations.tests.actions.test_email_send import RECORDING, SETTLING, action_of, context, killed_by
from triggers.action_types import Done, Fail, Hold, Skip
from triggers.models import Event, Organisation, Run, Workflow
from triggers.problems import Invalid
from triggers.sweeping import drain
from triggers.tests import make

pytestmark = pytest.mark.django_db
TEXT = {"text": "Hello {{ contact.first_name }}"}
NUMBER = "+4930123456"


def sending(**config: Any) -> Workflow:
    return make.workflow(make.action("a1", "sms.send", **{**TEXT, **config}))


def started(contact: Contact | None = None, now: datetime | None = None, **config: Any) -> Run:
    workflow = sending(**config)
    make.tag(contact or make.contact(phone=NUMBER))
    drain(now)
    return Run.objects.get(workflow=workflow)


@pytest.fixture
def texts(settings: Any, httpserver: HTTPServer) -> HTTPServer:
    """SMS goes to this server."""
    settings.OUTGOING_ALLOW_LOOPBACK = True
    HttpGateway.objects.create(name="Texts", slug="texts", url=httpserver.url_for("/send"), id_path="id")
    ChannelSetting.objects.create(channel="sms", gateway="http:texts", sender="+49301")
    return httpserver


def test_on_trial_the_text_is_kept_here() -> None:
    run = started()

    message, kept, done = Message.objects.get(), ConsoleMessage.objects.get(), action_of(run)
    assert (run.status, done.status, done.summary) == ("done", "done", "Sent “Hello Anna” to +4930123456.")
    assert (message.channel, message.status, message.gateway) == ("sms", "sent", "console")
    assert (message.provider_id, message.category) == (str(kept.pk), "marketing")
    assert (kept.text, kept.to_address) == ("Hello Anna", NUMBER)


def test_goes_by_the_gateway_from_the_channels_number(texts: HTTPServer) -> None:
    texts.expect_ordered_request("/send").respond_with_data(json.dumps({"id": "SM1"}))

    run = started()

    message = Message.objects.get()
    assert run.status == "done"
    assert (message.gateway, message.provider_id, message.from_address) == ("http:texts", "SM1", "+49301")
    assert action_of(run).result["provider_id"] == "SM1"


@pytest.mark.parametrize("category", ["marketing", "transactional"])
def test_do_not_disturb_wins(category: str) -> None:
    run = started(make.contact(phone=NUMBER, dnd={"sms": True}), category=category)

    assert action_of(run).summary == "Not sent. Anna must not be disturbed by SMS."
    assert Message.objects.get().status == "suppressed"
    assert not ConsoleMessage.objects.exists()


@pytest.mark.parametrize(("address", "goes"), [("sms:+4930123456", 0), ("+4930123456", 0), ("whatsapp:+4930123456", 1)])
def test_a_number_closed_for_text_messages_wins(address: str, goes: int) -> None:
    Suppression.objects.create(address=address, reason="unsubscribe")

    started()

    assert ConsoleMessage.objects.count() == goes


def test_quiet_hours_put_it_off() -> None:
    Organisation.objects.create(quiet_from=time(21), quiet_to=time(8))
    run = started(make.contact(pk=600, phone=NUMBER), datetime(2027, 3, 27, 23, 30, tzinfo=UTC))
    assert run.status == "waiting"

    drain(run.due_at)

    assert ConsoleMessage.objects.count() == 1


def test_texts_and_mails_count_against_one_cap(mailbox: None) -> None:
    Organisation.objects.create(frequency_cap=1)
    workflow = make.workflow(
        make.action("a1", "sms.send", **TEXT), make.action("a2", "email.send", subject="Hello", text="Hello")
    )
    make.tag(make.contact(phone=NUMBER))

    drain()

    run = Run.objects.get(workflow=workflow)
    assert (run.status, run.at) == ("waiting", "a2")


def test_held_while_there_is_no_number_and_goes_as_soon_as_there_is() -> None:
    contact = make.contact()
    run = started(contact)
    assert (run.status, run.reason) == ("held", "Anna has no phone number. Enter one, and the message goes out.")

    contact.phone = NUMBER
    contact.save()
    drain()

    run.refresh_from_db()
    assert run.status == "done"


def test_a_number_that_is_none_fails_with_what_to_do() -> None:
    run = started(to="12")

    assert (run.status, action_of(run).error) == (
        "failed", "Enter the phone number with its country code, such as +49 30 123456, or choose a country.",
    )  # fmt: skip


def test_a_refusal_is_told_with_the_gateways_words(texts: HTTPServer) -> None:
    texts.expect_request("/send").respond_with_data("no such number", 400)

    run = started()

    assert (run.status, Message.objects.get().status) == ("failed", "failed")
    assert Event.objects.get(type="sms.failed").data["error_code"] == "400"


def test_marketing_is_never_sent_twice_when_the_worker_is_lost(
    texts: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts.expect_request("/send").respond_with_data("{}")
    run, later = killed_by(monkeypatch, started, SETTLING, RECORDING)

    drain(later)

    run.refresh_from_db()
    assert (run.status, len(texts.log)) == ("uncertain", 1)


@pytest.mark.parametrize("honours", [True, False])
def test_it_is_repeated_where_the_key_is_honoured_or_it_must_not_be_lost(
    texts: HTTPServer, monkeypatch: pytest.MonkeyPatch, honours: bool
) -> None:
    HttpGateway.objects.update(honours_key=honours)
    texts.expect_request("/send").respond_with_data("{}")
    category = "marketing" if honours else "transactional"
    run, later = killed_by(monkeypatch, lambda: started(category=category), SETTLING, RECORDING)

    drain(later)

    run.refresh_from_db()
    assert run.status == "done"
    assert len({request.headers["Idempotency-Key"] for request, _answer in texts.log}) == 1
    assert len(texts.log) == 2


def test_a_gateway_that_went_away_is_told_before_anything_is_recorded() -> None:
    workflow = sending()
    ChannelSetting.objects.create(channel="sms", gateway="http:gone")
    make.tag(make.contact(phone=NUMBER))

    drain()

    run = Run.objects.get(workflow=workflow)
    assert action_of(run).error == "There is no gateway “http:gone” any more. Choose another for its channel."
    assert not Message.objects.exists()


def test_a_server_that_is_away_is_tried_again(texts: HTTPServer) -> None:
    answers = iter([503, 200])
    texts.expect_request("/send").respond_with_handler(lambda _request: Response("{}", next(answers)))
    run = started()
    assert (run.status, Message.objects.get().status) == ("pending", "queued")

    drain(run.due_at + timedelta(hours=1))

    assert Message.objects.get().status == "sent"


@pytest.mark.parametrize(
    ("config", "path"),
    [
        ({"text": ""}, ("text",)),
        ({"text": "Hello {{ contact.frist_name }}"}, ("text",)),
        ({"media": ["http://127.0.0.1/a.png"]}, ("media", 0)),
    ],
)
def test_what_is_wrong_is_said_before_it_is_published(config: dict[str, Any], path: tuple[Any, ...]) -> None:
    with pytest.raises(Invalid) as caught:
        sending(**config)

    assert [problem.path[:4] for problem in caught.value.problems] == [("actions", 0, "config", path[0])]


@pytest.mark.parametrize(
    ("values", "config", "kind", "text"),
    [
        ({}, {}, Done, "Sends “Hello Anna” to +4930123456 by SMS. It is 1 text message."),
        ({}, {"text": "я" * 71}, Done, f"Sends “{'я' * 59}…” to +4930123456 by SMS. It is 2 text messages."),
        ({"dnd": {"all": True}}, {}, Skip, "Not sent. Anna must not be disturbed by SMS."),
        ({"phone": ""}, {}, Hold, "Anna has no phone number. Enter one, and the message goes out."),
        ({}, {"text": "{{ contact.city }}"}, Fail,
         "The message comes out empty. Write something besides the merge fields."),
        ({}, {"text": "a" * 2000}, Fail, "The message comes out at 2000 characters; 1530 are the most."),
    ],
)  # fmt: skip
def test_preview_and_dry_run_say_what_would_happen_and_write_nothing(
    values: dict[str, Any], config: dict[str, Any], kind: type, text: str
) -> None:
    workflow, contact = sending(), make.contact(**{"phone": NUMBER, **values})
    make.tag(contact)
    ctx = context(workflow, contact)
    action = SmsSend(**{**TEXT, **config})

    outcome = action.simulate(ctx)

    assert type(outcome) is kind
    assert action.preview(ctx) == text
    assert not Message.objects.exists()


def test_nothing_is_due_after_it(texts: HTTPServer) -> None:
    texts.expect_request("/send").respond_with_data("{}")
    started()

    assert drain(timezone.now() + timedelta(days=1)) == 0
