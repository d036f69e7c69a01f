"""Fetching mail from a real IMAP server."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from conversations.inbound import polling
from conversations.models import Arrival, MailAccount, Message
from conversations.tests.imap_office import PASSWORD, USER, ImapOffice, imap_office
from conversations.tests.inbound.test_mails import letter
from triggers.models import Event
from triggers.sweeping import drain
from triggers.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server() -> Iterator[ImapOffice]:
    with imap_office() as opened:
        yield opened


@pytest.fixture
def account(server: ImapOffice, settings: Any) -> MailAccount:
    """An account on an empty folder that was asked once, so that what comes now is new."""
    settings.IMAP_PRIVATE_HOSTS = ["127.0.0.1"]
    made = MailAccount.objects.create(
        name="Desk", address="desk@crm.example.org", host="127.0.0.1", port=server.port, security="none",
        username=USER, password=PASSWORD, folder=server.folder(),
    )  # fmt: skip
    assert polling.poll(made, timezone.now()) == 0
    assert made.error == ""
    return made


def test_each_mail_is_taken_in_once_and_stays_unread_on_the_server(server: ImapOffice, account: MailAccount) -> None:
    make.contact()
    server.put(account.folder, letter(message_id="<1@x>"), letter(message_id="<2@x>", text="No"))

    assert polling.poll(account, timezone.now()) == 2
    assert polling.poll(account, timezone.now()) == 0
    server.put(account.folder, letter(message_id="<3@x>"))
    assert polling.poll(account, timezone.now()) == 1

    assert list(Message.objects.order_by("pk").values_list("message_id", flat=True)) == ["<1@x>", "<2@x>", "<3@x>"]
    assert Event.objects.filter(type="message.customer_replied").count() == 3
    assert server.unseen(account.folder) == 3


def test_mail_that_lay_there_before_is_not_fetched(server: ImapOffice, account: MailAccount) -> None:
    make.contact()
    folder = server.folder()
    server.put(folder, letter())
    MailAccount.objects.filter(pk=account.pk).update(folder=folder, uid_validity=None, last_uid=0)
    account.refresh_from_db()

    assert polling.poll(account, timezone.now()) == 0
    server.put(folder, letter(message_id="<2@x>"))
    assert polling.poll(account, timezone.now()) == 1

    assert Message.objects.get().message_id == "<2@x>"


def test_a_folder_that_is_numbered_anew_brings_nothing_twice(server: ImapOffice, account: MailAccount) -> None:
    make.contact()
    server.put(account.folder, letter(message_id=""), letter(message_id="<2@x>", text="No"))
    polling.poll(account, timezone.now())
    before = account.uid_validity

    server.renumber(account.folder)
    server.put(account.folder, letter(message_id="<3@x>"))
    polling.poll(account, timezone.now())

    assert account.uid_validity != before
    assert Message.objects.count() == 3


def test_old_mail_of_a_folder_that_is_numbered_anew_stays_out(server: ImapOffice, account: MailAccount) -> None:
    make.contact()
    server.renumber(account.folder)
    server.put(account.folder, letter(), at=datetime(2020, 1, 1, tzinfo=UTC))

    polling.poll(account, timezone.now())

    assert not Message.objects.exists()
    assert not Arrival.objects.exists()


def test_a_mail_that_breaks_is_put_down_and_the_next_goes_on(
    server: ImapOffice, account: MailAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.contact()
    real = polling.receive_mail

    def breaking(raw: bytes, *args: Any) -> Any:
        if b"<1@x>" in raw:
            raise ValueError("odd")
        return real(raw, *args)

    monkeypatch.setattr(polling, "receive_mail", breaking)
    server.put(account.folder, letter(message_id="<1@x>"), letter(message_id="<2@x>"))

    assert polling.poll(account, timezone.now()) == 2

    assert Message.objects.get().message_id == "<2@x>"
    assert Arrival.objects.get(kind="unreadable").reason == "It could not be taken in: ValueError('odd')"


def test_a_worker_lost_over_a_mail_fetches_it_again(
    server: ImapOffice, account: MailAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.contact()
    server.put(account.folder, letter())
    with monkeypatch.context() as dying:
        dying.setattr(polling, "receive_mail", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            polling.poll(account, timezone.now())

    account.refresh_from_db()
    polling.poll(account, timezone.now())

    assert Message.objects.count() == 1


def test_what_is_due_is_asked_with_everything_else(server: ImapOffice, account: MailAccount) -> None:
    make.contact()
    server.put(account.folder, letter())
    later = timezone.now() + timedelta(minutes=3)

    drain(later)

    account.refresh_from_db()
    assert Message.objects.count() == 1
    assert (account.polled_at, account.due_at) == (later, later + timedelta(minutes=2))


def test_a_wrong_password_is_told_and_asked_ever_more_rarely(account: MailAccount) -> None:
    now = timezone.now()
    account.password = "wrong-password"

    pauses = []
    for _try in range(3):
        polling.poll(account, now)
        pauses.append((account.due_at - now) // timedelta(minutes=1))

    assert account.error.startswith("127.0.0.1 refused the user name or password: ")
    assert "wrong-password" not in account.error
    assert pauses == [4, 8, 16]


def test_a_folder_that_is_missing_is_told(account: MailAccount) -> None:
    account.folder = "Nowhere"

    polling.poll(account, timezone.now())

    assert account.error.startswith("There is no folder “Nowhere”: ")


def test_a_server_that_is_away_is_told(account: MailAccount) -> None:
    account.port = 1

    polling.poll(account, timezone.now())

    assert account.error.startswith("127.0.0.1 could not be asked: ")


@pytest.mark.parametrize("folder", ['a" (evil', "a\r\nLOGOUT"])
def test_a_folders_name_cannot_become_a_command(account: MailAccount, folder: str) -> None:
    account.folder = folder

    polling.poll(account, timezone.now())

    assert account.error == "The folder's name holds a quote or a control character."


def test_a_private_server_is_not_asked_unless_the_settings_name_it(account: MailAccount, settings: Any) -> None:
    settings.IMAP_PRIVATE_HOSTS = []
    account.port = 143

    polling.poll(account, timezone.now())

    assert "is not a public address" in account.error


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"host": "http://imap.example.org"}, "host"), ({"host": ""}, "host"), ({"port": 22}, "host"),
        ({"password": ""}, "password"), ({"every_minutes": 0}, "every_minutes"),
    ],
)  # fmt: skip
def test_an_account_is_checked_when_it_is_saved(values: dict[str, Any], field: str) -> None:
    account = MailAccount(
        **{
            "name": "Desk", "address": "desk@example.org", "host": "imap.example.org", "username": "u",
            "password": "p", **values,
        }
    )  # fmt: skip

    with pytest.raises(ValidationError) as caught:
        account.full_clean()

    assert field in caught.value.message_dict
