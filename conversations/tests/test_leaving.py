"""T31: whoever leaves, wherever their run is and however their address is written, gets nothing more.

That no send passes a gate asked after the opt-out committed is raced in `test_subscriptions.py`.
"""

import random
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.test import Client

from contacts.dedupe import merging
from contacts.models import Contact
from conversations.models import MailboxMail, Message, Suppression
from triggers.models import Run
from triggers.sweeping import drain
from triggers.tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
STEPS = 3
ADDRESS = "Anna.Berg@Example.org"
ONE_CLICK = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def _mailbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "conversations.mailbox.MailboxBackend"


def three_letters() -> None:
    """A letter, a day, a letter, a day, a letter."""
    letters = [
        make.action(f"m{n}", "email.send", subject=f"Letter {n}", text="Hello {{ contact.first_name }}")
        for n in range(STEPS)
    ]
    waits = [make.action(f"w{n}", "wait.duration", days=1) for n in range(STEPS - 1)]
    walk = [each for pair in zip(letters, waits, strict=False) for each in pair] + [letters[-1]]
    make.workflow(*walk, name="Letters")


def letters(mails: Any = None) -> list[str]:
    return list((mails or MailboxMail.objects).order_by("pk").values_list("subject", flat=True))


def headers(mail: MailboxMail) -> Any:
    return message_from_bytes(bytes(mail.raw), policy=policy.default)


def leave(mail: MailboxMail) -> None:
    """Unsubscribes as mail programs do, by the header alone."""
    link = headers(mail)["List-Unsubscribe"].strip(" <>")
    answer = Client(enforce_csrf_checks=True).post(
        link[link.index("/u/") :], "List-Unsubscribe=One-Click", content_type=ONE_CLICK
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("sent", range(1, STEPS + 1))
@pytest.mark.parametrize(
    "how", ["as it is", "written otherwise", "merged away", "survivor of a merge", "imported anew"]
)
def test_after_leaving_at_any_point_nothing_more_is_sent(sent: int, how: str) -> None:
    anna = make.contact(email=ADDRESS)
    three_letters()
    make.tag(anna)
    for step in range(sent):
        drain(NOW + step * DAY)
    assert letters() == [f"Letter {n}" for n in range(sent)]
    if how == "written otherwise":
        Contact.objects.filter(pk=anna.pk).update(email=ADDRESS.upper())
    elif how == "merged away":
        anna = merging.merge(make.contact(email="", first_name="Bea").pk, anna.pk).contact
    elif how == "survivor of a merge":
        merging.merge(anna.pk, make.contact(email="other@example.org", first_name="Bea").pk)

    leave(MailboxMail.objects.order_by("pk").last())

    if how == "imported anew":
        make.tag(make.contact(email=f"  {ADDRESS.swapcase()} ".strip()), "vip again")
        make.tag(make.contact(email=ADDRESS.lower()))
    for step in range(sent, sent + STEPS + 2):
        drain(NOW + step * DAY)
    assert len(letters()) == sent
    assert not Run.objects.filter(status__in=Run.ACTIVE).exists()
    assert set(Message.objects.exclude(status="sent").values_list("status", flat=True)) <= {"suppressed"}
    assert Suppression.objects.filter(address=ADDRESS.lower(), reason="unsubscribe").exists()


def test_every_marketing_mail_says_how_to_leave_in_both_headers() -> None:
    anna = make.contact(email=ADDRESS)
    three_letters()
    make.tag(anna)
    for step in range(STEPS):
        drain(NOW + step * DAY)

    found = [headers(mail) for mail in MailboxMail.objects.all()]

    assert len(found) == STEPS
    for each in found:
        assert each["List-Unsubscribe"].strip().startswith("<http")
        assert each["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert len({each["List-Unsubscribe"] for each in found}) == STEPS


@pytest.mark.parametrize("people", [12, pytest.param(1000, marks=pytest.mark.nightly)])
def test_leaving_and_coming_back_at_random_is_obeyed_at_each_letter(people: int) -> None:
    """Between any two letters each person may leave, come back, or do both."""
    chance = random.Random(31)
    three_letters()
    out: dict[int, bool] = {}
    for number in range(people):
        who = make.contact(email=f"Person{number}@Example.org", first_name=str(number))
        make.tag(who)
        out[who.pk] = False
    wanted = dict.fromkeys(out, 1)
    drain(NOW)
    first = {message.contact_id: message for message in Message.objects.all()}

    for step in range(1, STEPS):
        for pk in out:
            for _n in range(chance.choice([0, 1, 2])):
                out[pk] = not out[pk]
                act = {"List-Unsubscribe": "One-Click"} if out[pk] else {"action": "resubscribe"}
                assert Client().post(_page(first[pk]), act).status_code == 200
        drain(NOW + step * DAY)
        for pk in out:
            wanted[pk] += not out[pk]

    sent = Message.objects.filter(status="sent")
    assert {pk: sent.filter(contact=pk).count() for pk in out} == wanted
    assert 0 < sum(out.values()) < people


def _page(message: Message) -> str:
    from conversations.subscriptions import unsubscribe_url

    url = unsubscribe_url(message.key)
    return url[url.index("/u/") :]
