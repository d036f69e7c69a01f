"""The action within the engine: workflows are published, contacts tagged, and what is due is drained."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.utils import timezone

from contacts.models import Contact
from conversations import outgoing, subscriptions
from conversations.actions.email_send import EmailSend
from conversations.models import MailboxMail, Message, Suppression
from conversations.tests.conftest import use
from conversations.tests.office import HANG_UP, Office, post_office
from triggers.action_types import Done, Fail, Hold, Skip, Wait
from triggers.models import ActionRun, Destination, Organisation, Run, Workflow
from triggers.problems import Invalid
from triggers.run_context import RunContext
from triggers.running import calling
from triggers.sweeping import drain
from triggers.tests import make
from triggers.workflows import document

pytestmark = pytest.mark.django_db
LETTER = {"subject": "Welcome {{ contact.first_name }}", "text": "Hello {{ contact.first_name }}"}
RECEIPT = {**LETTER, "category": "transactional"}


def sending(**config: Any) -> Workflow:
    return make.workflow(make.action("a1", "email.send", **(config or LETTER)))


def started(contact: Contact | None = None, now: datetime | None = None, **config: Any) -> Run:
    """A run of a workflow that sends, taken as far as it goes."""
    workflow = sending(**config)
    make.tag(contact or make.contact())
    drain(now)
    return Run.objects.get(workflow=workflow)


def action_of(run: Run) -> ActionRun:
    return run.actions.get(uid="a1")


def killed(monkeypatch: pytest.MonkeyPatch, *points: Any, **config: Any) -> tuple[Run, datetime]:
    """A run whose worker dies in the call, before it gets to any of `points`; and the time its lease is over."""
    return killed_by(monkeypatch, lambda: started(**config), *points)


def killed_by(monkeypatch: pytest.MonkeyPatch, start: Callable[[], Run], *points: Any) -> tuple[Run, datetime]:
    """The same for a run that `start` takes as far as it goes."""
    with monkeypatch.context() as dead:
        for module, name in points:
            dead.setattr(module, name, lambda *args, **kwargs: None)
        run = start()
    assert (run.status, action_of(run).status) == ("running", "running")
    return run, timezone.now() + timedelta(seconds=61)


RECORDING = (calling, "record")
SETTLING = (outgoing, "settle")
CALLING = (calling, "make")


# What is sent


def test_sends_one_mail_with_its_merge_fields(mailbox: None) -> None:
    Organisation.objects.create(sender="Clara <clara@example.org>", reply_to="desk@example.org")

    run = started()

    mail, message = MailboxMail.objects.get(), Message.objects.get()
    done = action_of(run)
    assert (run.status, done.status) == ("done", "done")
    assert done.summary == "Sent “Welcome Anna” to anna@example.org."
    assert done.result["message_id"] == message.pk
    assert (mail.subject, mail.to_addresses) == ("Welcome Anna", "anna@example.org")
    assert mail.from_address == "Clara <clara@example.org>"
    assert mail.message_id == message.message_id == f"<{done.key.hex}@127.0.0.1>"
    assert dict(mail.headers)["Reply-To"] == "desk@example.org"
    assert mail.text.startswith("Hello Anna\n\n-- \nUnsubscribe: http")
    assert (message.status, message.reason, message.direction) == ("sent", "", "out")
    assert (message.workflow_id, message.run_id) == (run.workflow_id, run.pk)
    assert message.sent_at is not None


def test_values_are_escaped_in_html_and_what_staff_wrote_is_not(mailbox: None) -> None:
    contact = make.contact(first_name="<script>alert(1)</script>")

    started(contact, subject="Hello", html='<p style="color:red">Hello {{ contact.first_name }}</p>')

    mail = MailboxMail.objects.get()
    assert mail.html.startswith('<p style="color:red">Hello &lt;script&gt;alert(1)&lt;/script&gt;</p><hr><p><a href="')
    assert mail.text.startswith("Hello <script>alert(1)</script>\n")


def test_a_name_with_line_breaks_makes_no_header_of_its_own(mailbox: None) -> None:
    contact = make.contact(first_name="Anna\r\nBcc: eve@example.org")

    started(contact)

    mail = MailboxMail.objects.get()
    assert mail.subject == "Welcome Anna Bcc: eve@example.org"
    assert mail.to_addresses == "anna@example.org"
    assert "Bcc" not in dict(mail.headers)


def test_marketing_tells_the_postal_address_and_the_way_out(mailbox: None) -> None:
    Organisation.objects.create(postal_address="1 High Street")

    started()

    mail, message = MailboxMail.objects.get(), Message.objects.get()
    url = subscriptions.unsubscribe_url(message.key)
    assert mail.text == f"Hello Anna\n\n-- \n1 High Street\nUnsubscribe: {url}\n"
    assert dict(mail.headers)["List-Unsubscribe"] == f"<{url}>"
    assert dict(mail.headers)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_way_out_is_named_in_the_contacts_language(mailbox: None) -> None:
    started(make.contact(language="de-AT"))

    assert "\nAbmelden: http" in MailboxMail.objects.get().text


def test_transactional_mail_goes_as_it_was_written(mailbox: None) -> None:
    Organisation.objects.create(postal_address="1 High Street")

    started(**RECEIPT)

    mail = MailboxMail.objects.get()
    assert mail.text == "Hello Anna"
    assert "List-Unsubscribe" not in dict(mail.headers)


def test_goes_to_another_address_from_another_sender_when_told_so(mailbox: None) -> None:
    started(
        make.contact(company="Example"), **LETTER, to="Bob <bob@example.org>", reply_to="{{ contact.email }}",
        sender="{{ contact.company }} <desk@example.org>",
    )  # fmt: skip

    headers = dict(MailboxMail.objects.get().headers)
    assert headers["To"] == "Bob <bob@example.org>"
    assert headers["From"] == "Example <desk@example.org>"
    assert headers["Reply-To"] == "anna@example.org"


# What keeps it back


@pytest.mark.parametrize("config", [LETTER, RECEIPT])
def test_do_not_disturb_wins(mailbox: None, config: dict[str, Any]) -> None:
    run = started(make.contact(dnd={"email": True}), **config)

    message = Message.objects.get()
    assert (run.status, action_of(run).status) == ("done", "skipped")
    assert action_of(run).summary == "Not sent. Anna must not be disturbed by E-mail."
    assert (message.status, message.sent_at) == ("suppressed", None)
    assert message.reason == "Anna must not be disturbed by E-mail."
    assert not MailboxMail.objects.exists()


@pytest.mark.parametrize("config", [LETTER, RECEIPT])
def test_a_suppressed_address_wins(mailbox: None, config: dict[str, Any]) -> None:
    Suppression.objects.create(address="ANNA@example.org", reason="bounce")

    run = started(**config)

    assert action_of(run).status == "skipped"
    assert not MailboxMail.objects.exists()


def test_unsubscribing_between_two_mails_stops_the_second(mailbox: None) -> None:
    workflow = make.workflow(
        make.action("a1", "email.send", **LETTER),
        make.action("w1", "wait.duration", days=1),
        make.action("a2", "email.send", **RECEIPT),
    )
    make.tag(make.contact())
    drain()

    subscriptions.unsubscribe(Message.objects.get(), timezone.now())
    drain(timezone.now() + timedelta(days=2))

    run = Run.objects.get(workflow=workflow)
    assert make.trail(run) == [("a1", "done"), ("w1", "done"), ("a2", "skipped")]
    assert MailboxMail.objects.count() == 1


def test_quiet_hours_wait_and_then_ask_again(mailbox: None) -> None:
    Organisation.objects.create(quiet_from=time(21), quiet_to=time(8), time_zone="Europe/Berlin")
    contact = make.contact(pk=600)
    night = datetime(2027, 3, 27, 23, 30, tzinfo=UTC)

    run = started(contact, night)

    assert (run.status, run.due_at) == ("waiting", datetime(2027, 3, 28, 6, tzinfo=UTC))
    assert action_of(run).summary == "Quiet hours: Anna gets it after 08:00 (Europe/Berlin)."
    message = Message.objects.get()
    assert (message.status, message.sent_at) == ("queued", None)
    assert message.reason == "Quiet hours: Anna gets it after 08:00 (Europe/Berlin)."

    drain(run.due_at - timedelta(seconds=1))
    assert not MailboxMail.objects.exists()

    drain(run.due_at)
    run.refresh_from_db()
    message.refresh_from_db()
    assert run.status == "done"
    assert (message.status, message.sent_at) == ("sent", run.finished_at)
    assert MailboxMail.objects.count() == 1


def test_who_leaves_during_quiet_hours_gets_nothing_after_them(mailbox: None) -> None:
    Organisation.objects.create(quiet_from=time(21), quiet_to=time(8))
    run = started(make.contact(), datetime(2027, 3, 27, 23, 30, tzinfo=UTC))

    subscriptions.unsubscribe(Message.objects.get(), timezone.now())
    drain(run.due_at)

    assert action_of(run).status == "skipped"
    assert not MailboxMail.objects.exists()


def test_a_zone_changed_during_the_wait_counts(mailbox: None) -> None:
    Organisation.objects.create(quiet_from=time(21), quiet_to=time(8))
    contact = make.contact(pk=600)
    run = started(contact, datetime(2027, 3, 10, 23, tzinfo=UTC))
    assert run.due_at == datetime(2027, 3, 11, 8, tzinfo=UTC)

    contact.time_zone = "America/Los_Angeles"
    contact.save()
    drain(run.due_at)

    run.refresh_from_db()
    assert run.due_at == datetime(2027, 3, 11, 16, tzinfo=UTC)


def test_the_cap_puts_the_second_mail_off_by_a_day(mailbox: None) -> None:
    Organisation.objects.create(frequency_cap=1)
    contact, now = make.contact(), datetime(2027, 3, 10, 12, tzinfo=UTC)
    started(contact, now)

    workflow = make.workflow(make.action("a1", "email.send", **LETTER), name="Another")
    make.tag(contact, "other")
    drain(now)

    run = Run.objects.filter(workflow=workflow).get()
    assert (run.status, run.due_at) == ("waiting", now + timedelta(days=1))
    assert action_of(run).summary == "Anna gets at most 1 message a day."


def test_a_wait_ends_in_no_closed_sending_window(mailbox: None) -> None:
    Organisation.objects.create(quiet_from=time(20), quiet_to=time(9))
    windows = [{"from": "07:00", "to": "08:00"}]
    workflow = make.workflow(make.action("a1", "email.send", **LETTER), windows=windows)
    make.tag(make.contact(pk=600))

    drain(datetime(2027, 3, 10, 7, 30, tzinfo=UTC))
    drain(datetime(2027, 3, 10, 9, tzinfo=UTC))

    run = Run.objects.get(workflow=workflow)
    assert run.due_at == datetime(2027, 3, 11, 7, tzinfo=UTC)
    assert action_of(run).summary == "Waits for the next sending window."
    assert not MailboxMail.objects.exists()


def test_held_while_the_contact_has_no_address(mailbox: None) -> None:
    contact = make.contact(email="")
    now = timezone.now()

    run = started(contact, now + timedelta(seconds=1))

    assert (run.status, action_of(run).status) == ("held", "held")
    assert run.reason == "Anna has no e-mail address. Enter one, and the mail goes out."
    assert timedelta(minutes=14) < run.due_at - now < timedelta(minutes=16)
    assert not Message.objects.exists()

    contact.email = "anna@example.org"
    contact.save()
    drain(run.due_at)
    run.refresh_from_db()
    assert run.status == "done"
    assert MailboxMail.objects.get().to_addresses == "anna@example.org"


def test_a_hold_for_an_address_is_looked_at_ever_more_rarely(mailbox: None) -> None:
    run = started(make.contact(email=""))
    began = run.created_at

    looks = []
    for _ in range(9):
        looks.append(run.due_at - began)
        drain(run.due_at)
        run.refresh_from_db()

    quarters = [round(look / timedelta(minutes=15)) for look in looks]
    assert quarters == [1, 2, 4, 8, 16, 32, 64, 128, 224]


def test_one_contact_without_an_address_does_not_hold_the_mail_of_others(office: Office) -> None:
    workflow = sending()
    make.tag(make.contact(email=""))
    make.tag(make.contact(email="bob@example.org"))

    drain()
    drain()

    assert sorted(run.status for run in make.runs(workflow)) == ["done", "held"]
    assert not Destination.objects.exclude(status="ok").exists()


def test_needs_a_contact_that_exists(mailbox: None) -> None:
    contact = make.contact()
    workflow = sending()
    make.tag(contact)
    drain(outside=False)
    contact.delete()

    drain()

    assert action_of(Run.objects.get(workflow=workflow)).error == "The contact is gone."


@pytest.mark.parametrize("field", ["to", "sender", "reply_to"])
def test_an_address_that_is_none_fails_with_what_to_do(mailbox: None, field: str) -> None:
    run = started(make.contact(company="Example"), **LETTER, **{field: "{{ contact.company }}"})

    assert (run.status, action_of(run).status) == ("failed", "failed")
    assert action_of(run).error == ("“Example” is not one e-mail address. Write it like anna@example.org.")


# What the server's answer does to the run


def test_a_server_that_is_away_is_tried_again(office: Office) -> None:
    office.answers["RCPT"] = "450 Busy"

    run = started()

    message = Message.objects.get()
    assert (run.status, action_of(run).status) == ("pending", "pending")
    assert run.due_at > timezone.now()
    assert (message.status, message.sent_at) == ("queued", None)
    assert message.reason == "127.0.0.1 did not take the mail for now: 450 Busy"

    office.answers.clear()
    drain(run.due_at)
    message.refresh_from_db()
    assert message.status == "sent"
    assert [mail["Message-ID"] for mail in office.mails] == [message.message_id]


def test_a_refused_receiver_fails_with_the_servers_words(office: Office) -> None:
    office.answers["RCPT"] = "550 5.1.1 No such user here"

    run = started()

    attempt = action_of(run).attempts.get()
    assert (run.status, Message.objects.get().status) == ("failed", "bounced")
    assert action_of(run).error == "127.0.0.1 refused the mail: 550 5.1.1 No such user here"
    assert (attempt.status_code, attempt.response) == (550, "5.1.1 No such user here")
    assert attempt.request["to"] == "anna@example.org"


def test_a_connection_broken_after_data_leaves_marketing_to_a_person(office: Office) -> None:
    office.answers["DATA"] = HANG_UP

    run = started()
    drain(timezone.now() + timedelta(days=3))

    message = Message.objects.get()
    run.refresh_from_db()
    assert (run.status, action_of(run).status, message.status) == ("uncertain", "uncertain", "uncertain")
    assert message.reason == (
        "The connection to 127.0.0.1 broke while it took the mail, which may or may not have left."
    )
    assert message.sent_at is not None
    assert len(office.mails) == 1


def test_a_connection_broken_after_data_repeats_transactional_mail(office: Office) -> None:
    office.answers["DATA"] = HANG_UP
    run = started(**RECEIPT)
    assert run.status == "pending"

    office.answers.clear()
    drain(run.due_at)

    run.refresh_from_db()
    assert run.status == "done"
    assert len(office.mails) == 2
    assert len({mail["Message-ID"] for mail in office.mails}) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_refused_password_holds_the_mail_server_until_it_is_repaired(settings: object) -> None:
    with post_office(password="right") as office:
        use(settings, office.port)
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "clara", "wrong"
        run = started()

    assert (run.status, run.due_at) == ("held", None)
    assert Destination.objects.get().status == "held"
    assert Destination.objects.get().key == f"mail:127.0.0.1:{office.port}"
    assert Message.objects.get().status == "queued"


# Workers that are lost


@pytest.mark.parametrize("points", [[RECORDING], [SETTLING, RECORDING], [CALLING]])
def test_marketing_is_never_sent_twice_when_the_worker_is_lost(
    office: Office, monkeypatch: pytest.MonkeyPatch, points: list[Any]
) -> None:
    run, later = killed(monkeypatch, *points)
    before = len(office.mails)

    drain(later)

    run.refresh_from_db()
    assert (run.status, action_of(run).status) == ("uncertain", "uncertain")
    assert len(office.mails) == before == (0 if points == [CALLING] else 1)


def test_transactional_mail_is_never_lost_with_the_worker(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    run, later = killed(monkeypatch, SETTLING, RECORDING, **RECEIPT)
    assert len(office.mails) == 1

    drain(later)

    run.refresh_from_db()
    assert (run.status, action_of(run).status, Message.objects.get().status) == ("done", "done", "sent")
    assert len(office.mails) == 2
    assert len({mail["Message-ID"] for mail in office.mails}) == 1


def test_transactional_mail_whose_worker_died_before_the_call_goes_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, later = killed(monkeypatch, CALLING, **RECEIPT)

    drain(later)

    run.refresh_from_db()
    assert run.status == "done"
    assert len(office.mails) == 1


def test_a_mail_on_record_as_sent_is_not_sent_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    run, later = killed(monkeypatch, RECORDING, **RECEIPT)

    drain(later)

    run.refresh_from_db()
    assert run.status == "done"
    assert action_of(run).summary == "Sent “Welcome Anna” to anna@example.org."
    assert len(office.mails) == 1


def test_the_mailbox_keeps_one_mail_of_a_repeated_send(mailbox: None, monkeypatch: pytest.MonkeyPatch) -> None:
    _run, later = killed(monkeypatch, SETTLING, RECORDING, **RECEIPT)

    drain(later)

    assert MailboxMail.objects.get().times == 2


def test_who_leaves_while_the_worker_is_lost_is_not_written_to_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, later = killed(monkeypatch, SETTLING, RECORDING, **RECEIPT)

    subscriptions.unsubscribe(Message.objects.get(), timezone.now())
    drain(later)

    assert (action_of(run).status, Message.objects.get().status) == ("skipped", "uncertain")
    assert len(office.mails) == 1


@pytest.mark.parametrize(("config", "status"), [(LETTER, "uncertain"), (RECEIPT, "queued")])
def test_before_the_call_the_record_says_no_less_than_may_be_true(
    office: Office, monkeypatch: pytest.MonkeyPatch, config: dict[str, Any], status: str
) -> None:
    killed(monkeypatch, SETTLING, RECORDING, **config)

    message = Message.objects.get()
    assert message.status == status
    assert message.sent_at is not None


def test_a_database_that_fails_before_the_call_is_no_uncertainty(
    mailbox: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("database is locked")

    monkeypatch.setattr("conversations.outgoing.send_gate", locked)

    run = started()

    assert (run.status, action_of(run).error) == (
        "pending", "The message could not be recorded: database is locked",
    )  # fmt: skip


# Settings, preview, dry run


def test_an_empty_mail_is_not_published() -> None:
    with pytest.raises(Invalid) as caught:
        sending(subject="Hello", text=" ")

    assert [(problem.path, problem.message) for problem in caught.value.problems] == [
        (("actions", 0, "config", "text"), "The mail is empty. Write its text, its HTML, or both.")
    ]


def test_an_unknown_merge_field_is_not_published() -> None:
    with pytest.raises(Invalid) as caught:
        sending(subject="Hello {{ contact.frist_name }}", text="Hello")

    assert [problem.path for problem in caught.value.problems] == [("actions", 0, "config", "subject")]


def test_only_transactional_mail_may_be_repeated() -> None:
    assert not EmailSend(**LETTER).may_repeat()
    assert EmailSend(**RECEIPT).may_repeat()


@pytest.mark.parametrize(
    ("values", "kind", "text"),
    [
        ({}, Done, "Sends “Welcome Anna” to anna@example.org."),
        ({"dnd": {"email": True}}, Skip, "Not sent. Anna must not be disturbed by E-mail."),
        ({"email": ""}, Hold, "Anna has no e-mail address. Enter one, and the mail goes out."),
        ({"time_zone": "Asia/Tokyo"}, Wait, "Quiet hours: Anna gets it after 08:00 (Asia/Tokyo)."),
    ],
)
def test_preview_and_dry_run_say_what_would_happen_and_write_nothing(
    mailbox: None, values: dict[str, Any], kind: type, text: str
) -> None:
    Organisation.objects.create(quiet_from=time(21), quiet_to=time(8))
    workflow, contact = sending(), make.contact(**values)
    make.tag(contact)
    ctx = context(workflow, contact)

    outcome = EmailSend(**LETTER).simulate(ctx)

    assert type(outcome) is kind
    assert EmailSend(**LETTER).preview(ctx) == text
    assert not Message.objects.exists()
    assert not MailboxMail.objects.exists()


def test_a_dry_run_tells_of_an_address_that_is_none() -> None:
    workflow, contact = sending(), make.contact()
    make.tag(contact)

    outcome = EmailSend(**LETTER, to="nobody").simulate(context(workflow, contact))

    assert outcome == Fail("“nobody” is not one e-mail address. Write it like anna@example.org.")


def context(workflow: Workflow, contact: Contact) -> RunContext:
    event, doc = make.last_event("contact.tag_added"), document.read(workflow.draft)
    run = Run(event=event, contact_id=contact.pk, workflow=workflow, vars={})
    noon = datetime(2027, 3, 10, 12, tzinfo=UTC)
    return RunContext(run, event, doc, doc.nodes["a1"], ActionRun().key, noon, dry=True)
