from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from contacts.models import Contact
from conversations import notices
from conversations.actions.user_notify import UserNotify
from conversations.models import ConsoleMessage, MailboxMail, ToldOutside
from conversations.notices import LIMIT
from conversations.tests.office import HANG_UP, Office
from triggers.models import ActionRun, Notice, Organisation, Run
from triggers.problems import Invalid
from triggers.run_context import RunContext
from triggers.running import calling
from triggers.sweeping import drain
from triggers.tests import make
from triggers.workflows import document

pytestmark = pytest.mark.django_db
TEXT = {"text": "{{ contact.name }} got the tag {{ event.tag }}."}


def told(contact: Contact | None = None, **config: Any) -> Run:
    """A run of a workflow that tells staff, taken as far as it goes."""
    workflow = make.workflow(make.action("a1", "user.notify", **TEXT, **config))
    make.tag(contact or make.contact())
    drain()
    return Run.objects.get(workflow=workflow)


def readers() -> list[str]:
    return list(Notice.objects.order_by("user__username").values_list("user__username", flat=True))


def test_tells_the_contacts_owner() -> None:
    contact = make.contact(owner=make.user())

    run = told(contact, assigned_user=True)

    notice = Notice.objects.get()
    assert (run.status, run.actions.get().summary) == ("done", "Told clara.")
    assert (notice.user.username, notice.text) == ("clara", "Anna got the tag VIP.")
    assert notice.link == contact.get_absolute_url()
    assert notice.read_at is None
    assert not MailboxMail.objects.exists()


def test_tells_each_person_once_however_often_they_are_meant() -> None:
    desk = Group.objects.create(name="Desk")
    owner = make.user("owner", is_superuser=True)
    owner.groups.add(desk)
    make.user("bob").groups.add(desk)
    make.user("eve")
    make.user("gone", is_superuser=True, is_active=False)

    told(make.contact(owner=owner), assigned_user=True, usernames=["owner", "eve"], group="Desk", superusers=True)

    assert readers() == ["bob", "eve", "owner"]


def test_nobody_to_tell_is_no_failure() -> None:
    run = told(make.contact(), assigned_user=True)

    assert (run.status, run.actions.get().status) == ("done", "skipped")
    assert run.actions.get().summary == "Nobody to tell: no active user fits."


def test_works_without_a_contact() -> None:
    make.user()
    action = UserNotify(text="An order came in", usernames=["clara"])
    ctx = context(make.contact())
    ctx.run.contact_id = None

    outcome = action.run(ctx)

    assert outcome.summary == "Told clara."
    assert (Notice.objects.get().text, Notice.objects.get().link) == ("An order came in", "")


def test_mails_all_of_them_at_once(mailbox: None, settings: object) -> None:
    settings.PUBLIC_URL = "https://crm.example.org"
    make.user("clara")
    make.user("bob")
    make.user("mailless")
    Notice.objects.all().delete()
    contact = make.contact()

    run = told(contact, usernames=["clara", "bob"], email=True, subject="Tag for {{ contact.name }}")

    mail = MailboxMail.objects.get()
    assert (mail.subject, mail.to_addresses) == ("Tag for Anna", "clara@example.org, bob@example.org")
    assert mail.text == f"Anna got the tag VIP.\n\nhttps://crm.example.org{contact.get_absolute_url()}\n"
    assert mail.message_id == f"<{run.actions.get().key.hex}@crm.example.org>"
    assert readers() == ["bob", "clara"]


def test_mail_alone_leaves_nothing_unread(mailbox: None) -> None:
    make.user()

    told(usernames=["clara"], in_app=False, email=True)

    assert MailboxMail.objects.get().subject == "Notice from Concours"
    assert not Notice.objects.filter(read_at=None).exists()


def test_who_has_no_address_gets_the_notice_alone(mailbox: None) -> None:
    user = make.user()
    user.email = ""
    user.save()

    run = told(usernames=["clara"], email=True)

    assert run.status == "done"
    assert readers() == ["clara"]
    assert not MailboxMail.objects.exists()


def test_a_notice_is_written_once_however_often_its_mail_is_tried(office: Office) -> None:
    make.user()
    office.answers["RCPT"] = "450 Busy"
    run = told(usernames=["clara"], email=True)
    assert run.status == "pending"
    assert readers() == ["clara"]

    office.answers["RCPT"] = HANG_UP
    drain(run.due_at)
    run.refresh_from_db()
    office.answers = {"DATA": HANG_UP}
    drain(run.due_at)
    run.refresh_from_db()
    office.answers = {}
    drain(run.due_at)

    run.refresh_from_db()
    assert run.status == "done"
    assert readers() == ["clara"]
    assert len({mail["Message-ID"] for mail in office.mails}) == 1


def test_a_sender_that_is_no_address_fails_with_what_to_do(mailbox: None) -> None:
    Organisation.objects.create(sender="nobody")
    make.user()

    run = told(usernames=["clara"], email=True)

    assert run.actions.get().error == "“nobody” is not one e-mail address. Write it like anna@example.org."
    assert readers() == ["clara"]


def test_a_lost_worker_repeats_the_mail_and_not_the_notice(mailbox: None, monkeypatch: pytest.MonkeyPatch) -> None:
    make.user()
    with monkeypatch.context() as dead:
        dead.setattr(calling, "record", lambda *args: None)
        run = told(usernames=["clara"], email=True)
    assert run.status == "running"

    drain(timezone.now() + timedelta(seconds=61))

    run.refresh_from_db()
    assert run.status == "done"
    assert readers() == ["clara"]
    assert MailboxMail.objects.get().times == 2


