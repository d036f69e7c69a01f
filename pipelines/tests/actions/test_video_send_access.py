"""video.send_access: an e-mail that invites the lead to watch."""

import pytest

from contacts.tests.actions import play
from conversations.models import MailboxMail
from pipelines.tests.maps import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mailbox(settings: object) -> None:
    settings.EMAIL_BACKEND = "conversations.mailbox.MailboxBackend"  # type: ignore[attr-defined]


def test_it_mails_the_lead_and_activates_the_access() -> None:
    journey = make.assigned("V video v!")
    journey.video_access = False
    journey.save()

    done = play.perform("video.send_access", journey.contact, subject="Watch, {{ contact.first_name }}", text="Now")

    journey.refresh_from_db()
    mail = MailboxMail.objects.get()
    assert (done.status, mail.subject, mail.to_addresses) == ("done", "Watch, Anna", "anna@example.org")
    assert journey.video_access is True


def test_it_waits_for_an_address() -> None:
    journey = make.assigned("V video v!", email="")

    play.live("video.send_access")
    from contacts.tests import make as people
    from triggers import sweeping
    from triggers.models import ActionRun

    people.note(journey.contact)
    sweeping.drain()

    assert ActionRun.objects.get(action="video.send_access").status == "held"
    assert not MailboxMail.objects.exists()


def test_a_lead_in_no_map_gets_none() -> None:
    done = play.perform("video.send_access", make.lead())

    assert (done.status, done.summary) == ("skipped", "The lead stands in no map any more.")
    assert not MailboxMail.objects.exists()
