"""`affiliate.created`: from each of its sources, once."""

import pytest

from affiliates import enrolling
from affiliates.events.affiliate_created import AffiliateCreated
from affiliates.tests import make
from contacts.tests import make as contacts
from triggers import registry, sweeping
from triggers import services as workflows
from triggers.context import act_as
from triggers.tests.make import last_event

KEY = "affiliate.created"
pytestmark = pytest.mark.django_db


def test_it_is_in_the_registry() -> None:
    assert registry.events[KEY] is AffiliateCreated
    assert AffiliateCreated.section == "Affiliate Triggers"


def test_a_workflow_starts_for_whoever_became_one() -> None:
    mia = contacts.contact()
    workflows.publish(workflows.create("Tell", make.document(KEY)))

    with act_as(actor="user", actor_id="7"):
        enrolling.make(mia, code="mia-cooks")
        enrolling.make(mia)
    sweeping.drain()

    told = last_event(KEY)
    assert contacts.tags_of(mia) == {"Told"}
    assert (told.contact_id, told.data["code"], told.data["status"], told.data["by"]) == (
        mia.pk, "mia-cooks", "active", "user:7",
    )  # fmt: skip
    assert told.data["referral_link"].endswith("/r/mia-cooks/")
    assert told.data["affiliate_id"] == mia.affiliate.pk


def test_approving_somebody_makes_nobody() -> None:
    jonas = make.affiliate(status="pending")
    first = last_event(KEY)

    jonas.status = "active"
    jonas.save()

    assert last_event(KEY) == first