def test_beyond_the_hours_limit_one_mail_says_that_no_more_come(mailbox: None) -> None:
    make.user()
    config = {**TEXT, "usernames": ["clara"], "email": True}
    make.workflow(make.action("a1", "user.notify", **config))
    contact = make.contact()
    for n in range(LIMIT + 3):
        make.tag(contact, f"tag {n}")

    drain(timezone.now().replace(minute=30) + timedelta(days=1))

    subjects = list(MailboxMail.objects.order_by("pk").values_list("text", flat=True))
    assert len(subjects) == LIMIT + 1
    assert subjects[-1].startswith("There are many notices this hour. The further ones are in the admin: http")
    unread = Notice.objects.filter(read_at=None)
    assert unread.count() == LIMIT + 1
    assert unread.get(key__startswith="notify-more:").text.startswith("3 more notices this hour, among them: ")


@pytest.mark.parametrize(
    ("config", "field", "message"),
    [
        ({}, ("assigned_user",), "Choose whom to tell."),
        ({"superusers": True, "in_app": False}, ("in_app",), "Choose a notice, an e-mail, or both."),
        ({"usernames": ["clara", "nobody"]}, ("usernames", 1), "There is no user “nobody”."),
        ({"group": "Nobody"}, ("group",), "There is no group “Nobody”."),
        (
            {"addresses": ["ok@example.org", "no"]},
            ("addresses", 1),
            "“no” is not one e-mail address. Write it like anna@example.org.",
        ),
        (
            {"numbers": ["030 123"]},
            ("numbers", 0),
            "Enter the phone number with its country code, such as +49 30 123456, or choose a country.",
        ),
    ],
)
def test_what_cannot_work_is_not_published(config: dict[str, Any], field: tuple[Any, ...], message: str) -> None:
    make.user()

    with pytest.raises(Invalid) as caught:
        make.workflow(make.action("a1", "user.notify", **TEXT, **config))

    assert [(problem.path, problem.message) for problem in caught.value.problems] == [
        (("actions", 0, "config", *field), message)
    ]


def test_addresses_and_numbers_that_are_no_users_are_told_too(mailbox: None) -> None:
    run = told(addresses=["desk@example.org", "boss@example.org"], numbers=["+49 30 5555555"], in_app=False)

    assert run.actions.get().summary == "Told desk@example.org, boss@example.org, +49 30 5555555."
    mail = MailboxMail.objects.get()
    assert set(mail.to_addresses.split(", ")) == {"boss@example.org", "desk@example.org"}
    assert "desk@example.org" not in str(mail.headers)
    assert mail.text.startswith("Anna got the tag VIP.")
    text = ConsoleMessage.objects.get()
    assert (text.to_address, text.text, text.times) == ("+49305555555", "Anna got the tag VIP.", 1)
    assert not Notice.objects.exists()


def test_who_was_told_is_not_told_again_when_the_action_is_tried_again(mailbox: None) -> None:
    action = UserNotify(**TEXT, addresses=["desk@example.org"], numbers=["+49305555555"])
    ctx = context(make.contact())

    for _try in range(2):
        action.run(ctx)

    assert ConsoleMessage.objects.get().times == 1
    assert MailboxMail.objects.get().times == 1
    assert set(ToldOutside.objects.values_list("sent", flat=True)) == {True}


def test_beyond_the_hours_limit_an_address_gets_no_more(mailbox: None) -> None:
    make.workflow(make.action("a1", "user.notify", **TEXT, numbers=["+49305555555"], addresses=["desk@example.org"]))
    contact = make.contact()
    for n in range(LIMIT + 3):
        make.tag(contact, f"tag {n}")

    drain(timezone.now().replace(minute=30) + timedelta(days=1))

    assert ConsoleMessage.objects.count() == MailboxMail.objects.count() == LIMIT
    assert Run.objects.filter(status="done").count() == LIMIT + 3
    assert notices.purge(timezone.now() + timedelta(days=32)) == 2 * (LIMIT + 3)


def test_only_who_may_write_to_people_tells_addresses_and_numbers() -> None:
    assert UserNotify(**TEXT, superusers=True).needed() == ()
    assert UserNotify(**TEXT, addresses=["a@example.org"]).needed() == ("conversations.add_message",)
    assert UserNotify(**TEXT, numbers=["+49305555555"]).needed() == ("conversations.add_message",)


def test_preview_says_who_would_read_what_and_writes_nothing() -> None:
    make.user(first_name="Clara", last_name="Meyer")
    ctx = context(make.contact())

    assert UserNotify(**TEXT, usernames=["clara"]).preview(ctx) == "Tells Clara Meyer: Anna got the tag VIP."
    assert UserNotify(**TEXT, usernames=["bob"]).preview(ctx) == "Tells nobody: no active user fits."
    assert not Notice.objects.exists()


def test_only_mail_has_a_receiver_outside(office: Office) -> None:
    assert UserNotify(**TEXT, superusers=True).destination() == ""
    assert UserNotify(**TEXT, superusers=True, email=True).destination() == f"mail:127.0.0.1:{office.port}"


def context(contact: Contact) -> RunContext:
    make.tag(contact)
    event = make.last_event("contact.tag_added")
    doc = document.read(make.document(make.action("a1", "run.stop")))
    run = Run(event=event, contact_id=contact.pk, vars={})
    return RunContext(run, event, doc, doc.nodes["a1"], ActionRun().key, timezone.now(), dry=True)
