"""`affiliate.campaign_enrolled`: once for an affiliate and a campaign, with its links."""

import pytest

from affiliates import enrolling
from affiliates.events.affiliate_campaign_enrolled import AffiliateCampaignEnrolled, Which
from affiliates.tests import make
from contacts.tests import make as contacts
from conversations.models import Message
from triggers import registry, sweeping
from triggers import services as workflows
from triggers.tests.make import last_event

KEY = "affiliate.campaign_enrolled"
pytestmark = pytest.mark.django_db


def test_it_is_in_the_registry() -> None:
    assert registry.events[KEY] is AffiliateCampaignEnrolled


def test_named_campaigns_narrow_it() -> None:
    assert AffiliateCampaignEnrolled.narrow(Which()) is None
    assert AffiliateCampaignEnrolled.narrow(Which(campaigns=[3])) == {
        "field": "event.campaign_id", "op": "is_any_of", "value": [3],
    }  # fmt: skip


def test_a_workflow_starts_for_its_campaign_alone() -> None:
    jonas, ida = make.affiliate("Jonas"), make.affiliate("Ida")
    shop, fair = make.campaign(), make.campaign("Fair")
    workflows.publish(workflows.create("Tell", make.document(KEY, campaigns=[shop.pk])))

    for who, campaign in ((jonas, shop), (jonas, shop), (ida, fair)):
        enrolling.enrol(who, campaign)
    sweeping.drain()

    assert (contacts.tags_of(jonas.contact), contacts.tags_of(ida.contact)) == ({"Told"}, set())


def test_it_tells_who_was_enrolled_where() -> None:
    own, _is_new = enrolling.enrol(make.affiliate(), make.campaign())

    told = last_event(KEY)

    assert (told.contact_id, told.data["affiliate"], told.data["email"]) == (
        own.affiliate.contact_id, "Jonas", "jonas@example.org",
    )  # fmt: skip
    assert (told.data["campaign"], told.data["affiliate_enrolment_id"]) == ("Shop", own.pk)
    assert told.data["referral_link"].endswith("/r/jonas/shop/")
    assert "/affiliate/" not in str(told.data)


def test_its_run_may_name_the_links_and_what_was_earned() -> None:
    document = make.document(KEY)
    text = "{{ affiliate_enrolment.magic_link }} {{ affiliate_enrolment.portal_link }} {{ affiliate_enrolment.sales }}"
    mail = {"subject": "Your link", "text": text, "category": "transactional"}
    document["actions"] = [{"uid": "a1", "action": "email.send", "config": mail}]
    workflows.publish(workflows.create("Tell", document))

    enrolling.enrol(make.affiliate(), make.campaign())
    sweeping.drain()

    magic, portal, sales = Message.objects.get().text.split()
    assert portal.endswith("/affiliate/")
    assert magic.startswith(portal)
    assert sales == "0"
