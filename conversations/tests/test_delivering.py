import socket

import pytest
from django.core.mail import EmailMessage

from conversations.delivering import deliver, server
from conversations.gateways import Delivery
from conversations.tests.conftest import use
from conversations.tests.office import HANG_UP, Office, post_office
from triggers.action_types import Done, Fail, Hold, Retry, Unsure


def letter(**values: object) -> EmailMessage:
    return EmailMessage(
        **{"subject": "Hello", "body": "Hi", "from_email": "c@example.org", "to": ["a@example.org"], **values}
    )


def test_a_mail_the_server_takes_is_done(office: Office) -> None:
    assert deliver(letter()) == Delivery(Done())

    assert office.envelopes == [("c@example.org", ["a@example.org"])]


@pytest.mark.parametrize(
    ("phase", "reply", "outcome"),
    [
        ("MAIL", "451 Try later", Retry("127.0.0.1 did not take the mail for now: 451 Try later")),
        ("RCPT", "450 Mailbox busy", Retry("127.0.0.1 did not take the mail for now: 450 Mailbox busy")),
        ("RCPT", "421 Too many", Retry("127.0.0.1 did not take the mail for now: 421 Too many")),
        ("DATA", "452 Disk full", Retry("127.0.0.1 did not take the mail for now: 452 Disk full")),
        ("MAIL", "550 Not you", Fail("127.0.0.1 refused the mail: 550 Not you")),
        ("RCPT", "550 No such user", Fail("127.0.0.1 refused the mail: 550 No such user")),
        ("DATA", "554 Spam", Fail("127.0.0.1 refused the mail: 554 Spam")),
        (
            "MAIL",
            "530 Log in first",
            Hold("127.0.0.1 refused the user name or password: 530 Log in first. Correct them in EMAIL_URL."),
        ),
    ],
)
def test_what_the_servers_answer_means(office: Office, phase: str, reply: str, outcome: object) -> None:
    office.answers[phase] = reply

    delivery = deliver(letter())

    assert (delivery.outcome, delivery.code, delivery.reply) == (outcome, int(reply[:3]), reply[4:])
    assert delivery.bounced == (phase == "RCPT" and reply.startswith("5"))


@pytest.mark.parametrize("phase", ["MAIL", "RCPT"])
def test_a_connection_that_breaks_before_data_has_sent_nothing(office: Office, phase: str) -> None:
    office.answers[phase] = HANG_UP

    delivery = deliver(letter())

    assert delivery.outcome == Retry("127.0.0.1 did not take the mail for now: Connection unexpectedly closed")
    assert office.mails == []


def test_a_connection_that_breaks_after_data_leaves_it_open(office: Office) -> None:
    office.answers["DATA"] = HANG_UP

    delivery = deliver(letter())

    assert delivery.outcome == Unsure(
        "The connection to 127.0.0.1 broke while it took the mail, which may or may not have left."
    )
    assert len(office.mails) == 1


def test_a_server_that_is_not_there_has_sent_nothing(settings: object) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        use(settings, closed.getsockname()[1])

    outcome = deliver(letter()).outcome

    assert outcome == Retry("127.0.0.1 could not be reached: [Errno 111] Connection refused")


def test_a_name_that_leads_nowhere_has_sent_nothing(settings: object) -> None:
    use(settings, 25)
    settings.EMAIL_HOST = "mail.invalid"

    outcome = deliver(letter()).outcome

    assert isinstance(outcome, Retry)
    assert outcome.why.startswith("mail.invalid could not be reached: ")


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_refused_password_waits_for_a_person(settings: object) -> None:
    with post_office(password="right") as office:
        use(settings, office.port)
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "clara", "wrong"
        refused = deliver(letter())
        settings.EMAIL_HOST_PASSWORD = "right"
        accepted = deliver(letter())

    assert isinstance(refused.outcome, Hold)
    assert refused.outcome.until is None
    assert refused.code == 535
    assert accepted.outcome == Done()
    assert len(office.mails) == 1


def test_a_server_that_cannot_do_what_the_settings_ask_for_waits_for_a_person(office: Office, settings: object) -> None:
    settings.EMAIL_USE_TLS = True

    outcome = deliver(letter()).outcome

    assert isinstance(outcome, Hold)
    assert outcome.why == (
        "127.0.0.1 does not offer what EMAIL_URL asks for: STARTTLS extension not supported by server."
    )
    assert office.mails == []


def test_a_mail_that_cannot_be_written_fails(office: Office) -> None:
    outcome = deliver(letter(headers={"X-Name": "two\nlines"})).outcome

    assert isinstance(outcome, Fail)
    assert office.mails == []


@pytest.mark.django_db
def test_the_mailbox_takes_every_mail(mailbox: None) -> None:
    assert deliver(letter()) == Delivery(Done())


def test_the_receiver_is_the_mail_server_where_there_is_one(settings: object) -> None:
    use(settings, 2525)
    assert server() == "mail:127.0.0.1:2525"

    settings.EMAIL_BACKEND = "conversations.mailbox.MailboxBackend"
    assert server() == ""
