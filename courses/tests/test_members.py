"""Links that sign in once and shortly, and the sessions that follow."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from contacts.models import Contact
from contacts.tests import make as contacts
from conversations.models import Message
from courses import granting, members
from courses.models import Access, Member
from courses.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_asked_yet() -> None:
    cache.clear()


def token_of(who: Contact, now: Any) -> str:
    number = Member.objects.filter(contact=who).values_list("link_number", flat=True).first() or 0
    address = members.link(who.pk, number, now)
    return address.rstrip("/").rpartition("/")[2]


def test_a_link_signs_in_once() -> None:
    anna, now = contacts.contact(), make.at(10)
    token = token_of(anna, now)

    member = members.sign_in(token, now)

    assert (member.contact, member.logins, member.last_login_at) == (anna, 1, now)
    with pytest.raises(members.NoLongerGood):
        members.sign_in(token, now)


def test_a_link_ends_after_its_minutes(settings: Any) -> None:
    settings.CONCOURS_LOGIN_LINK_MINUTES = 30
    anna, now = contacts.contact(), make.at(10)
    token = token_of(anna, now)

    assert members.read(token, now + timedelta(minutes=30)) == (anna, 0)
    with pytest.raises(members.NoLongerGood):
        members.read(token, now + timedelta(minutes=31))


@pytest.mark.parametrize("token", ["", "x", "{own}-0-1:abc", "{own}-0-99999999999:x", "{own}-0-{good}", "a-b-c:d"])
def test_a_forged_link_is_none_of_ours(token: str) -> None:
    anna, ben = contacts.contact(), contacts.contact(email="ben@example.org")
    # The moment and the signature of a good link of somebody else.
    good = token_of(ben, timezone.now()).rpartition("-")[2]
    token = token.format(own=anna.pk, good=good)

    assert members.read(token, timezone.now()) is None
    assert members.sign_in(token, timezone.now()) is None


def test_a_session_cannot_be_made_of_a_link() -> None:
    anna, now = contacts.contact(), make.at(10)
    member = members.sign_in(token_of(anna, now), now)

    assert members.of_session(token_of(anna, now), now) is None
    assert members.of_session(members.session(member, now), now) == member


def test_a_session_ends_after_thirty_days_and_when_signed_out() -> None:
    member, now = Member.objects.create(contact=contacts.contact()), make.at(10)
    value = members.session(member, now)

    assert members.of_session(value, now + timedelta(days=30)) == member
    assert members.of_session(value, now + timedelta(days=30, seconds=1)) is None
    members.sign_out(member)
    assert members.of_session(value, now) is None


def test_a_link_is_mailed_to_who_learns_here_alone() -> None:
    anna = make.learner(make.course(), email="anna@example.org", first_name="Anna")
    contacts.contact(email="nobody@example.org")

    for email in ("ANNA@example.org", "nobody@example.org", "unknown@example.org", "no address"):
        members.ask_for_link(email, timezone.now())

    mail = Message.objects.get()
    assert (mail.contact, mail.to_address, mail.category) == (anna, "anna@example.org", "transactional")
    assert "/learn/in/" in mail.text


def test_the_mail_is_in_the_readers_language() -> None:
    make.learner(make.course(), email="anna@example.org", language="de")

    members.ask_for_link("anna@example.org", timezone.now())

    assert Message.objects.get().subject.startswith("Ihre Kurse bei")


def test_nobody_gets_more_letters_than_a_person_asks_for() -> None:
    make.learner(make.course(), email="anna@example.org")
    now = timezone.now()

    for _time in range(5):
        members.ask_for_link("anna@example.org", now)

    assert Message.objects.count() == members.LETTERS


def test_a_contact_that_is_closed_to_mail_gets_none() -> None:
    make.learner(make.course(), email="anna@example.org", dnd={"all": True})

    members.ask_for_link("anna@example.org", timezone.now())

    assert not Message.objects.filter(status="queued").exists()


def test_signing_up_makes_the_contact_and_changes_none() -> None:
    known = contacts.contact(email="known@example.org", first_name="Kim")
    offer, now = make.offer(make.course(), open=True), timezone.now()

    new = members.sign_up(offer, "anna@example.org", "Anna Schmidt", now)
    members.sign_up(offer, "KNOWN@example.org", "Somebody Else", now)

    assert (new.first_name, new.last_name, new.source) == ("Anna", "Schmidt", "course")
    assert Contact.objects.get(pk=known.pk).first_name == "Kim"
    assert Contact.objects.count() == 2
    assert Message.objects.count() == 2


def test_whose_time_is_over_does_not_prolong_it_by_signing_up() -> None:
    product, now = make.course(), timezone.now()
    offer = make.offer(product, open=True, access_days=7)
    anna = members.sign_up(offer, "anna@example.org", "Anna", now - timedelta(days=8))

    members.sign_up(offer, "anna@example.org", "Anna", now)

    assert not granting.holds(anna.pk, product, now)
    assert Access.objects.get().grants == 1
