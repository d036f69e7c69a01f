"""`affiliate.create`: once, and with a code of one's own."""

import pytest

from affiliates.models import Affiliate
from affiliates.tests import make
from contacts.tests import make as contacts
from contacts.tests.actions import play
from triggers.action_types import Done

KEY = "affiliate.create"
pytestmark = pytest.mark.django_db


def test_it_is_done_once() -> None:
    mia = contacts.contact()

    done = play.perform(KEY, mia, "mia-cooks", status="pending", code="{{ event.body }}")
    again = play.perform(KEY, mia)

    row = Affiliate.objects.get()
    assert (row.contact, row.code, row.status) == (mia, "mia-cooks", "pending")
    assert done.summary == "Became an affiliate, with the code mia-cooks."
    assert done.result == {"affiliate_id": row.pk, "code": "mia-cooks"}
    assert again.summary == "Is an affiliate already: mia-cooks."


def test_a_preview_writes_nothing() -> None:
    assert play.simulate(KEY, contacts.contact())[0] == Done("Makes the contact an affiliate.")
    assert not Affiliate.objects.exists()


def test_a_code_that_is_taken_fails_it() -> None:
    make.affiliate("Jonas")

    done = play.perform(KEY, contacts.contact(), code="jonas")

    assert (done.status, "already exists" in done.error) == ("failed", True)
    assert Affiliate.objects.count() == 1
