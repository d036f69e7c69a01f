"""`affiliate.enrol`: makes an affiliate where there is none, and goes on with the enrolment."""

import pytest

from affiliates.models import Affiliate, Enrolment
from affiliates.tests import make
from contacts.tests import make as contacts
from contacts.tests.actions import play
from triggers.action_types import Done
from triggers.models import Event

KEY = "affiliate.enrol"
pytestmark = pytest.mark.django_db


def test_it_is_done_once_and_told_once() -> None:
    mia, shop = contacts.contact(), make.campaign()

    done = play.perform(KEY, mia, campaign=shop.pk)
    again = play.perform(KEY, mia, campaign=shop.pk)

    row = Enrolment.objects.get()
    assert (row.affiliate.contact, row.affiliate.status) == (mia, "active")
    assert (done.summary, again.summary) == ("Enrolled in Shop.", "Was enrolled in Shop already.")
    assert done.result["link"] == row.referral_link
    assert Event.objects.filter(type="affiliate.campaign_enrolled").count() == 1


def test_a_closed_campaign_is_open_to_workflows() -> None:
    shop = make.campaign(open=False)

    assert play.perform(KEY, contacts.contact(), campaign=shop.pk).status == "done"


def test_a_preview_writes_nothing() -> None:
    shop = make.campaign()

    assert play.simulate(KEY, contacts.contact(), campaign=shop.pk)[0] == Done("Enrols the contact in Shop.")
    assert not Affiliate.objects.exists()


def test_a_campaign_that_was_deleted_fails_it() -> None:
    mia, shop = contacts.contact(), make.campaign()
    workflow = play.live(KEY, campaign=shop.pk)
    shop.delete()

    contacts.note(mia)
    done = play.drained(workflow)

    assert (done.status, done.error) == ("failed", "The campaign was deleted. Choose another.")
    assert not Affiliate.objects.exists()
